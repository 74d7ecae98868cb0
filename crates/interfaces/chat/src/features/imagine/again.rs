//! Making a request again, from under its result.

use generation::{Intent, Prompt};
use kernel::ImageCount;

use super::Subject;
use super::wish::{Wish, look_ahead, request, show_progress};
use crate::callback::{AgainSource, Repeat};
use crate::error::HandlerError;
use crate::features::gallery::refresh_keyboard;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::PressAnswer;

/// Makes a request again, with a progress message of its own. The button is shown anew with another nonce, so that the
/// next press is the next request, and a repeated one is not.
pub(crate) async fn again(
    talk: &Talk<'_>,
    message: &PressedMessage,
    repeat: Repeat,
) -> Result<PressAnswer, HandlerError> {
    let refresh = || refresh_keyboard(talk, message, repeat.surface, repeat.source);
    let key = Intent::button(repeat.nonce);
    if talk.chat.ports.generation.answer_to(talk.account.id, &key).await?.is_some() {
        refresh().await?;
        return Ok(PressAnswer::Toast(talk.texts.already_drawn_again()));
    }
    let Some(wish) = wish(talk, &repeat).await? else {
        return Ok(PressAnswer::Alert(talk.texts.image_gone()));
    };
    if let Some(obstacle) = look_ahead(talk, &wish).await? {
        refresh().await?;
        return Ok(PressAnswer::Alert(obstacle.words(talk)));
    }
    let progress = show_progress(talk, Place::New, repeat.nonce).await?;
    let answer = match request(talk, &wish, progress).await? {
        Ok(()) => PressAnswer::Silent,
        Err(obstacle) => {
            talk.remove(progress).await?;
            PressAnswer::Alert(obstacle.words(talk))
        }
    };
    // The request stands whether the button could be shown anew or not.
    if let Err(error) = refresh().await {
        tracing::info!(%error, "a button was not shown anew");
    }
    Ok(answer)
}

async fn wish(talk: &Talk<'_>, repeat: &Repeat) -> Result<Option<Wish>, HandlerError> {
    let (prompt, aspect_ratio, count, likeness) = match repeat.source {
        AgainSource::Image(item) => {
            let Some(item) = talk.chat.ports.gallery.item(talk.account.id, item).await? else {
                return Ok(None);
            };
            // What was drawn once is a description; a stored one that is none is not drawn again.
            let Ok(prompt) = Prompt::new(&item.kept.prompt) else {
                return Ok(None);
            };
            let likeness = Subject::of_avatar(item.kept.avatar).likeness;
            (prompt, item.kept.aspect_ratio, ImageCount::ONE, likeness)
        }
        AgainSource::Request(id) => {
            let Some(generation) = talk.chat.ports.generation.find(talk.account.id, id).await? else {
                return Ok(None);
            };
            let request = generation.request;
            (request.prompt, request.aspect_ratio, request.count, request.likeness)
        }
    };
    // Another image, so another seed.
    let subject = Subject { likeness, seed: None };
    Ok(Some(Wish {
        nonce: repeat.nonce,
        prompt,
        aspect_ratio,
        count,
        subject,
        unit_price: repeat.unit_price,
    }))
}

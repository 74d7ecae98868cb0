//! The paid button of an offer.

use generation::Intent;

use super::Subject;
use super::offer::{description, show_offer};
use super::wish::{Obstacle, Wish, look_ahead, request, show_progress};
use crate::callback::OfferChoice;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::PressAnswer;

/// Takes an offer: it becomes the progress message, and the request is under way. Pressed twice, or handled again after
/// a crash, it is one request: the nonce on the button is its key.
pub(crate) async fn draw(
    talk: &Talk<'_>,
    message: &PressedMessage,
    choice: OfferChoice,
) -> Result<PressAnswer, HandlerError> {
    let key = Intent::button(choice.nonce);
    if talk.chat.ports.generation.answer_to(talk.account.id, &key).await?.is_some() {
        return Ok(PressAnswer::Toast(talk.texts.already_taken()));
    }
    let Some(prompt) = description(talk, message, &choice).await else {
        return Ok(PressAnswer::Alert(talk.texts.prompt_lost()));
    };
    let wish = Wish {
        nonce: choice.nonce,
        prompt,
        aspect_ratio: choice.aspect_ratio,
        count: choice.count,
        subject: Subject::of_offer(&choice),
        unit_price: choice.unit_price,
    };
    if let Some(obstacle) = look_ahead(talk, &wish).await? {
        return offer_anew(talk, message, &wish, choice, obstacle).await;
    }
    // The message is edited before the request is made: afterwards a worker may be editing it already.
    let progress = show_progress(talk, Place::Instead(message), choice.nonce).await?;
    match request(talk, &wish, progress).await? {
        Ok(()) => Ok(PressAnswer::Silent),
        Err(obstacle) => offer_anew(talk, &talk.text_message(progress), &wish, choice, obstacle).await,
    }
}

/// Says what stands in the way, and shows the offer as it is now: it may show progress, after an earlier try that was
/// interrupted.
async fn offer_anew(
    talk: &Talk<'_>,
    message: &PressedMessage,
    wish: &Wish,
    choice: OfferChoice,
    obstacle: Obstacle,
) -> Result<PressAnswer, HandlerError> {
    let choice = OfferChoice { unit_price: obstacle.price_after(choice.unit_price), ..choice };
    show_offer(talk, Place::Instead(message), &wish.prompt, &choice).await?;
    Ok(PressAnswer::Alert(obstacle.words(talk)))
}

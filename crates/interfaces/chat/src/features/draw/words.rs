//! Pictures from the person's own words.

use kernel::AvatarId;

use super::back;
use super::menu::{drawable, invite, main_or_newest};
use crate::error::HandlerError;
use crate::features::imagine::{self, Subject};
use crate::handlers::{Place, Talk};
use crate::memory::Awaited;
use crate::screens;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};
use crate::words::Html;

/// `/draw` with words: offers to draw the main avatar so. Without any avatar the words wait for one.
pub(crate) async fn with_words(talk: &Talk<'_>, text: &str) -> Result<(), HandlerError> {
    if let Some(avatar) = main_or_newest(talk).await? {
        return imagine::offer_at(talk, Place::New, text, Subject::of_avatar(Some(avatar.id))).await;
    }
    let mut memory = talk.recall().await;
    memory.portrait = Some(text.to_owned());
    talk.remember(&memory).await;
    invite(talk, Place::New).await
}

/// Asks for a description.
pub(super) async fn ask(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let Some(avatar) = drawable(talk, id).await? else {
        return Ok(PressAnswer::Alert(talk.texts.no_avatar()));
    };
    let text = talk.texts.ask_words(&screens::avatar_name(talk.texts, &avatar));
    talk.show(place, &TextMessage::new(text, Keyboard::none().row([back(talk, id)]))).await?;
    await_words(talk, Some(id), None).await;
    Ok(PressAnswer::Silent)
}

/// The next words describe a picture.
pub(super) async fn await_words(talk: &Talk<'_>, avatar: Option<AvatarId>, seed: Option<u32>) {
    let mut memory = talk.recall().await;
    memory.awaited = Some(Awaited::Words { avatar, seed });
    talk.remember(&memory).await;
}

/// Offers to draw what was asked for. An avatar that is gone meanwhile is said to be.
pub(crate) async fn take_words(
    talk: &Talk<'_>,
    avatar: Option<AvatarId>,
    seed: Option<u32>,
    text: &str,
) -> Result<(), HandlerError> {
    let mut memory = talk.recall().await;
    memory.awaited = None;
    talk.remember(&memory).await;
    if let Some(id) = avatar
        && drawable(talk, id).await?.is_none()
    {
        talk.say(Html::escaped(&talk.texts.no_avatar())).await?;
        return imagine::offer(talk, text).await;
    }
    imagine::offer_at(talk, Place::New, text, Subject { seed, ..Subject::of_avatar(avatar) }).await
}

/// An avatar is ready: what its person wanted before they had one is offered.
pub(crate) async fn offer_what_waited(talk: &Talk<'_>, id: AvatarId) -> Result<(), HandlerError> {
    let mut memory = talk.recall().await;
    let Some(text) = memory.portrait.take() else {
        return Ok(());
    };
    talk.remember(&memory).await;
    imagine::offer_at(talk, Place::New, &text, Subject::of_avatar(Some(id))).await
}

//! Who is to be drawn, and from what.

use avatar::Avatar;
use kernel::AvatarId;

use super::{button, words};
use crate::callback::{CallbackData, PortraitButton, WizardButton};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::screens;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::Html;

/// Offers to draw the main avatar, else the newest one; without any, to make one.
pub(crate) async fn open(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    match main_or_newest(talk).await? {
        Some(avatar) => show(talk, place, &avatar).await,
        None => invite(talk, place).await,
    }
}

/// Offers to draw an avatar.
pub(super) async fn with(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    match drawable(talk, id).await? {
        Some(avatar) => {
            show(talk, place, &avatar).await?;
            Ok(PressAnswer::Silent)
        }
        None => pick(talk, place).await.map(|_| PressAnswer::Toast(talk.texts.no_avatar())),
    }
}

/// Asks who is to be drawn.
pub(super) async fn pick(talk: &Talk<'_>, place: Place<'_>) -> Result<PressAnswer, HandlerError> {
    let all = who_may_be_drawn(talk).await?;
    if all.is_empty() {
        invite(talk, place).await?;
        return Ok(PressAnswer::Silent);
    }
    let mut keyboard = Keyboard::none();
    for avatar in &all {
        let label = talk.texts.button_with_avatar(&screens::avatar_name(talk.texts, avatar));
        keyboard = keyboard.row([button(label, PortraitButton::With { avatar: avatar.id })]);
    }
    let keyboard = keyboard.row(menu_row(talk.texts));
    talk.show(place, &TextMessage::new(talk.texts.pick_avatar(), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// The person's avatars that can be drawn, the newest first.
pub(crate) async fn who_may_be_drawn(talk: &Talk<'_>) -> Result<Vec<Avatar>, HandlerError> {
    let all = talk.chat.ports.avatars.list(talk.account.id).await?;
    Ok(all.into_iter().filter(Avatar::can_be_drawn).collect())
}

/// The main avatar, else the newest one that can be drawn.
pub(super) async fn main_or_newest(talk: &Talk<'_>) -> Result<Option<Avatar>, HandlerError> {
    let main = talk.chat.ports.avatars.main(talk.account.id).await?.filter(Avatar::can_be_drawn);
    match main {
        Some(main) => Ok(Some(main)),
        None => Ok(who_may_be_drawn(talk).await?.into_iter().next()),
    }
}

/// An avatar of this person, if it can be drawn.
pub(super) async fn drawable(talk: &Talk<'_>, id: AvatarId) -> Result<Option<Avatar>, HandlerError> {
    let found = talk.chat.ports.avatars.find(talk.account.id, id).await?;
    Ok(found.filter(Avatar::can_be_drawn))
}

/// Says that an avatar is needed, and offers the quickest way to one.
pub(super) async fn invite(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let kept = talk.recall().await.portrait.is_some().then(|| texts.draw_invite_kept());
    let text = Html::paragraphs([Some(texts.draw_invite()), kept].into_iter().flatten());
    let new = |label: String| Button::press(label, CallbackData::Wizard(WizardButton::New));
    let keyboard = Keyboard::none().row([new(texts.button_instant_avatar())]).row(menu_row(texts));
    talk.show(place, &TextMessage::new(text, keyboard)).await?;
    Ok(())
}

async fn show(talk: &Talk<'_>, place: Place<'_>, avatar: &Avatar) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let id = avatar.id;
    let others = (who_may_be_drawn(talk).await?.len() > 1)
        .then(|| button(texts.button_other_avatar(), PortraitButton::PickAvatar));
    let keyboard = Keyboard::none()
        .row([button(texts.button_own_words(), PortraitButton::OwnWords { avatar: id })])
        .row([
            button(texts.button_styles(), PortraitButton::Packs { avatar: id }),
            button(texts.button_from_photo(), PortraitButton::FromPhoto { avatar: id }),
        ])
        .row(others)
        .row(menu_row(texts));
    let text = texts.draw_menu(&screens::avatar_name(texts, avatar));
    talk.show(place, &TextMessage::new(text, keyboard)).await?;
    // Whoever writes now means this picture.
    words::await_words(talk, Some(id), None).await;
    Ok(())
}

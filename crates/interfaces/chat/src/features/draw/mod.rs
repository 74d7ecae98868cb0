//! Pictures of the person's avatars: in their own words, in a style, or after a photo.

mod menu;
mod reference;
mod seed;
mod styles;
mod words;

use kernel::AvatarId;

use crate::callback::PortraitButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::PressAnswer;

pub(crate) use menu::{open, who_may_be_drawn};
pub(crate) use reference::take_photo;
pub(crate) use seed::same_seed;
pub(crate) use words::{offer_what_waited, take_words, with_words};

/// A button on the way to a picture of an avatar.
pub(crate) async fn press(
    talk: &Talk<'_>,
    message: &PressedMessage,
    button: PortraitButton,
) -> Result<PressAnswer, HandlerError> {
    let here = Place::Instead(message);
    match button {
        PortraitButton::Open => open(talk, here).await.map(|()| PressAnswer::Silent),
        PortraitButton::With { avatar } => menu::with(talk, here, avatar).await,
        PortraitButton::PickAvatar => menu::pick(talk, here).await,
        PortraitButton::OwnWords { avatar } => words::ask(talk, here, avatar).await,
        PortraitButton::Packs { avatar } => styles::show_packs(talk, here, avatar).await,
        PortraitButton::Pack { avatar, pack } => styles::show_pack(talk, here, avatar, pack).await,
        PortraitButton::Style { avatar, style } => styles::offer(talk, avatar, style).await,
        PortraitButton::FromPhoto { avatar } => reference::ask(talk, here, avatar).await,
    }
}

fn button(label: impl Into<String>, button: PortraitButton) -> crate::telegram::Button {
    crate::telegram::Button::press(label, crate::callback::CallbackData::Portrait(button))
}

/// The way back to what can be done with an avatar.
fn back(talk: &Talk<'_>, avatar: AvatarId) -> crate::telegram::Button {
    button(talk.texts.button_back(), PortraitButton::With { avatar })
}

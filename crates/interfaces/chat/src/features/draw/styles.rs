//! Pictures in a style: packs, their styles, and the offer with the style's description.

use avatar::KindName;
use kernel::AvatarId;

use super::menu::drawable;
use super::{back, button};
use crate::callback::{PortraitButton, StyleCode};
use crate::error::HandlerError;
use crate::features::imagine::{self, Subject};
use crate::handlers::{Place, Talk};
use crate::screens;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};

/// Packs or styles in a row of buttons.
const IN_A_ROW: usize = 2;

/// Shows the packs.
pub(super) async fn show_packs(
    talk: &Talk<'_>,
    place: Place<'_>,
    avatar: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    if drawable(talk, avatar).await?.is_none() {
        return Ok(PressAnswer::Alert(talk.texts.no_avatar()));
    }
    let language = talk.texts.language;
    let buttons = talk
        .chat
        .ports
        .styles
        .packs()
        .iter()
        .map(|pack| button(pack.title(language), PortraitButton::Pack { avatar, pack: pack.code() }));
    let keyboard = in_rows(buttons.collect()).row([back(talk, avatar)]);
    talk.show(place, &TextMessage::new(talk.texts.packs_title(), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// Shows the styles of a pack.
pub(super) async fn show_pack(
    talk: &Talk<'_>,
    place: Place<'_>,
    avatar: AvatarId,
    code: StyleCode,
) -> Result<PressAnswer, HandlerError> {
    let Some(pack) = talk.chat.ports.styles.pack(code) else {
        show_packs(talk, place, avatar).await?;
        return Ok(PressAnswer::Toast(talk.texts.style_gone()));
    };
    let language = talk.texts.language;
    let buttons = pack
        .styles()
        .map(|(style, entry)| button(entry.title(language), PortraitButton::Style { avatar, style }));
    let packs = button(talk.texts.button_back(), PortraitButton::Packs { avatar });
    let keyboard = in_rows(buttons.collect()).row([packs]);
    talk.show(place, &TextMessage::new(talk.texts.pack_title(pack.title(language)), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// Offers a picture in a style, in a message of its own, so that the styles stay at hand.
pub(super) async fn offer(
    talk: &Talk<'_>,
    id: AvatarId,
    code: StyleCode,
) -> Result<PressAnswer, HandlerError> {
    let Some(avatar) = drawable(talk, id).await? else {
        return Ok(PressAnswer::Alert(talk.texts.no_avatar()));
    };
    let Some(style) = talk.chat.ports.styles.style(code) else {
        return Ok(PressAnswer::Alert(talk.texts.style_gone()));
    };
    // Who it is goes before the description when it is drawn.
    let subject = match screens::kind_of(&avatar) {
        KindName::Portrait | KindName::Instant => "this person",
        KindName::Style => "a person",
    };
    let description = style.describe(subject);
    imagine::offer_at(talk, Place::New, &description, Subject::of_avatar(Some(id))).await?;
    Ok(PressAnswer::Silent)
}

fn in_rows(buttons: Vec<crate::telegram::Button>) -> Keyboard {
    let mut keyboard = Keyboard::none();
    let mut buttons = buttons.into_iter().peekable();
    while buttons.peek().is_some() {
        keyboard = keyboard.row(buttons.by_ref().take(IN_A_ROW));
    }
    keyboard
}

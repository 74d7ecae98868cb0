//! Deleting an avatar, which is asked about first.

use kernel::AvatarId;

use super::avatar_button;
use crate::callback::AvatarButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::screens;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};
use crate::words::Html;

/// Asks, in a message of its own, and says what goes and what stays.
pub(super) async fn ask(talk: &Talk<'_>, id: AvatarId) -> Result<PressAnswer, HandlerError> {
    let texts = talk.texts;
    let Some(avatar) = talk.chat.ports.avatars.find(talk.account.id, id).await? else {
        return Ok(PressAnswer::Alert(texts.avatar_gone()));
    };
    let kind = if screens::kind_of(&avatar).is_trained() { "trained" } else { "instant" };
    let is_training = avatar.state.name().is_under_way();
    let lines = [
        Some(texts.ask_avatar_deletion(&screens::avatar_name(texts, &avatar))),
        Some(texts.avatar_deletion_goes(kind)),
        is_training.then(|| texts.avatar_deletion_training()),
        Some(texts.avatar_deletion_stays()),
    ];
    let keyboard = Keyboard::none()
        .row([avatar_button(texts.button_delete_avatar_surely(), AvatarButton::Delete { avatar: id })])
        .row([avatar_button(texts.button_keep(), AvatarButton::Close)]);
    talk.send(&TextMessage::new(Html::lines(lines.into_iter().flatten()), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// Deletes it. A receipt follows once everything is gone.
pub(super) async fn delete(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let is_deleted =
        talk.chat.ports.avatars.delete(talk.account.id, id).await.map_err(HandlerError::Avatar)?;
    let keyboard = Keyboard::none()
        .row([avatar_button(talk.texts.button_avatars(), AvatarButton::List)])
        .row(menu_row(talk.texts));
    talk.show(place, &TextMessage::new(talk.texts.avatar_deleted(), keyboard)).await?;
    Ok(if is_deleted { PressAnswer::Silent } else { PressAnswer::Toast(talk.texts.avatar_gone()) })
}

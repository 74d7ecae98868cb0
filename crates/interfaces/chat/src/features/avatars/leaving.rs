//! Leaving the way to a new avatar. What is asked depends on what would be lost.

use avatar::{Avatar, WizardStep};
use kernel::AvatarId;

use super::wizard::{draft_gone, find_draft};
use super::wizard_button;
use crate::callback::WizardButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};

/// Asks whether to discard a draft.
pub(super) async fn ask(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        return Ok(draft_gone(talk));
    };
    let question = question(talk, &draft).await?;
    talk.show(place, &question).await?;
    Ok(PressAnswer::Silent)
}

/// The same in a message of its own, for the person's latest draft; nothing without one.
pub(crate) async fn mention_draft(talk: &Talk<'_>) -> Result<bool, HandlerError> {
    let Some(draft) = talk.chat.ports.avatars.draft(talk.account.id).await? else {
        return Ok(false);
    };
    let question = question(talk, &draft).await?;
    talk.send(&question).await?;
    Ok(true)
}

async fn question(talk: &Talk<'_>, draft: &Avatar) -> Result<TextMessage, HandlerError> {
    let texts = talk.texts;
    let avatar = draft.id;
    let accepted = talk.chat.ports.avatars.collection(draft).await?.accepted;
    let back = wizard_button(texts.button_back(), WizardButton::Resume { avatar });
    let discard = |label: String| wizard_button(label, WizardButton::Discard { avatar });
    let keep = wizard_button(texts.button_keep_draft(), WizardButton::KeepForLater);
    if draft.weights.is_some() {
        let keyboard =
            Keyboard::none().row([discard(texts.button_discard_retraining())]).row([keep]).row([back]);
        return Ok(TextMessage::new(texts.ask_discard_retraining(), keyboard));
    }
    let text = match draft.step {
        WizardStep::Photos | WizardStep::Preset | WizardStep::Confirm if accepted > 0 => {
            texts.ask_discard_photos(accepted)
        }
        _ => texts.ask_discard_early(),
    };
    let keyboard = Keyboard::none().row([discard(texts.button_discard()), keep]).row([back]);
    Ok(TextMessage::new(text, keyboard))
}

/// Discards a draft with its photos; an avatar that was to be trained again stays as it was.
pub(super) async fn discard(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        return Ok(draft_gone(talk));
    };
    if !talk.chat.ports.avatars.discard_draft(talk.account.id, id).await? {
        return Ok(draft_gone(talk));
    }
    forget(talk).await;
    if let Some(leafing) = draft.leafing_message {
        talk.remove(leafing).await?;
    }
    let text =
        if draft.weights.is_some() { talk.texts.retraining_dropped() } else { talk.texts.draft_discarded() };
    talk.show(place, &TextMessage::new(text, Keyboard::none().row(menu_row(talk.texts)))).await?;
    Ok(PressAnswer::Silent)
}

/// Leaves the draft as it is.
pub(super) async fn keep_for_later(talk: &Talk<'_>, place: Place<'_>) -> Result<PressAnswer, HandlerError> {
    forget(talk).await;
    let keyboard = Keyboard::none().row(menu_row(talk.texts));
    talk.show(place, &TextMessage::new(talk.texts.draft_kept(), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// The next words are not for the draft any more.
async fn forget(talk: &Talk<'_>) {
    let mut memory = talk.recall().await;
    memory.awaited = None;
    memory.avatar_photos.clear();
    talk.remember(&memory).await;
}

//! What is kept, and until when.

use crate::callback::{CallbackData, ErasureStep};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::screens::privacy;
use crate::telegram::{Button, Keyboard, TextMessage};

/// Says what is kept and until when, with the ways to have it and to have it erased.
pub(crate) async fn show(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let inventory = talk.chat.ports.privacy.inventory(talk.account.id).await?;
    let policy = talk.chat.ports.avatars.policy();
    let texts = talk.texts;
    let nonce = talk.chat.ports.ids.random();
    let keyboard = Keyboard::none()
        .row([Button::press(texts.button_export(), CallbackData::Export { nonce })])
        .row([Button::press(texts.button_erase_everything(), CallbackData::Erasure(ErasureStep::Ask))])
        .row(menu_row(texts));
    let retention = privacy::Retention {
        photos: policy.photo_retention,
        drafts: policy.draft_retention,
        deleted_images: talk.chat.ports.gallery.undo(),
    };
    talk.show(place, &TextMessage::new(privacy::page(texts, &inventory, retention), keyboard)).await?;
    Ok(())
}

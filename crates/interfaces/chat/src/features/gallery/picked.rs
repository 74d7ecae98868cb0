//! What is done with several images at once: deleting, taking that back, and packing them into a file.

use account::{ExportScope, NewExport};
use kernel::{Audience, GalleryItemId, Intent};

use super::deletion::undo_hours;
use super::several;
use crate::callback::{CallbackData, GalleryView, PickStep};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::menu_row;
use crate::memory::Picks;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};

/// Asks whether to delete what is chosen.
pub(super) async fn ask_deletion(
    talk: &Talk<'_>,
    message: &PressedMessage,
    view: GalleryView,
    page: u8,
) -> Result<PressAnswer, HandlerError> {
    let picks = talk.recall().await.picks;
    if picks.is_empty() {
        several::show(talk, message, view, page).await?;
        return Ok(PressAnswer::Toast(talk.texts.nothing_picked()));
    }
    let texts = talk.texts;
    let nonce = talk.chat.ports.ids.random();
    let keyboard = Keyboard::none()
        .row([Button::press(
            texts.button_delete_picked_surely(picks.len()),
            CallbackData::Pick(PickStep::Delete { nonce, view }),
        )])
        .row([Button::press(texts.button_keep_picked(), CallbackData::Pick(PickStep::Page { view, page }))]);
    let question = TextMessage::new(texts.delete_picked_question(picks.len(), undo_hours(talk)), keyboard);
    talk.show(Place::Instead(message), &question).await?;
    Ok(PressAnswer::Silent)
}

/// Deletes what is chosen. Pressed twice, it is one deletion: the nonce says which.
pub(super) async fn delete(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
    view: GalleryView,
) -> Result<PressAnswer, HandlerError> {
    let mut memory = talk.recall().await;
    let items = match memory.deletion(nonce) {
        Some(earlier) => earlier.to_vec(),
        None => memory.picks.take(),
    };
    if items.is_empty() {
        several::show(talk, message, view, 0).await?;
        return Ok(PressAnswer::Toast(talk.texts.nothing_picked()));
    }
    // Remembered first: what was deleted can be brought back, wherever this is interrupted.
    memory.remember_deletion(nonce, &items);
    talk.remember(&memory).await;
    talk.chat.ports.gallery.delete(talk.account.id, &items).await?;
    let texts = talk.texts;
    let keyboard = Keyboard::none()
        .row([
            Button::press(texts.button_restore(), CallbackData::RestorePicked { nonce }),
            Button::press(texts.button_erase_now(), CallbackData::ErasePicked { nonce }),
        ])
        .row([Button::press(texts.button_open_gallery(), CallbackData::OpenGallery { view })]);
    let notice = TextMessage::new(texts.picked_deleted(items.len(), undo_hours(talk)), keyboard);
    talk.show(Place::Instead(message), &notice).await?;
    Ok(PressAnswer::Silent)
}

/// Brings back what was deleted at once.
pub(crate) async fn restore_picked(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
) -> Result<PressAnswer, HandlerError> {
    let Some(items) = remembered(talk, nonce).await else {
        return Ok(PressAnswer::Alert(talk.texts.too_late_to_restore()));
    };
    talk.chat.ports.gallery.restore(talk.account.id, &items).await?;
    // Counted anew: pressed twice, they are there already.
    let mut back = 0_usize;
    for item in &items {
        back += usize::from(talk.chat.ports.gallery.item(talk.account.id, *item).await?.is_some());
    }
    if back == 0 {
        return Ok(PressAnswer::Alert(talk.texts.too_late_to_restore()));
    }
    let notice = TextMessage::new(talk.texts.picked_restored(back), gallery_door(talk));
    talk.show(Place::Instead(message), &notice).await?;
    Ok(PressAnswer::Silent)
}

/// Removes for good what was deleted at once.
pub(crate) async fn erase_picked(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
) -> Result<PressAnswer, HandlerError> {
    let Some(items) = remembered(talk, nonce).await else {
        return Ok(PressAnswer::Alert(talk.texts.deletion_forgotten()));
    };
    talk.chat.ports.gallery.erase_now(talk.account.id, &items).await?;
    let notice = TextMessage::new(talk.texts.picked_erased(), gallery_door(talk));
    talk.show(Place::Instead(message), &notice).await?;
    Ok(PressAnswer::Silent)
}

/// Packs what is chosen into one file. Pressed twice, it is one file: the nonce is the key of the wish.
pub(super) async fn download(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
) -> Result<PressAnswer, HandlerError> {
    let items = talk.recall().await.picks.chosen;
    if items.is_empty() {
        return Ok(PressAnswer::Alert(talk.texts.nothing_picked()));
    }
    let waiting = TextMessage::plain(talk.texts.packing_images(items.len()));
    // The message is edited before the file is asked for: afterwards a worker may be editing it already.
    let progress = talk.show(Place::Instead(message), &waiting).await?;
    let export = NewExport {
        account: talk.account.id,
        intent: Intent::button(nonce),
        scope: ExportScope::Images { items },
        language: talk.texts.language,
        audience: Audience { chat: talk.room, progress_message: Some(progress) },
    };
    talk.chat.ports.privacy.request_export(&export).await?;
    let mut memory = talk.recall().await;
    memory.picks.clear();
    talk.remember(&memory).await;
    Ok(PressAnswer::Silent)
}

async fn remembered(talk: &Talk<'_>, nonce: u64) -> Option<Vec<GalleryItemId>> {
    talk.recall().await.deletion(nonce).map(<[GalleryItemId]>::to_vec)
}

fn gallery_door(talk: &Talk<'_>) -> Keyboard {
    let all = CallbackData::OpenGallery { view: GalleryView::ALL };
    Keyboard::none().row([Button::press(talk.texts.button_open_gallery(), all)]).row(menu_row(talk.texts))
}

impl Picks {
    /// What is chosen, which is chosen no longer.
    fn take(&mut self) -> Vec<GalleryItemId> {
        std::mem::take(&mut self.chosen)
    }
}

//! Deleting, which is asked about first and can be taken back for a while.

use kernel::{GalleryItemId, GenerationId};

use super::card::{open, show, show_empty};
use super::filter::filter;
use super::surface::{own_image, refresh_keyboard, set_images, set_keyboard};
use crate::callback::{AgainSource, Surface};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::{self, undo_row};
use crate::telegram::{Keyboard, PressAnswer, TextMessage};

/// Asks which image of a set to delete.
pub(crate) async fn pick(
    talk: &Talk<'_>,
    message: &PressedMessage,
    generation: GenerationId,
) -> Result<(), HandlerError> {
    if let Some(found) = talk.chat.ports.generation.find(talk.account.id, generation).await? {
        let images = set_images(talk, &found).await?;
        let keyboard = keyboards::set_deletion(talk.texts, generation, &images);
        talk.replace_keyboard(message.id, &keyboard).await?;
    }
    Ok(())
}

/// None of the set is deleted.
pub(crate) async fn back_to_set(
    talk: &Talk<'_>,
    message: &PressedMessage,
    generation: GenerationId,
) -> Result<(), HandlerError> {
    if let Some(keyboard) = set_keyboard(talk, generation).await? {
        talk.replace_keyboard(message.id, &keyboard).await?;
    }
    Ok(())
}

/// Asks whether to delete.
pub(crate) async fn ask_deletion(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    if own_image(talk, item).await?.is_none() {
        return Ok(PressAnswer::Alert(talk.texts.image_gone()));
    }
    talk.replace_keyboard(message.id, &keyboards::deletion_choice(talk.texts, item, surface)).await?;
    Ok(PressAnswer::Silent)
}

/// It is not deleted.
pub(crate) async fn keep(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    refresh_keyboard(talk, message, surface, AgainSource::Image(item)).await?;
    Ok(PressAnswer::Silent)
}

/// It is deleted, and what showed it shows something else, with a way back.
pub(crate) async fn delete(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    let gallery = &talk.chat.ports.gallery;
    let Some(found) = own_image(talk, item).await? else {
        return after_deletion(talk, message, surface).await;
    };
    match surface {
        Surface::Card(view) => {
            let place = gallery.place(talk.account.id, item, filter(talk, view).await?).await?;
            gallery.delete(talk.account.id, &[item]).await?;
            let neighbour = match place.older.or(place.newer) {
                Some(neighbour) => own_image(talk, neighbour).await?,
                None => None,
            };
            if let Some(neighbour) = neighbour {
                show(talk, Place::Instead(message), &neighbour, view, Some(item)).await?;
            } else {
                talk.remove(message.id).await?;
                show_empty(talk, Place::New, view, Some(item)).await?;
            }
        }
        Surface::Set => {
            gallery.delete(talk.account.id, &[item]).await?;
            refresh_set(talk, message, found.kept.generation, Some(item)).await?;
        }
        Surface::Result | Surface::Ending => {
            gallery.delete(talk.account.id, &[item]).await?;
            // Telegram lets bots remove messages for two days; later the image stays in the chat without buttons.
            talk.replace_keyboard(message.id, &Keyboard::none()).await?;
            talk.remove(message.id).await?;
            let undo = undo_row(talk.texts, item, Surface::Result, None);
            let notice =
                TextMessage::new(talk.texts.deleted_notice(undo_hours(talk)), Keyboard::none().row(undo));
            talk.send(&notice).await?;
        }
    }
    Ok(PressAnswer::Toast(talk.texts.deleted()))
}

/// It was deleted before: pressed twice, or elsewhere.
async fn after_deletion(
    talk: &Talk<'_>,
    message: &PressedMessage,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    match surface {
        Surface::Card(view) => open(talk, Place::Instead(message), view).await?,
        Surface::Result => talk.remove(message.id).await?,
        Surface::Set | Surface::Ending => {}
    }
    Ok(PressAnswer::Toast(talk.texts.image_gone()))
}

/// It is brought back.
pub(crate) async fn restore(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    talk.chat.ports.gallery.restore(talk.account.id, &[item]).await?;
    // Pressed twice, it is there already.
    let Some(found) = own_image(talk, item).await? else {
        return Ok(PressAnswer::Alert(talk.texts.too_late_to_restore()));
    };
    match surface {
        Surface::Card(view) => show(talk, Place::Instead(message), &found, view, None).await?,
        Surface::Set => refresh_set(talk, message, found.kept.generation, None).await?,
        Surface::Result | Surface::Ending => {
            let notice =
                TextMessage::new(talk.texts.restored_notice(), keyboards::gallery_door(talk.texts, item));
            talk.show(Place::Instead(message), &notice).await?;
        }
    }
    Ok(PressAnswer::Toast(talk.texts.restored()))
}

/// It is removed for good, before its time.
pub(crate) async fn erase_now(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
    shown: Option<GalleryItemId>,
) -> Result<PressAnswer, HandlerError> {
    talk.chat.ports.gallery.erase_now(talk.account.id, &[item]).await?;
    match (surface, shown) {
        (Surface::Card(_) | Surface::Set, Some(shown)) => {
            refresh_keyboard(talk, message, surface, AgainSource::Image(shown)).await?;
        }
        (Surface::Card(view), None) => open(talk, Place::Instead(message), view).await?,
        (Surface::Set, None) => talk.replace_keyboard(message.id, &Keyboard::none()).await?,
        (Surface::Result | Surface::Ending, _) => {
            let notice = TextMessage::plain(talk.texts.erased_notice());
            talk.show(Place::Instead(message), &notice).await?;
        }
    }
    Ok(PressAnswer::Toast(talk.texts.erased()))
}

/// The buttons after an album, with a way back for what was deleted just now.
async fn refresh_set(
    talk: &Talk<'_>,
    message: &PressedMessage,
    generation: GenerationId,
    deleted: Option<GalleryItemId>,
) -> Result<(), HandlerError> {
    let Some(found) = talk.chat.ports.generation.find(talk.account.id, generation).await? else {
        return Ok(());
    };
    let shown = set_images(talk, &found).await?.first().map(|image| image.item);
    if let Some(mut keyboard) = set_keyboard(talk, generation).await? {
        if let Some(item) = deleted {
            keyboard = keyboard.row(undo_row(talk.texts, item, Surface::Set, shown));
        }
        talk.replace_keyboard(message.id, &keyboard).await?;
    }
    Ok(())
}

/// For how many hours what is deleted can be brought back; rounded down, so that no promise is broken.
pub(super) fn undo_hours(talk: &Talk<'_>) -> u64 {
    talk.chat.ports.gallery.undo().as_secs() / 3_600
}

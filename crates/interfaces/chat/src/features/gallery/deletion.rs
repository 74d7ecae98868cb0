//! Deleting, which is asked about first.

use kernel::{GalleryItemId, GenerationId};

use super::card::{open, show, show_empty};
use super::surface::{own_image, refresh_keyboard, set_images, set_keyboard};
use crate::callback::{AgainSource, Surface};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards;
use crate::telegram::{Keyboard, PressAnswer};

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

/// It is deleted, and what showed it shows something else.
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
        Surface::Card(filter) => {
            let place = gallery.place(talk.account.id, item, filter).await?;
            gallery.delete(talk.account.id, item).await?;
            let neighbour = match place.older.or(place.newer) {
                Some(neighbour) => own_image(talk, neighbour).await?,
                None => None,
            };
            if let Some(neighbour) = neighbour {
                show(talk, Place::Instead(message), &neighbour, filter).await?;
            } else {
                talk.remove(message.id).await?;
                show_empty(talk, Place::New, filter).await?;
            }
        }
        Surface::Set => {
            gallery.delete(talk.account.id, item).await?;
            if let Some(keyboard) = set_keyboard(talk, found.kept.generation).await? {
                talk.replace_keyboard(message.id, &keyboard).await?;
            }
        }
        Surface::Result | Surface::Ending => {
            gallery.delete(talk.account.id, item).await?;
            // Telegram lets bots remove messages for two days; later the image stays in the chat without buttons.
            talk.replace_keyboard(message.id, &Keyboard::none()).await?;
            talk.remove(message.id).await?;
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
        Surface::Card(filter) => open(talk, Place::Instead(message), filter).await?,
        Surface::Result => talk.remove(message.id).await?,
        Surface::Set | Surface::Ending => {}
    }
    Ok(PressAnswer::Toast(talk.texts.image_gone()))
}

//! Favourites.

use gallery::Favourite;
use kernel::GalleryItemId;

use super::surface::refresh_keyboard;
use crate::callback::{AgainSource, Surface};
use crate::error::HandlerError;
use crate::handlers::Talk;
use crate::inbound::PressedMessage;
use crate::telegram::PressAnswer;

/// Marks an image as a favourite.
pub(crate) async fn mark(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    set(talk, message, item, surface, Favourite::Yes).await
}

/// An image is no favourite any more.
pub(crate) async fn unmark(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
) -> Result<PressAnswer, HandlerError> {
    set(talk, message, item, surface, Favourite::No).await
}

async fn set(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    surface: Surface,
    favourite: Favourite,
) -> Result<PressAnswer, HandlerError> {
    if !talk.chat.ports.gallery.set_favourite(talk.account.id, item, favourite).await? {
        return Ok(PressAnswer::Alert(talk.texts.image_gone()));
    }
    refresh_keyboard(talk, message, surface, AgainSource::Image(item)).await?;
    Ok(PressAnswer::Toast(match favourite {
        Favourite::Yes => talk.texts.marked(),
        Favourite::No => talk.texts.unmarked(),
    }))
}

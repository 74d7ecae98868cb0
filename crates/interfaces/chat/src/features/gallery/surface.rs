//! The buttons under an image, made anew from how things stand.

use gallery::{GalleryItem, Place as Standing};
use generation::{Generation, Likeness};
use kernel::{GalleryItemId, GenerationId, ImageCount};

use super::filter::filter;
use crate::callback::{AgainSource, GalleryView, Surface};
use crate::error::HandlerError;
use crate::features::imagine::Subject;
use crate::handlers::Talk;
use crate::inbound::PressedMessage;
use crate::keyboards::{self, AgainOffer, Card, SetImage};
use crate::telegram::Keyboard;

/// Shows the buttons of a message anew; nothing when what they are about is gone.
pub(crate) async fn refresh_keyboard(
    talk: &Talk<'_>,
    message: &PressedMessage,
    surface: Surface,
    source: AgainSource,
) -> Result<(), HandlerError> {
    if let Some(keyboard) = fresh_keyboard(talk, surface, source).await? {
        talk.replace_keyboard(message.id, &keyboard).await?;
    }
    Ok(())
}

async fn fresh_keyboard(
    talk: &Talk<'_>,
    surface: Surface,
    source: AgainSource,
) -> Result<Option<Keyboard>, HandlerError> {
    match source {
        AgainSource::Image(item) => {
            let Some(item) = talk.chat.ports.gallery.item(talk.account.id, item).await? else {
                return Ok(None);
            };
            image_keyboard(talk, surface, &item).await
        }
        AgainSource::Request(id) => {
            let Some(generation) = talk.chat.ports.generation.find(talk.account.id, id).await? else {
                return Ok(None);
            };
            request_keyboard(talk, surface, &generation).await
        }
    }
}

async fn image_keyboard(
    talk: &Talk<'_>,
    surface: Surface,
    item: &GalleryItem,
) -> Result<Option<Keyboard>, HandlerError> {
    let id = item.kept.id;
    match surface {
        Surface::Result => {
            let again = again_offer(talk, likeness_of(item)).await?;
            Ok(Some(keyboards::result(talk.texts, id, item.favourite, again)))
        }
        Surface::Card(view) => {
            let filter = filter(talk, view).await?;
            let place = talk.chat.ports.gallery.place(talk.account.id, id, filter).await?;
            Ok(Some(card_keyboard(talk, item, &place, view, None).await?))
        }
        Surface::Set => set_keyboard(talk, item.kept.generation).await,
        Surface::Ending => Ok(None),
    }
}

async fn request_keyboard(
    talk: &Talk<'_>,
    surface: Surface,
    generation: &Generation,
) -> Result<Option<Keyboard>, HandlerError> {
    match surface {
        Surface::Set => set_keyboard(talk, generation.id).await,
        Surface::Ending => {
            let again = again_offer(talk, generation.request.likeness).await?;
            Ok(Some(keyboards::ending(talk.texts, generation.id, generation.request.count, again)))
        }
        Surface::Result | Surface::Card(_) => Ok(None),
    }
}

/// The buttons of a card, with those that bring back what was deleted just now.
pub(super) async fn card_keyboard(
    talk: &Talk<'_>,
    item: &GalleryItem,
    place: &Standing,
    view: GalleryView,
    deleted: Option<GalleryItemId>,
) -> Result<Keyboard, HandlerError> {
    let again = again_offer(talk, likeness_of(item)).await?;
    let (item, favourite) = (item.kept.id, item.favourite);
    Ok(keyboards::card(talk.texts, &Card { item, favourite, place, view, again, deleted }))
}

/// The buttons of the message after an album.
pub(super) async fn set_keyboard(
    talk: &Talk<'_>,
    id: GenerationId,
) -> Result<Option<Keyboard>, HandlerError> {
    let Some(generation) = talk.chat.ports.generation.find(talk.account.id, id).await? else {
        return Ok(None);
    };
    let images = set_images(talk, &generation).await?;
    let again = again_offer(talk, generation.request.likeness).await?;
    Ok(Some(keyboards::set(talk.texts, id, &images, generation.request.count, again)))
}

/// The images of a set that are not deleted, each with its number in the album.
pub(super) async fn set_images(
    talk: &Talk<'_>,
    generation: &Generation,
) -> Result<Vec<SetImage>, HandlerError> {
    let arrived = generation.slots.iter().filter(|slot| slot.arrived.is_some());
    let mut images = Vec::new();
    for (number, slot) in (1..).zip(arrived) {
        if let Some(item) = talk.chat.ports.gallery.item(talk.account.id, slot.item).await? {
            images.push(SetImage { number, item: slot.item, favourite: item.favourite });
        }
    }
    Ok(images)
}

fn likeness_of(item: &GalleryItem) -> Likeness {
    Subject::of_avatar(item.kept.avatar).likeness
}

/// What the button *again* needs; `None` when nothing can be drawn now.
async fn again_offer(talk: &Talk<'_>, likeness: Likeness) -> Result<Option<AgainOffer>, HandlerError> {
    let quote = talk.quote(likeness, ImageCount::ONE).await?;
    let nonce = talk.chat.ports.ids.random();
    Ok(quote.ok().map(|quote| AgainOffer { unit_price: quote.unit_price, nonce, likeness }))
}

/// An image of this person that is not deleted.
pub(super) async fn own_image(
    talk: &Talk<'_>,
    item: GalleryItemId,
) -> Result<Option<GalleryItem>, HandlerError> {
    Ok(talk.chat.ports.gallery.item(talk.account.id, item).await?)
}

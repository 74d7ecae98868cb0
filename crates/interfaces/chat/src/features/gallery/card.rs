//! Cards: one image with its description and date, and buttons to leaf.

use gallery::{GalleryFilter, GalleryItem, MessengerFiles};
use generation::ModelId;
use kernel::GalleryItemId;

use super::surface::{card_keyboard, own_image};
use crate::callback::CallbackData;
use crate::captions::caption_with;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::menu_row;
use crate::pictures;
use crate::telegram::{
    Button, FileId, FileSource, Keyboard, PhotoMessage, PressAnswer, TelegramError, TextMessage,
};
use crate::words::moment;

/// Opens the gallery at its newest image.
pub(crate) async fn open(
    talk: &Talk<'_>,
    place: Place<'_>,
    filter: GalleryFilter,
) -> Result<(), HandlerError> {
    match talk.chat.ports.gallery.newest(talk.account.id, filter).await? {
        Some(item) => show(talk, place, &item, filter).await,
        None => show_empty(talk, place, filter).await,
    }
}

/// Opens the gallery at an image, in a message of its own; at its newest one when that image is gone.
pub(crate) async fn open_at(talk: &Talk<'_>, item: GalleryItemId) -> Result<(), HandlerError> {
    match own_image(talk, item).await? {
        Some(item) => show(talk, Place::New, &item, GalleryFilter::All).await,
        None => open(talk, Place::New, GalleryFilter::All).await,
    }
}

/// Turns the card to an image; to the newest one when that image is gone.
pub(crate) async fn turn_to(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    filter: GalleryFilter,
) -> Result<PressAnswer, HandlerError> {
    if let Some(item) = own_image(talk, item).await? {
        show(talk, Place::Instead(message), &item, filter).await?;
        return Ok(PressAnswer::Silent);
    }
    open(talk, Place::Instead(message), filter).await?;
    Ok(PressAnswer::Toast(talk.texts.image_gone()))
}

/// Says that there is nothing to show.
pub(super) async fn show_empty(
    talk: &Talk<'_>,
    place: Place<'_>,
    filter: GalleryFilter,
) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let (text, door) = match filter {
        GalleryFilter::All => {
            (texts.gallery_empty(), Button::press(texts.button_new_image(), CallbackData::NewImage))
        }
        GalleryFilter::Favourites => {
            let all = CallbackData::OpenGallery { filter: GalleryFilter::All };
            (texts.favourites_empty(), Button::press(texts.button_all_images(), all))
        }
    };
    let keyboard = Keyboard::none().row([door]).row(menu_row(texts));
    talk.show(place, &TextMessage::new(text, keyboard)).await?;
    Ok(())
}

/// Shows the card of an image. What Telegram has is not uploaded again.
pub(super) async fn show(
    talk: &Talk<'_>,
    place: Place<'_>,
    item: &GalleryItem,
    filter: GalleryFilter,
) -> Result<(), HandlerError> {
    let standing = talk.chat.ports.gallery.place(talk.account.id, item.kept.id, filter).await?;
    let date = moment(talk.texts, item.created_at, &talk.account.zone);
    let line = talk.texts.card_place(standing.number, standing.total, &date);
    let caption = caption_with(talk.texts, &item.kept.prompt, &model_title(talk, item), line);
    let keyboard = card_keyboard(talk, item, &standing, filter).await?;

    if let Some(known) = &item.files.photo {
        let photo = FileSource::Known(FileId(known.clone()));
        let message = PhotoMessage { photo, caption: caption.clone(), keyboard: keyboard.clone() };
        match talk.show_photo(place, &message).await {
            // Ids die when the bot's token changes, for example.
            Err(TelegramError::UnknownFile) => {}
            done => return done.map(|_| ()).map_err(HandlerError::from),
        }
    }
    let Some(bytes) = talk.chat.ports.gallery.image(item).await? else {
        // Its deletion came in between.
        return show_empty(talk, place, filter).await;
    };
    let imaging = talk.chat.ports.imaging.as_ref();
    let upload = pictures::photo(imaging, item.kept.id, &item.kept.info, bytes).await?;
    let message = PhotoMessage { photo: FileSource::Upload(upload), caption, keyboard };
    if let Some(FileId(photo)) = talk.show_photo(place, &message).await? {
        let files = MessengerFiles { photo: Some(photo), document: None };
        talk.chat.ports.gallery.remember_files(talk.account.id, item.kept.id, &files).await?;
    }
    Ok(())
}

/// The title of the model that made an image.
pub(super) fn model_title(talk: &Talk<'_>, item: &GalleryItem) -> String {
    let registry = talk.chat.ports.generation.registry();
    registry
        .get(&ModelId::new(item.kept.model.clone()))
        .map_or_else(|| item.kept.model.clone(), |model| model.title.clone())
}

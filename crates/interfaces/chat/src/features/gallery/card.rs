//! Cards: one image with its description and date, and buttons to leaf.

use gallery::{GalleryItem, MessengerFiles};
use generation::ModelId;
use kernel::GalleryItemId;

use super::filter::filter;
use super::surface::{card_keyboard, own_image};
use crate::callback::{CallbackData, GalleryView, Surface};
use crate::captions::caption_with;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::{menu_row, undo_row};
use crate::pictures;
use crate::telegram::{
    Button, FileId, FileSource, Keyboard, PhotoMessage, PressAnswer, TelegramError, TextMessage,
};
use crate::words::{Html, moment};

/// Opens the gallery at its newest image.
pub(crate) async fn open(talk: &Talk<'_>, place: Place<'_>, view: GalleryView) -> Result<(), HandlerError> {
    match talk.chat.ports.gallery.newest(talk.account.id, filter(talk, view).await?).await? {
        Some(item) => show(talk, place, &item, view, None).await,
        None => show_empty(talk, place, view, None).await,
    }
}

/// Opens the gallery at an image, in a message of its own; at its newest one when that image is gone.
pub(crate) async fn open_at(talk: &Talk<'_>, item: GalleryItemId) -> Result<(), HandlerError> {
    match own_image(talk, item).await? {
        Some(item) => show(talk, Place::New, &item, GalleryView::ALL, None).await,
        None => open(talk, Place::New, GalleryView::ALL).await,
    }
}

/// Turns the card to an image; to the newest one when that image is gone.
pub(crate) async fn turn_to(
    talk: &Talk<'_>,
    message: &PressedMessage,
    item: GalleryItemId,
    view: GalleryView,
) -> Result<PressAnswer, HandlerError> {
    if let Some(item) = own_image(talk, item).await? {
        show(talk, Place::Instead(message), &item, view, None).await?;
        return Ok(PressAnswer::Silent);
    }
    open(talk, Place::Instead(message), view).await?;
    Ok(PressAnswer::Toast(talk.texts.image_gone()))
}

/// Says that there is nothing to show. What was deleted just now can be brought back.
pub(super) async fn show_empty(
    talk: &Talk<'_>,
    place: Place<'_>,
    view: GalleryView,
    deleted: Option<GalleryItemId>,
) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let undo = deleted.map(|item| undo_row(texts, item, Surface::Card(view), None));
    let all =
        || Button::press(texts.button_all_images(), CallbackData::OpenGallery { view: GalleryView::ALL });
    let change = || Button::press(texts.button_filter(), CallbackData::FilterGallery { view });
    let (text, doors) = if view == GalleryView::ALL {
        let new = Button::press(texts.button_new_image(), CallbackData::NewImage);
        (texts.gallery_empty(), vec![new])
    } else if view == GalleryView::FAVOURITES {
        (texts.favourites_empty(), vec![all()])
    } else {
        (texts.nothing_found(), vec![change(), all()])
    };
    let keyboard = Keyboard::none().row(undo.into_iter().flatten()).row(doors).row(menu_row(texts));
    talk.show(place, &TextMessage::new(text, keyboard)).await?;
    Ok(())
}

/// Shows the card of an image. What Telegram has is not uploaded again. What was deleted just now can be brought back.
pub(super) async fn show(
    talk: &Talk<'_>,
    place: Place<'_>,
    item: &GalleryItem,
    view: GalleryView,
    deleted: Option<GalleryItemId>,
) -> Result<(), HandlerError> {
    let filter = filter(talk, view).await?;
    let standing = talk.chat.ports.gallery.place(talk.account.id, item.kept.id, filter).await?;
    let date = moment(talk.texts, item.created_at, &talk.account.zone);
    let mut lines = vec![talk.texts.card_place(standing.number, standing.total, &date)];
    lines.extend(likeness_line(talk, item).await?);
    let lines = Html::lines(lines);
    let caption = caption_with(talk.texts, &item.kept.prompt, &model_title(talk, item), lines);
    let keyboard = card_keyboard(talk, item, &standing, view, deleted).await?;

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
        return show_empty(talk, place, view, deleted).await;
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

/// Who is in the picture, and the seed that it can be drawn with again.
async fn likeness_line(talk: &Talk<'_>, item: &GalleryItem) -> Result<Option<Html>, HandlerError> {
    let Some(avatar) = item.kept.avatar else {
        return Ok(None);
    };
    let seed = item.kept.seed.to_string();
    let found = talk.chat.ports.avatars.find(talk.account.id, avatar).await?;
    Ok(Some(match found.filter(|avatar| !avatar.title().is_empty()) {
        Some(avatar) => talk.texts.card_avatar(avatar.title(), &seed),
        None => talk.texts.card_avatar_gone(&seed),
    }))
}

/// The title of the model that made an image.
pub(super) fn model_title(talk: &Talk<'_>, item: &GalleryItem) -> String {
    let registry = talk.chat.ports.generation.registry();
    registry
        .get(&ModelId::new(item.kept.model.clone()))
        .map_or_else(|| item.kept.model.clone(), |model| model.title.clone())
}

//! The original as a file, byte for byte.

use gallery::{GalleryItem, MessengerFiles};
use kernel::GalleryItemId;

use super::surface::own_image;
use crate::error::HandlerError;
use crate::handlers::Talk;
use crate::pictures;
use crate::telegram::{Activity, DocumentMessage, FileId, FileSource, PressAnswer, TelegramError};
use crate::words::Html;

/// Sends the original of an image. What Telegram has is not uploaded again.
pub(crate) async fn send_original(talk: &Talk<'_>, item: GalleryItemId) -> Result<PressAnswer, HandlerError> {
    let Some(item) = own_image(talk, item).await? else {
        return Ok(PressAnswer::Alert(talk.texts.image_gone()));
    };
    if let Some(known) = &item.files.document {
        match send(talk, &item, FileSource::Known(FileId(known.clone()))).await {
            Err(TelegramError::UnknownFile) => {}
            done => return done.map(|_| PressAnswer::Silent).map_err(HandlerError::from),
        }
    }
    if let Err(error) = talk.chat.ports.telegram.show_activity(talk.room, Activity::SendingFile).await {
        tracing::debug!(%error, "an activity was not shown");
    }
    let Some(bytes) = talk.chat.ports.gallery.image(&item).await? else {
        return Ok(PressAnswer::Alert(talk.texts.image_gone()));
    };
    let upload = FileSource::Upload(pictures::original(&item, bytes));
    if let Some(FileId(document)) = send(talk, &item, upload).await? {
        let files = MessengerFiles { photo: None, document: Some(document) };
        talk.chat.ports.gallery.remember_files(talk.account.id, item.kept.id, &files).await?;
    }
    Ok(PressAnswer::Silent)
}

async fn send(
    talk: &Talk<'_>,
    item: &GalleryItem,
    document: FileSource,
) -> Result<Option<FileId>, TelegramError> {
    let caption = made_by(talk, item);
    let message = DocumentMessage { document, caption };
    Ok(talk.chat.ports.telegram.send_document(talk.room, &message).await?.document)
}

fn made_by(talk: &Talk<'_>, item: &GalleryItem) -> Html {
    talk.texts.made_by_ai(&super::card::model_title(talk, item))
}

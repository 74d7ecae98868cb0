//! Leafing through the accepted photos of a draft, in one message.

use avatar::{Avatar, DraftChange, Photo, PhotoStateName};
use kernel::{AvatarId, MessageId, PhotoId};

use super::wizard::{draft_gone, find_draft};
use super::wizard_button;
use crate::callback::WizardButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::{FileSource, Keyboard, PhotoMessage, PressAnswer, Upload};

/// Begins at the first photo, in a message of its own; an earlier one goes.
pub(super) async fn begin(talk: &Talk<'_>, id: AvatarId) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        return Ok(draft_gone(talk));
    };
    let photos = accepted(talk, &draft).await?;
    let Some(first) = photos.first() else {
        return Ok(PressAnswer::Alert(talk.texts.photos_none()));
    };
    let Some(page) = page(talk, &photos, first).await? else {
        return Ok(PressAnswer::Alert(talk.texts.photo_gone()));
    };
    if let Some(former) = draft.leafing_message {
        talk.remove(former).await?;
    }
    let shown = talk.chat.ports.telegram.send_photo(talk.room, &page).await?.id;
    set_message(talk, id, Some(shown)).await?;
    Ok(PressAnswer::Silent)
}

/// Turns to a photo.
pub(super) async fn turn_to(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
    photo: PhotoId,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        talk.remove(message.id).await?;
        return Ok(draft_gone(talk));
    };
    let photos = accepted(talk, &draft).await?;
    let Some(found) = photos.iter().find(|candidate| candidate.id == photo) else {
        return Ok(PressAnswer::Alert(talk.texts.photo_gone()));
    };
    show(talk, message, &photos, found).await
}

/// Removes a photo, and shows the one that takes its place.
pub(super) async fn remove(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
    photo: PhotoId,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        talk.remove(message.id).await?;
        return Ok(draft_gone(talk));
    };
    let place = accepted(talk, &draft).await?.iter().position(|candidate| candidate.id == photo);
    let is_removed = talk
        .chat
        .ports
        .avatars
        .remove_photo(talk.account.id, id, photo)
        .await
        .map_err(HandlerError::Avatar)?;
    let left = accepted(talk, &draft).await?;
    match left.get(place.unwrap_or_default()).or_else(|| left.last()) {
        Some(next) => show(talk, message, &left, next).await?,
        None => close(talk, message, id).await?,
    };
    let words = if is_removed { talk.texts.photo_removed() } else { talk.texts.photo_gone() };
    Ok(PressAnswer::Toast(words))
}

/// Enough leafed through.
pub(super) async fn close(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    talk.remove(message.id).await?;
    set_message(talk, id, None).await?;
    Ok(PressAnswer::Silent)
}

async fn show(
    talk: &Talk<'_>,
    message: &PressedMessage,
    photos: &[Photo],
    photo: &Photo,
) -> Result<PressAnswer, HandlerError> {
    let Some(page) = page(talk, photos, photo).await? else {
        return Ok(PressAnswer::Alert(talk.texts.photo_gone()));
    };
    talk.show_photo(Place::Instead(message), &page).await?;
    Ok(PressAnswer::Silent)
}

/// A photo with the ways on from it; `None` when its bytes are gone.
async fn page(
    talk: &Talk<'_>,
    photos: &[Photo],
    photo: &Photo,
) -> Result<Option<PhotoMessage>, HandlerError> {
    let Some(bytes) = talk.chat.ports.avatars.photo_preview(photo).await? else {
        return Ok(None);
    };
    let texts = talk.texts;
    let avatar = photo.avatar;
    let place = photos.iter().position(|candidate| candidate.id == photo.id).unwrap_or_default();
    let turn = |label: &str, to: Option<usize>| {
        let to = to.and_then(|to| photos.get(to))?;
        Some(wizard_button(label.to_owned(), WizardButton::Photo { avatar, photo: to.id }))
    };
    let turns = [turn("◀", place.checked_sub(1)), turn("▶", place.checked_add(1))];
    let remove = WizardButton::RemovePhoto { avatar, photo: photo.id };
    let keyboard = Keyboard::none().row(turns.into_iter().flatten()).row([
        wizard_button(texts.button_remove_photo(), remove),
        wizard_button(texts.button_close(), WizardButton::CloseLeafing { avatar }),
    ]);
    let upload = Upload { name: format!("photo-{}.jpg", place + 1), bytes };
    let caption = texts.photo_place(place + 1, photos.len());
    Ok(Some(PhotoMessage { photo: FileSource::Upload(upload), caption, keyboard }))
}

async fn accepted(talk: &Talk<'_>, draft: &Avatar) -> Result<Vec<Photo>, HandlerError> {
    let photos = talk.chat.ports.avatars.photos(talk.account.id, draft.id).await?;
    Ok(photos.into_iter().filter(|photo| photo.state.name() == PhotoStateName::Accepted).collect())
}

async fn set_message(talk: &Talk<'_>, id: AvatarId, message: Option<MessageId>) -> Result<(), HandlerError> {
    let change = DraftChange::LeafingMessage(message);
    talk.chat.ports.avatars.change_draft(talk.account.id, id, &change).await?;
    Ok(())
}

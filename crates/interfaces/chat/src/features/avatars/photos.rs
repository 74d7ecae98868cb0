//! Photos as they come: singly, as albums and as files, in any order. What is in them is looked at by a job, which keeps
//! the message that collects them up to date; no handler waits for it.

use avatar::{Avatar, AvatarState, DraftChange, IncomingPhoto, PhotoAdded, PhotoOutcome, WizardStep};
use kernel::{Audience, AvatarId, MessageId};

use super::wizard::{begin, photos_screen, show_step};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::{OtherKind, SentFile};
use crate::memory::RememberedPhoto;
use crate::screens;
use crate::telegram::{LARGEST_FILE, PressAnswer};
use crate::words::Html;

/// The time within which several single messages get one answer, in seconds.
const SINGLES_PERIOD: i64 = 60;

/// Whether a message was for a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collected {
    /// It was; it is dealt with.
    Yes,
    /// No draft collects photos.
    No,
}

/// Takes a photo in when a draft collects photos.
pub(crate) async fn collect(
    talk: &Talk<'_>,
    message: MessageId,
    file: &SentFile,
    album: Option<&str>,
) -> Result<Collected, HandlerError> {
    let Some(draft) = collecting_draft(talk).await? else {
        return Ok(Collected::No);
    };
    if file.bytes.is_some_and(|bytes| bytes > LARGEST_FILE) {
        answer_once(talk, album, talk.texts.photo_file_too_large()).await?;
        return Ok(Collected::Yes);
    }
    bring_down(talk, &draft, message).await?;
    let photo = IncomingPhoto { file: file.id.clone(), unique_file: file.unique.clone(), message };
    match talk.chat.ports.avatars.add_photo(talk.account.id, draft.id, &photo).await? {
        PhotoOutcome::Taken(PhotoAdded::New | PhotoAdded::Repeat) => {}
        PhotoOutcome::Taken(PhotoAdded::Full) => {
            let most = screens::kind_of(&draft).max_photos();
            answer_once(talk, album, talk.texts.photos_full(most)).await?;
        }
        // It was ordered or discarded in this very moment.
        PhotoOutcome::NoDraft => return Ok(Collected::No),
    }
    Ok(Collected::Yes)
}

/// Says that something is no photo, when a draft collects photos.
pub(crate) async fn collect_other(
    talk: &Talk<'_>,
    kind: OtherKind,
    album: Option<&str>,
) -> Result<Collected, HandlerError> {
    if collecting_draft(talk).await?.is_none() {
        return Ok(Collected::No);
    }
    let kind = match kind {
        OtherKind::Animation => "animation",
        OtherKind::Video => "video",
        OtherKind::Sticker => "sticker",
        OtherKind::Document => "document",
        OtherKind::Else => "else",
    };
    answer_once(talk, album, talk.texts.collecting_not_a_photo(kind)).await?;
    Ok(Collected::Yes)
}

/// Makes an avatar of photos that came out of the blue: the draft takes them, or one is begun and takes them once it
/// collects photos.
pub(crate) async fn use_photos(
    talk: &Talk<'_>,
    place: Place<'_>,
    photos: &[RememberedPhoto],
) -> Result<PressAnswer, HandlerError> {
    let mut memory = talk.recall().await;
    memory.avatar_photos = photos.to_vec();
    talk.remember(&memory).await;
    let Some(draft) = collecting_draft(talk).await? else {
        return begin(talk, place).await;
    };
    let draft = at_photos(talk, draft).await?;
    show_step(talk, place, &draft).await?;
    add_remembered(talk, draft.id).await?;
    Ok(PressAnswer::Silent)
}

/// Gives a draft the photos that came before it collected any.
pub(super) async fn add_remembered(talk: &Talk<'_>, id: AvatarId) -> Result<(), HandlerError> {
    let mut memory = talk.recall().await;
    let photos = std::mem::take(&mut memory.avatar_photos);
    if photos.is_empty() {
        return Ok(());
    }
    for photo in photos {
        let photo = IncomingPhoto { file: photo.file, unique_file: photo.unique, message: photo.message };
        talk.chat.ports.avatars.add_photo(talk.account.id, id, &photo).await?;
    }
    talk.remember(&memory).await;
    Ok(())
}

async fn collecting_draft(talk: &Talk<'_>) -> Result<Option<Avatar>, HandlerError> {
    let draft = talk.chat.ports.avatars.draft(talk.account.id).await?;
    Ok(draft.filter(|draft| draft.state == AvatarState::Collecting))
}

/// The draft at the step of its photos. Whoever had gone on and sends another photo is back there.
async fn at_photos(talk: &Talk<'_>, draft: Avatar) -> Result<Avatar, HandlerError> {
    if draft.step == WizardStep::Photos {
        return Ok(draft);
    }
    let change = DraftChange::Step(WizardStep::Photos);
    let changed = talk.chat.ports.avatars.change_draft(draft.account, draft.id, &change).await?;
    Ok(changed.unwrap_or(draft))
}

/// Shows the message that collects photos below the first of new ones, so that its counter is in sight. While photos are
/// being looked at it stays where it is: whoever looks at them edits it.
async fn bring_down(talk: &Talk<'_>, draft: &Avatar, message: MessageId) -> Result<(), HandlerError> {
    let avatars = &talk.chat.ports.avatars;
    let is_below = draft.audience.progress_message.is_some_and(|shown| shown > message);
    if draft.step == WizardStep::Photos && (is_below || avatars.collection(draft).await?.waiting > 0) {
        return Ok(());
    }
    let draft = at_photos(talk, draft.clone()).await?;
    let shown = talk.send(&photos_screen(talk, &draft).await?).await?;
    let change = DraftChange::Audience(Audience { chat: talk.room, progress_message: Some(shown) });
    avatars.change_draft(draft.account, draft.id, &change).await?;
    if let Some(former) = draft.audience.progress_message {
        talk.remove(former).await?;
    }
    Ok(())
}

/// One answer for a whole album; singles that come at once get one, too.
async fn answer_once(talk: &Talk<'_>, album: Option<&str>, words: Html) -> Result<(), HandlerError> {
    let minute = talk.chat.ports.clock.now().as_micros() / (SINGLES_PERIOD * 1_000_000);
    let key = album.map_or_else(|| format!("single/{minute}"), str::to_owned);
    let mut memory = talk.recall().await;
    if memory.album.as_deref() == Some(key.as_str()) {
        return Ok(());
    }
    memory.album = Some(key);
    talk.remember(&memory).await;
    talk.say(words).await?;
    Ok(())
}

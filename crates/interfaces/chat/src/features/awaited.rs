//! Messages that were asked for: a name, a description, a photo to go by.

use kernel::UpdateId;

use crate::error::HandlerError;
use crate::features::{avatars, draw};
use crate::handlers::Talk;
use crate::inbound::{OtherKind, SentFile};
use crate::memory::{Awaited, Memory};

/// Takes words that were asked for; `false` when none were.
pub(crate) async fn take_text(talk: &Talk<'_>, text: &str) -> Result<bool, HandlerError> {
    let memory = Memory::recall_if_known(talk.chat.ports.dialogues.as_ref(), talk.room).await;
    let Some(memory) = memory else {
        // What was asked is forgotten, by a restart for example; a draft remembers by itself.
        return match avatars::draft_waiting_for_a_name(talk).await? {
            Some(avatar) => avatars::take_draft_name(talk, avatar, text).await,
            None => Ok(false),
        };
    };
    match memory.awaited {
        Some(Awaited::DraftName { avatar }) => avatars::take_draft_name(talk, avatar, text).await,
        Some(Awaited::NewName { avatar }) => avatars::take_new_name(talk, avatar, text).await,
        Some(Awaited::Words { avatar, seed }) => {
            draw::take_words(talk, avatar, seed, text).await.map(|()| true)
        }
        // Whoever describes the picture in words needs no photo.
        Some(Awaited::ReferencePhoto { avatar }) => {
            draw::take_words(talk, Some(avatar), None, text).await.map(|()| true)
        }
        None => Ok(false),
    }
}

/// Takes a photo to go by that was asked for; `false` when none was.
pub(crate) async fn take_picture(
    talk: &Talk<'_>,
    update: UpdateId,
    file: &SentFile,
) -> Result<bool, HandlerError> {
    match talk.recall().await.awaited {
        Some(Awaited::ReferencePhoto { avatar }) => {
            draw::take_photo(talk, update, avatar, file).await.map(|()| true)
        }
        _ => Ok(false),
    }
}

/// Answers something else that came while a photo was asked for; `false` when none was.
pub(crate) async fn take_other(
    talk: &Talk<'_>,
    kind: OtherKind,
    album: Option<&str>,
) -> Result<bool, HandlerError> {
    if let Some(Awaited::ReferencePhoto { .. }) = talk.recall().await.awaited {
        talk.say(talk.texts.reference_photo_expected()).await?;
        return Ok(true);
    }
    Ok(avatars::collect_other(talk, kind, album).await? == avatars::Collected::Yes)
}

/// Nothing is asked for any more: the person has turned to something else.
pub(crate) async fn forget(talk: &Talk<'_>) {
    let mut memory = talk.recall().await;
    if memory.awaited.take().is_some() {
        talk.remember(&memory).await;
    }
}

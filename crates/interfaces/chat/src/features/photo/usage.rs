//! Doing something with photos that were offered to be used.

use generation::{HelpTask, Intent};
use kernel::IncomingFileId;
use uuid::Uuid;

use super::offer::offer;
use crate::callback::PhotoUse;
use crate::error::HandlerError;
use crate::features::words::{Asked, ask};
use crate::features::{avatars, imagine};
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::memory::PhotoGroup;
use crate::screens;
use crate::telegram::{PressAnswer, TextMessage};

/// Does with photos what was chosen.
pub(crate) async fn use_photo(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
    usage: PhotoUse,
) -> Result<PressAnswer, HandlerError> {
    let Some(group) = talk.recall().await.photos.find(nonce).cloned() else {
        return Ok(PressAnswer::Alert(talk.texts.photo_forgotten()));
    };
    match (usage, &group.caption, first_file(&group)) {
        (PhotoUse::Describe, _, Some(file)) => {
            help(talk, message, &group, "describe", HelpTask::DescribePhoto { file }).await
        }
        (PhotoUse::SomethingLikeIt, _, Some(file)) => {
            let wanted = HelpTask::PromptFromPhoto { file, avatar: None };
            help(talk, message, &group, "like", wanted).await
        }
        (PhotoUse::DrawCaption, Some(words), _) => {
            imagine::offer(talk, words).await?;
            Ok(PressAnswer::Silent)
        }
        (PhotoUse::Avatar, _, _) => avatars::use_photos(talk, Place::Instead(message), &group.photos).await,
        (PhotoUse::Describe | PhotoUse::SomethingLikeIt, _, None) | (PhotoUse::DrawCaption, None, _) => {
            Ok(PressAnswer::Alert(talk.texts.photo_forgotten()))
        }
    }
}

/// Asks for help with a photo. Pressed twice, it is one request: the nonce of the photo is its key.
async fn help(
    talk: &Talk<'_>,
    message: &PressedMessage,
    group: &PhotoGroup,
    name: &str,
    wanted: HelpTask,
) -> Result<PressAnswer, HandlerError> {
    let waiting = TextMessage::plain(screens::help::waiting(talk.texts, &wanted));
    let progress = talk.show(Place::Instead(message), &waiting).await?;
    let intent = Intent::of_work(name, Uuid::from_u64_pair(0, group.nonce));
    match ask(talk, intent, wanted, progress).await? {
        Asked::UnderWay => Ok(PressAnswer::Silent),
        Asked::Not(reason) => {
            let here = talk.text_message(progress);
            talk.show(Place::Instead(&here), &offer(talk.texts, group)).await?;
            Ok(PressAnswer::Alert(reason))
        }
    }
}

fn first_file(group: &PhotoGroup) -> Option<IncomingFileId> {
    group.photos.first().map(|photo| photo.file.clone())
}

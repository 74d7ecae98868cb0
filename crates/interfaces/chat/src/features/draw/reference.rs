//! Pictures after a photo: it is described in words, which the person may change.

use generation::{HelpTask, Intent};
use kernel::{AvatarId, UpdateId};

use super::back;
use super::menu::drawable;
use crate::error::HandlerError;
use crate::features::words::{Asked, ask as ask_for_help};
use crate::handlers::{Place, Talk};
use crate::inbound::SentFile;
use crate::keyboards::menu_row;
use crate::memory::Awaited;
use crate::screens;
use crate::telegram::{Keyboard, LARGEST_FILE, PressAnswer, TextMessage};
use crate::words::Html;

/// Asks for the photo.
pub(super) async fn ask(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let Some(avatar) = drawable(talk, id).await? else {
        return Ok(PressAnswer::Alert(talk.texts.no_avatar()));
    };
    let text = talk.texts.ask_reference_photo(&screens::avatar_name(talk.texts, &avatar));
    talk.show(place, &TextMessage::new(text, Keyboard::none().row([back(talk, id)]))).await?;
    let mut memory = talk.recall().await;
    memory.awaited = Some(Awaited::ReferencePhoto { avatar: id });
    talk.remember(&memory).await;
    Ok(PressAnswer::Silent)
}

/// The photo is here: its words are asked for. `update` is the key of the wish, so that it is one however often it is
/// handled.
pub(crate) async fn take_photo(
    talk: &Talk<'_>,
    update: UpdateId,
    avatar: AvatarId,
    file: &SentFile,
) -> Result<(), HandlerError> {
    if file.bytes.is_some_and(|bytes| bytes > LARGEST_FILE) {
        talk.say(talk.texts.photo_file_too_large()).await?;
        return Ok(());
    }
    let wanted = HelpTask::PromptFromPhoto { file: file.id.clone(), avatar: Some(avatar) };
    let waiting = TextMessage::plain(screens::help::waiting(talk.texts, &wanted));
    let key = update.get().unsigned_abs();
    let progress = match talk.recall().await.progress(key) {
        Some(earlier) => talk.show(Place::Instead(&talk.text_message(earlier)), &waiting).await?,
        None => talk.send(&waiting).await?,
    };
    let mut memory = talk.recall().await;
    memory.remember_progress(key, progress);
    talk.remember(&memory).await;
    let asked = ask_for_help(talk, Intent::message(update), wanted, progress).await?;
    let mut memory = talk.recall().await;
    memory.awaited = None;
    talk.remember(&memory).await;
    if let Asked::Not(reason) = asked {
        let keyboard = Keyboard::none().row([back(talk, avatar)]).row(menu_row(talk.texts));
        let told = TextMessage::new(Html::escaped(&reason), keyboard);
        talk.show(Place::Instead(&talk.text_message(progress)), &told).await?;
    }
    Ok(())
}

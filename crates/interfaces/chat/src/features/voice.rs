//! Voice messages: written down and shown first, then gone on with. Other sounds get a clear answer.

use generation::{HelpTask, Intent};
use kernel::{MessageId, UpdateId};

use crate::error::HandlerError;
use crate::features::words::{Asked, ask};
use crate::handlers::{Place, Talk};
use crate::inbound::{Sound, SoundKind};
use crate::keyboards::menu_row;
use crate::screens::help;
use crate::telegram::{Keyboard, LARGEST_FILE, TextMessage};
use crate::words::Html;

/// The longest recording that is written down, in minutes.
const MOST_MINUTES: u64 = 2;

/// Something that was said, or another sound.
pub(crate) async fn heard(talk: &Talk<'_>, update: UpdateId, sound: &Sound) -> Result<(), HandlerError> {
    match sound.kind {
        SoundKind::VideoNote => return answer(talk, talk.texts.voice_video_note()).await,
        SoundKind::Audio => return answer(talk, talk.texts.voice_audio()).await,
        SoundKind::Voice => {}
    }
    // Rounded down by the messenger: a recording of two minutes and a bit is told as 120 seconds.
    if sound.seconds.is_some_and(|seconds| seconds > MOST_MINUTES * 60)
        || sound.file.bytes.is_some_and(|bytes| bytes > LARGEST_FILE)
    {
        return answer(talk, talk.texts.voice_too_long(MOST_MINUTES)).await;
    }
    let wanted = HelpTask::Transcribe { file: sound.file.id.clone() };
    let waiting = TextMessage::plain(help::waiting(talk.texts, &wanted));
    let nonce = update.get().unsigned_abs();
    let progress = show_progress(talk, nonce, &waiting).await?;
    if let Asked::Not(reason) = ask(talk, Intent::message(update), wanted, progress).await? {
        let told = TextMessage::new(Html::escaped(&reason), Keyboard::none().row(menu_row(talk.texts)));
        talk.show(Place::Instead(&talk.text_message(progress)), &told).await?;
    }
    Ok(())
}

/// Shows the message that becomes the transcript; after an interrupted try it is the message of that try.
async fn show_progress(
    talk: &Talk<'_>,
    nonce: u64,
    waiting: &TextMessage,
) -> Result<MessageId, HandlerError> {
    let mut memory = talk.recall().await;
    if let Some(earlier) = memory.progress(nonce) {
        return Ok(talk.show(Place::Instead(&talk.text_message(earlier)), waiting).await?);
    }
    let sent = talk.send(waiting).await?;
    memory.remember_progress(nonce, sent);
    talk.remember(&memory).await;
    Ok(sent)
}

async fn answer(talk: &Talk<'_>, text: Html) -> Result<(), HandlerError> {
    talk.send(&TextMessage::new(text, Keyboard::none().row(menu_row(talk.texts)))).await?;
    Ok(())
}

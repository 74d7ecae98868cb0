//! What cannot be worked with yet gets a sensible answer, one for a whole album.

use crate::error::HandlerError;
use crate::features::imagine;
use crate::handlers::Talk;
use crate::keyboards::menu_row;
use crate::telegram::{Keyboard, TextMessage};
use crate::words::Html;

/// A photo or picture file. Its words, if there are any, can be drawn.
pub(crate) async fn picture(
    talk: &Talk<'_>,
    caption: Option<&str>,
    album: Option<&str>,
) -> Result<(), HandlerError> {
    match caption {
        Some(words) if !words.trim().is_empty() => {
            note_album(talk, album).await;
            talk.say(talk.texts.photo_words()).await?;
            imagine::offer(talk, words).await
        }
        _ => answer_once(talk, album, talk.texts.photo_not_yet()).await,
    }
}

/// Something spoken.
pub(crate) async fn voice(talk: &Talk<'_>) -> Result<(), HandlerError> {
    answer_once(talk, None, talk.texts.voice_not_yet()).await
}

/// Anything else.
pub(crate) async fn other(talk: &Talk<'_>, album: Option<&str>) -> Result<(), HandlerError> {
    answer_once(talk, album, talk.texts.kind_not_yet()).await
}

async fn answer_once(talk: &Talk<'_>, album: Option<&str>, text: Html) -> Result<(), HandlerError> {
    if note_album(talk, album).await == Album::Answered {
        return Ok(());
    }
    let keyboard = Keyboard::none().row(menu_row(talk.texts));
    talk.send(&TextMessage::new(text, keyboard)).await?;
    Ok(())
}

#[derive(PartialEq, Eq)]
enum Album {
    New,
    Answered,
}

/// Every photo of an album comes as a message of its own.
async fn note_album(talk: &Talk<'_>, album: Option<&str>) -> Album {
    let Some(album) = album else {
        return Album::New;
    };
    let mut memory = talk.recall().await;
    if memory.album.as_deref() == Some(album) {
        return Album::Answered;
    }
    memory.album = Some(album.to_owned());
    talk.remember(&memory).await;
    Album::New
}

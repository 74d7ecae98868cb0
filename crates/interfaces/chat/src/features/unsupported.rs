//! What cannot be worked with gets a sensible answer, one for a whole album.

use crate::error::HandlerError;
use crate::handlers::Talk;
use crate::keyboards::menu_row;
use crate::telegram::{Keyboard, TextMessage};

/// Stickers, videos, places and the like. Every part of an album comes as a message of its own.
pub(crate) async fn other(talk: &Talk<'_>, album: Option<&str>) -> Result<(), HandlerError> {
    if let Some(album) = album {
        let mut memory = talk.recall().await;
        if memory.album.as_deref() == Some(album) {
            return Ok(());
        }
        memory.album = Some(album.to_owned());
        talk.remember(&memory).await;
    }
    let keyboard = Keyboard::none().row(menu_row(talk.texts));
    talk.send(&TextMessage::new(talk.texts.kind_not_yet(), keyboard)).await?;
    Ok(())
}

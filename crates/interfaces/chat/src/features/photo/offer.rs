//! Offering what can be done with photos.

use kernel::MessageId;

use crate::callback::{CallbackData, PhotoUse};
use crate::error::HandlerError;
use crate::handlers::Talk;
use crate::inbound::SentFile;
use crate::keyboards::menu_row;
use crate::memory::{PhotoGroup, RememberedPhoto};
use crate::telegram::{Button, Keyboard, LARGEST_FILE, TextMessage};
use crate::words::Texts;

/// A photo as it came.
#[derive(Clone, Copy)]
pub(crate) struct ArrivedPhoto<'message> {
    /// The message that brought it.
    pub(crate) message: MessageId,
    /// The photo.
    pub(crate) file: &'message SentFile,
    /// The words below it.
    pub(crate) caption: Option<&'message str>,
    /// The album that it is part of.
    pub(crate) album: Option<&'message str>,
}

/// A photo came while none was asked for. The first one of an album is answered, the others join it.
pub(crate) async fn arrived(talk: &Talk<'_>, photo: ArrivedPhoto<'_>) -> Result<(), HandlerError> {
    if photo.file.bytes.is_some_and(|bytes| bytes > LARGEST_FILE) {
        return too_large(talk, photo.album).await;
    }
    let remembered = RememberedPhoto {
        file: photo.file.id.clone(),
        unique: photo.file.unique.clone(),
        message: photo.message,
    };
    let mut memory = talk.recall().await;
    if let Some(album) = photo.album
        && memory.photos.add_to_album(album, &remembered)
    {
        talk.remember(&memory).await;
        return Ok(());
    }
    let group = PhotoGroup {
        nonce: talk.chat.ports.ids.random(),
        album: photo.album.map(str::to_owned),
        caption: photo.caption.map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned),
        photos: vec![remembered],
    };
    talk.send(&offer(talk.texts, &group)).await?;
    memory.photos.remember(group);
    talk.remember(&memory).await;
    Ok(())
}

/// What can be done with a photo, or with the photos of an album.
pub(super) fn offer(texts: Texts, group: &PhotoGroup) -> TextMessage {
    let nonce = group.nonce;
    let choice =
        |label: String, usage: PhotoUse| Button::press(label, CallbackData::UsePhoto { nonce, usage });
    let words = group.caption.as_ref().map(|_| choice(texts.button_draw_caption(), PhotoUse::DrawCaption));
    let (text, keyboard) = if group.album.is_some() {
        (texts.album_offer(), Keyboard::none())
    } else {
        let keyboard = Keyboard::none().row([
            choice(texts.button_describe(), PhotoUse::Describe),
            choice(texts.button_something_like_it(), PhotoUse::SomethingLikeIt),
        ]);
        (texts.photo_offer(), keyboard)
    };
    let keyboard = keyboard
        .row([choice(texts.button_use_for_avatar(), PhotoUse::Avatar)])
        .row(words)
        .row(menu_row(texts));
    TextMessage::new(text, keyboard)
}

async fn too_large(talk: &Talk<'_>, album: Option<&str>) -> Result<(), HandlerError> {
    let mut memory = talk.recall().await;
    if album.is_some() && memory.album.as_deref() == album {
        return Ok(());
    }
    memory.album = album.map(str::to_owned);
    talk.send(&TextMessage::new(talk.texts.photo_too_large(), Keyboard::none().row(menu_row(talk.texts))))
        .await?;
    talk.remember(&memory).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{IncomingFileId, Language};

    fn uses(album: Option<&str>, caption: Option<&str>) -> Vec<PhotoUse> {
        let photo = RememberedPhoto {
            file: IncomingFileId::new("file"),
            unique: "unique".to_owned(),
            message: MessageId::new(7),
        };
        let group = PhotoGroup {
            nonce: 1,
            album: album.map(str::to_owned),
            caption: caption.map(str::to_owned),
            photos: vec![photo],
        };
        offer(Texts::of(Language::English), &group)
            .keyboard
            .buttons()
            .filter_map(|button| match button.action {
                crate::telegram::ButtonAction::Press(CallbackData::UsePhoto { usage, .. }) => Some(usage),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn what_is_offered_depends_on_what_came() {
        use PhotoUse::{Avatar, Describe, DrawCaption, SomethingLikeIt};
        assert_eq!(uses(None, None), [Describe, SomethingLikeIt, Avatar]);
        assert_eq!(uses(None, Some("a fox")), [Describe, SomethingLikeIt, Avatar, DrawCaption]);
        assert_eq!(uses(Some("1"), None), [Avatar]);
    }
}

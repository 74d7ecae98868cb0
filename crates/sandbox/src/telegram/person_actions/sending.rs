//! A person sends words, photos, files and voice.

use bytes::Bytes;
use futures::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;

use super::{Refusal, open_chat, person_posts};
use crate::telegram::files::{FileKind, PhotoSize};
use crate::telegram::media_type::media_type;
use crate::telegram::message::Content;
use crate::telegram::methods::{keep_file, photo_of};
use crate::telegram::parameters::Upload;
use crate::telegram::server::TelegramServer;
use crate::telegram::text::{FormattedText, detect};
use crate::telegram::world::Draft;

/// Longest text of one message in UTF-16 units; a client splits a longer one.
const LONGEST_TEXT: usize = 4_096;
/// Longest caption in UTF-16 units.
const LONGEST_CAPTION: usize = 1_024;
/// Most files of an album.
const MOST_IN_ALBUM: usize = 10;

/// As what an album is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlbumKind {
    /// Photos, which are compressed again.
    Photos,
    /// Files byte for byte.
    Documents,
}

impl TelegramServer {
    /// Sends words. A text above 4096 UTF-16 units leaves as several messages, as from a real client.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, or the text is empty.
    pub fn person_sends_text(
        &self,
        person: i64,
        text: &str,
        reply_to_message_id: Option<i64>,
    ) -> Result<Vec<Value>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::Impossible("a client sends no empty text"));
        }
        self.change(|world| {
            let parts = split(text, LONGEST_TEXT);
            open_chat(world, person)?;
            let sent = parts.into_iter().map(|part| {
                let content = Content::Text { text: detect(FormattedText::plain(part)) };
                person_posts(world, person, Draft { reply_to_message_id, ..Draft::of(content) })
            });
            Ok(sent.collect())
        })
    }

    /// Sends a photo, which is compressed again.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, or the file is no photo.
    pub async fn person_sends_photo(
        &self,
        person: i64,
        bytes: Bytes,
        caption: &str,
    ) -> Result<Value, Refusal> {
        let caption = caption_of(caption)?;
        let content = Content::Photo { sizes: self.photo(bytes).await?, caption, has_spoiler: false };
        self.person_sends(person, Draft::of(content))
    }

    /// Sends 2–10 files as one album; the caption stands on the first.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, a file is not taken, or there are too few or too many.
    pub async fn person_sends_album(
        &self,
        person: i64,
        uploads: Vec<Upload>,
        kind: AlbumKind,
        caption: &str,
    ) -> Result<Vec<Value>, Refusal> {
        if !(2..=MOST_IN_ALBUM).contains(&uploads.len()) {
            return Err(Refusal::Impossible("an album has 2 to 10 files"));
        }
        let mut caption = caption_of(caption)?;
        let contents = uploads.into_iter().map(|upload| {
            let caption = std::mem::take(&mut caption);
            async move {
                Ok(match kind {
                    AlbumKind::Photos => {
                        Content::Photo { sizes: self.photo(upload.bytes).await?, caption, has_spoiler: false }
                    }
                    AlbumKind::Documents => {
                        let file = keep_file(self, upload, FileKind::Document, None).await;
                        Content::Document { file, caption }
                    }
                })
            }
        });
        let contents: Vec<Content> = try_join_all(contents).await?;
        self.change(|world| {
            open_chat(world, person)?;
            let group = world.next_media_group_id();
            let sent = contents.into_iter().map(|content| {
                let draft = Draft { media_group_id: Some(group.clone()), ..Draft::of(content) };
                person_posts(world, person, draft)
            });
            Ok(sent.collect())
        })
    }

    /// Sends a file byte for byte.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, or the file is empty.
    pub async fn person_sends_document(
        &self,
        person: i64,
        upload: Upload,
        caption: &str,
    ) -> Result<Value, Refusal> {
        let caption = caption_of(caption)?;
        not_empty(&upload)?;
        let file = keep_file(self, upload, FileKind::Document, None).await;
        self.person_sends(person, Draft::of(Content::Document { file, caption }))
    }

    /// Sends a voice message.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, or the recording is empty.
    pub async fn person_sends_voice(
        &self,
        person: i64,
        mut upload: Upload,
        seconds: u32,
    ) -> Result<Value, Refusal> {
        not_empty(&upload)?;
        let mime = media_type(upload.mime.as_deref(), upload.name.as_deref(), &upload.bytes);
        upload.mime = Some(if mime.starts_with("audio/") { mime } else { "audio/ogg".to_owned() });
        let file = keep_file(self, upload, FileKind::Voice, Some(seconds)).await;
        self.person_sends(person, Draft::of(Content::Voice { file, caption: FormattedText::default() }))
    }

    async fn photo(&self, bytes: Bytes) -> Result<Vec<PhotoSize>, Refusal> {
        photo_of(self, bytes).await.map_err(|refusal| Refusal::BadFile(refusal.description))
    }

    fn person_sends(&self, person: i64, draft: Draft) -> Result<Value, Refusal> {
        self.change(|world| {
            open_chat(world, person)?;
            Ok(person_posts(world, person, draft))
        })
    }
}

fn caption_of(caption: &str) -> Result<FormattedText, Refusal> {
    let caption = detect(FormattedText::plain(caption.trim()));
    if caption.length() > LONGEST_CAPTION {
        return Err(Refusal::Impossible("a caption has at most 1024 characters"));
    }
    Ok(caption)
}

fn not_empty(upload: &Upload) -> Result<(), Refusal> {
    if upload.bytes.is_empty() { Err(Refusal::Impossible("a client sends no empty file")) } else { Ok(()) }
}

/// Cuts a text into parts of at most `longest` UTF-16 units, between characters.
fn split(text: &str, longest: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut length = 0;
    for character in text.chars() {
        if length + character.len_utf16() > longest {
            parts.push(String::new());
            length = 0;
        }
        length += character.len_utf16();
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        let parts = split(&"🦊".repeat(5), 3);
        assert_eq!(parts, vec!["🦊"; 5]);
        assert_eq!(split("abcdef", 4), vec!["abcd", "ef"]);
    }
}

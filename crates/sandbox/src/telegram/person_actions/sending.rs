//! A person sends words, photos, files, voice, and other things.

use bytes::Bytes;
use futures::future::try_join_all;
use serde::Deserialize;
use serde_json::Value;

use super::{Refusal, open_chat, person_posts, tell_bot};
use crate::telegram::files::{FileKind, PhotoSize};
use crate::telegram::media_type::media_type;
use crate::telegram::medium::Medium;
use crate::telegram::message::{Author, Content, Message};
use crate::telegram::methods::{keep_file, photo_of};
use crate::telegram::parameters::Upload;
use crate::telegram::server::TelegramServer;
use crate::telegram::text::{FormattedText, detect};
use crate::telegram::view::message_view;
use crate::telegram::world::{Draft, World};

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

/// How files are sent together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Album {
    /// As what they are sent.
    pub kind: AlbumKind,
    /// Words below the first.
    pub caption: String,
    /// The album that they belong to; without one a new album for each ten.
    pub group: Option<String>,
    /// The files of which the bot hears, by their number from 0, in the order in which it does; without an order all
    /// in theirs. They stand in the chat in any case: a network loses and shuffles updates, not messages.
    pub order: Option<Vec<usize>>,
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

    /// Sends files as albums of at most 10, as a client does with many; a single one that is left goes alone. The
    /// caption stands on the first. Gives the messages in the order in which they stand in the chat.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, a file is not taken, there are fewer than two, or the order
    /// names one that is not there.
    pub async fn person_sends_album(
        &self,
        person: i64,
        uploads: Vec<Upload>,
        album: Album,
    ) -> Result<Vec<Value>, Refusal> {
        if uploads.len() < 2 && album.group.is_none() {
            return Err(Refusal::Impossible("an album has at least 2 files"));
        }
        let mut caption = caption_of(&album.caption)?;
        let contents = uploads.into_iter().map(|upload| {
            let caption = std::mem::take(&mut caption);
            async move {
                Ok(match album.kind {
                    AlbumKind::Photos => {
                        Content::Photo { sizes: self.photo(upload.bytes).await?, caption, has_spoiler: false }
                    }
                    AlbumKind::Documents => {
                        not_empty(&upload)?;
                        let file = keep_file(self, upload, FileKind::Document, None).await;
                        Content::Document { file, caption }
                    }
                })
            }
        });
        let contents: Vec<Content> = try_join_all(contents).await?;
        let order = album.order.unwrap_or_else(|| (0..contents.len()).collect());
        if order.iter().any(|index| *index >= contents.len()) {
            return Err(Refusal::Impossible("the order names a file that is not there"));
        }
        self.change(|world| {
            open_chat(world, person)?;
            let sent = post_album(world, person, &contents, album.group.as_deref());
            for message in order.iter().filter_map(|index| sent.get(*index)) {
                tell_bot(world, message);
            }
            Ok(sent.iter().map(|message| message_view(&world.files, message)).collect())
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

    /// Sends another recording or picture.
    ///
    /// # Errors
    /// When the person is unknown, has blocked the bot, or the file is empty.
    pub async fn person_sends_medium(
        &self,
        person: i64,
        medium: Medium,
        mut upload: Upload,
        seconds: u32,
        caption: &str,
    ) -> Result<Value, Refusal> {
        let caption = caption_of(caption)?;
        not_empty(&upload)?;
        let mime = media_type(upload.mime.as_deref(), upload.name.as_deref(), &upload.bytes);
        let is_told = mime != "application/octet-stream";
        upload.mime = Some(if is_told { mime } else { medium.media_type().to_owned() });
        let file = keep_file(self, upload, FileKind::Medium(medium), Some(seconds)).await;
        self.person_sends(person, Draft::of(Content::Media { medium, file, caption }))
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

/// Posts the messages of albums, without telling the bot.
fn post_album(world: &mut World, person: i64, contents: &[Content], group: Option<&str>) -> Vec<Message> {
    let mut sent = Vec::with_capacity(contents.len());
    for part in contents.chunks(MOST_IN_ALBUM) {
        let group = match group {
            Some(group) => Some(group.to_owned()),
            None if part.len() > 1 => Some(world.next_media_group_id()),
            None => None,
        };
        for content in part {
            let draft = Draft { media_group_id: group.clone(), ..Draft::of(content.clone()) };
            sent.push(world.post(person, Author::Person, draft));
        }
    }
    sent
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

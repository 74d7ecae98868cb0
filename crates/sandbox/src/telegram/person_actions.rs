//! What a person does in their Telegram: write, send photos, press buttons, block the bot, pay.

use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::chat::Standing;
use super::events::Happening;
use super::files::FileKind;
use super::media_type::media_type;
use super::message::{Author, Content, Message};
use super::methods::{keep_file, photo_of};
use super::parameters::Upload;
use super::payments::Checkout;
use super::person::Person;
use super::server::TelegramServer;
use super::text::{FormattedText, detect};
use super::view::message_view;
use super::world::{Draft, World};
use crate::clock;

/// Longest text of one message in UTF-16 units; a client splits a longer one.
const LONGEST_TEXT: usize = 4_096;
/// Longest caption in UTF-16 units.
const LONGEST_CAPTION: usize = 1_024;
/// Most files of an album.
const MOST_IN_ALBUM: usize = 10;
/// How long Telegram waits for the bot's word on a checkout.
const CHECKOUT_SECONDS: u64 = 10;
/// The id of the first person who gets one by the server.
const FIRST_TELEGRAM_ID: i64 = 700_000_001;

/// A person to add.
#[derive(Clone, Debug, Deserialize)]
pub struct NewPerson {
    /// Telegram's id; the server chooses when there is none.
    pub telegram_id: Option<i64>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: Option<String>,
    /// Name without `@`.
    pub username: Option<String>,
    /// IETF tag of the language of their Telegram.
    pub language_code: Option<String>,
}

/// Why a person can't do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such person.
    #[error("there is no person {0}")]
    NoSuchPerson(i64),
    /// There is no such message.
    #[error("there is no message {0} in this chat")]
    NoSuchMessage(i64),
    /// The message bears no such button.
    #[error("message {0} has no such button")]
    NoSuchButton(i64),
    /// It would not leave a real client.
    #[error("{0}")]
    Impossible(&'static str),
    /// Telegram does not take the file.
    #[error("{0}")]
    BadFile(String),
    /// They blocked the bot.
    #[error("the person has blocked the bot: unblock it first")]
    Blocked,
}

/// As what an album is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlbumKind {
    /// Photos, which are compressed again.
    Photos,
    /// Files byte for byte.
    Documents,
}

/// Which button is pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Button {
    /// The one with this callback data, which the message bears now.
    Data(String),
    /// The one with this label.
    Label(String),
    /// This callback data, whether the message still bears it or not: an old screen.
    OldData(String),
}

/// What came of a press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Press {
    /// The bot was asked.
    Callback {
        /// The ids of the callback queries, one for each press.
        callback_query_ids: Vec<String>,
    },
    /// A page opens.
    Url {
        /// Its address.
        url: String,
    },
}

impl TelegramServer {
    /// Adds a person, or replaces the names of one who is there.
    pub fn add_person(&self, new: NewPerson) -> Person {
        self.change(|world| {
            let telegram_id = new.telegram_id.unwrap_or_else(|| {
                let last = world.people.keys().next_back().copied().unwrap_or_default();
                last.saturating_add(1).max(FIRST_TELEGRAM_ID)
            });
            let person = Person {
                telegram_id,
                first_name: new.first_name,
                last_name: new.last_name,
                username: new.username,
                language_code: new.language_code,
            };
            world.people.insert(telegram_id, person.clone());
            world.chats.entry(telegram_id).or_default();
            world.events.add(telegram_id, Author::Person, Happening::PersonAdded);
            person
        })
    }

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
        let mut contents = Vec::with_capacity(uploads.len());
        for upload in uploads {
            let caption = std::mem::take(&mut caption);
            contents.push(match kind {
                AlbumKind::Photos => {
                    Content::Photo { sizes: self.photo(upload.bytes).await?, caption, has_spoiler: false }
                }
                AlbumKind::Documents => {
                    let file = keep_file(self, upload, FileKind::Document, None).await;
                    Content::Document { file, caption }
                }
            });
        }
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

    /// Presses a button `times` times at once. The message may be in another person's chat.
    ///
    /// # Errors
    /// When there is no such person, message or button.
    pub fn person_presses(
        &self,
        person: i64,
        chat_id: i64,
        message_id: i64,
        button: &Button,
        times: usize,
    ) -> Result<Press, Refusal> {
        self.change(|world| {
            let user = world.people.get(&person).ok_or(Refusal::NoSuchPerson(person))?.user();
            let chat = world.chats.get(&chat_id);
            let message = chat.and_then(|chat| chat.message_or_ghost(message_id)).cloned();
            let message = message.ok_or(Refusal::NoSuchMessage(message_id))?;
            let data = match button {
                Button::OldData(data) => data.clone(),
                Button::Data(_) | Button::Label(_) if message.deleted => {
                    return Err(Refusal::NoSuchMessage(message_id));
                }
                Button::Data(_) | Button::Label(_) => {
                    let found = find_button(&message, button).ok_or(Refusal::NoSuchButton(message_id))?;
                    if let Some(url) = found.get("url").and_then(Value::as_str) {
                        return Ok(Press::Url { url: url.to_owned() });
                    }
                    let data = found.get("callback_data").and_then(Value::as_str);
                    data.ok_or(Refusal::NoSuchButton(message_id))?.to_owned()
                }
            };
            let callback_query_ids =
                (0..times).map(|_| press_once(world, &user, person, &message, &data)).collect();
            Ok(Press::Callback { callback_query_ids })
        })
    }

    /// Blocks the bot.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn person_blocks_bot(&self, person: i64) -> Result<(), Refusal> {
        self.change(|world| set_standing(world, person, Standing::Blocked))
    }

    /// Lets the bot in again.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn person_unblocks_bot(&self, person: i64) -> Result<(), Refusal> {
        self.change(|world| set_standing(world, person, Standing::Member))
    }

    /// Deletes a message for both.
    ///
    /// # Errors
    /// When the person or the message is unknown.
    pub fn person_deletes(&self, person: i64, message_id: i64) -> Result<(), Refusal> {
        self.change(|world| {
            known(world, person)?;
            if world.delete(person, message_id, Author::Person) {
                Ok(())
            } else {
                Err(Refusal::NoSuchMessage(message_id))
            }
        })
    }

    /// Pays an invoice: the bot is asked for its word first, and has 10 seconds.
    ///
    /// # Errors
    /// When the person or the invoice is unknown. A refused payment is no error: `false`, and an event says why.
    pub async fn person_pays(&self, person: i64, message_id: i64) -> Result<bool, Refusal> {
        let (invoice, word) = self.change(|world| {
            let user = world.people.get(&person).ok_or(Refusal::NoSuchPerson(person))?.user();
            let message = world.chats.get(&person).and_then(|chat| chat.message(message_id));
            let Some(Content::Invoice { invoice }) = message.map(|message| message.content.clone()) else {
                return Err(Refusal::NoSuchMessage(message_id));
            };
            let (id, word) = world.payments.open_checkout();
            let query = json!({
                "id": id,
                "from": user,
                "currency": "XTR",
                "total_amount": invoice.stars,
                "invoice_payload": invoice.payload,
            });
            world.updates.add(person, "pre_checkout_query", query);
            Ok((invoice, word))
        })?;
        let word = timeout(Duration::from_secs(CHECKOUT_SECONDS), word).await;
        let reason = match word {
            Ok(Ok(Checkout::Approved)) => {
                self.change(|world| {
                    let payment = world.payments.charge(person, &invoice, clock::unix_seconds());
                    let content = Content::SuccessfulPayment { payment };
                    person_posts(world, person, Draft::of(content));
                });
                return Ok(true);
            }
            Ok(Ok(Checkout::Refused(reason))) => reason,
            Ok(Err(_)) | Err(_) => "The bot did not answer in time. No Stars were taken.".to_owned(),
        };
        self.change(|world| {
            world.events.add(person, Author::Bot, Happening::PaymentRefused { reason });
        });
        Ok(false)
    }

    async fn photo(&self, bytes: Bytes) -> Result<Vec<super::files::PhotoSize>, Refusal> {
        photo_of(self, bytes).await.map_err(|refusal| Refusal::BadFile(refusal.description))
    }

    fn person_sends(&self, person: i64, draft: Draft) -> Result<Value, Refusal> {
        self.change(|world| {
            open_chat(world, person)?;
            Ok(person_posts(world, person, draft))
        })
    }
}

fn known(world: &World, person: i64) -> Result<(), Refusal> {
    world.people.contains_key(&person).then_some(()).ok_or(Refusal::NoSuchPerson(person))
}

/// Makes a stranger a member with their first message.
fn open_chat(world: &mut World, person: i64) -> Result<(), Refusal> {
    known(world, person)?;
    let chat = world.chats.entry(person).or_default();
    match chat.standing {
        Standing::Blocked => Err(Refusal::Blocked),
        Standing::Stranger | Standing::Member => {
            chat.standing = Standing::Member;
            Ok(())
        }
    }
}

/// Posts a message of the person and tells the bot; gives the message as the page shows it.
fn person_posts(world: &mut World, person: i64, draft: Draft) -> Value {
    let message = world.post(person, Author::Person, draft);
    let object = world.message_object(&message);
    world.updates.add(person, "message", object);
    message_view(&world.files, &message)
}

fn press_once(world: &mut World, user: &Value, person: i64, message: &Message, data: &str) -> String {
    let id = world.callbacks.add(person);
    let object = if message.deleted {
        // What is left of a message that is gone.
        json!({ "chat": world.chat_object(message.chat_id), "message_id": message.message_id, "date": 0 })
    } else {
        world.message_object(message)
    };
    let query = json!({
        "id": id,
        "from": user,
        "message": object,
        "chat_instance": (message.chat_id.wrapping_mul(7_919)).to_string(),
        "data": data,
    });
    world.updates.add(message.chat_id, "callback_query", query);
    let pressed = Happening::Pressed {
        callback_query_id: id.clone(),
        message_id: message.message_id,
        data: data.to_owned(),
    };
    world.events.add(person, Author::Person, pressed);
    id
}

fn find_button<'message>(message: &'message Message, button: &Button) -> Option<&'message Value> {
    let (field, wanted) = match button {
        Button::Data(data) | Button::OldData(data) => ("callback_data", data),
        Button::Label(label) => ("text", label),
    };
    let rows = message.inline_keyboard.as_ref()?.as_array()?;
    rows.iter()
        .filter_map(Value::as_array)
        .flatten()
        .find(|candidate| candidate.get(field).and_then(Value::as_str) == Some(wanted.as_str()))
}

fn set_standing(world: &mut World, person: i64, standing: Standing) -> Result<(), Refusal> {
    let user = world.people.get(&person).ok_or(Refusal::NoSuchPerson(person))?.user();
    let chat = world.chats.entry(person).or_default();
    if chat.standing == standing {
        return Ok(());
    }
    chat.standing = standing;
    let status = |blocked: bool| {
        let mut member =
            json!({ "user": world.bot.user(), "status": if blocked { "kicked" } else { "member" } });
        if blocked {
            member["until_date"] = json!(0);
        }
        member
    };
    let blocked = standing == Standing::Blocked;
    let update = json!({
        "chat": world.chat_object(person),
        "from": user,
        "date": clock::unix_seconds(),
        "old_chat_member": status(!blocked),
        "new_chat_member": status(blocked),
    });
    world.updates.add(person, "my_chat_member", update);
    world.events.add(person, Author::Person, Happening::Standing { blocked });
    Ok(())
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

//! `sendMessage`, `sendPhoto`, `sendDocument`, `sendVoice`, `sendMediaGroup`, `sendChatAction`.

use futures::future::try_join_all;
use serde_json::Value;
use tokio::time::Instant;

use super::chat_id;
use super::input_media::{attachment, input_media, photo};
use crate::telegram::api_error::ApiError;
use crate::telegram::events::Happening;
use crate::telegram::files::FileKind;
use crate::telegram::keyboard::{ReplyMarkup, reply_markup};
use crate::telegram::message::{Author, Content};
use crate::telegram::parameters::{FileSource, Parameters};
use crate::telegram::server::TelegramServer;
use crate::telegram::world::{Draft, World};

/// Sends words.
pub(super) fn send_message(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let recipient = Recipient::read(server, parameters)?;
    let text = parameters.message_text()?;
    recipient.send(server, Content::Text { text })
}

/// Sends a photo, which is compressed again.
pub(super) async fn send_photo(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let recipient = Recipient::read(server, parameters)?;
    let caption = parameters.caption()?;
    let sizes = photo(server, required_file(parameters, "photo")?).await?;
    recipient.send(server, Content::Photo { sizes, caption, has_spoiler: parameters.flag("has_spoiler") })
}

/// Sends a file byte for byte.
pub(super) async fn send_document(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let recipient = Recipient::read(server, parameters)?;
    let caption = parameters.caption()?;
    let file = attachment(server, required_file(parameters, "document")?, FileKind::Document).await?;
    recipient.send(server, Content::Document { file, caption })
}

/// Sends a voice message.
pub(super) async fn send_voice(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let recipient = Recipient::read(server, parameters)?;
    let caption = parameters.caption()?;
    let mut file = attachment(server, required_file(parameters, "voice")?, FileKind::Voice).await?;
    let duration = parameters.integer("duration")?.and_then(|seconds| u32::try_from(seconds).ok());
    file.details.duration = duration.or(file.details.duration);
    recipient.send(server, Content::Voice { file, caption })
}

/// Sends an album: 2–10 photos, or as many documents.
pub(super) async fn send_media_group(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let recipient = Recipient::read(server, parameters)?;
    let media = match parameters.structure("media")? {
        Some(Value::Array(media)) => media,
        Some(_) => {
            return Err(ApiError::bad_request("can't parse media JSON: expected an Array of InputMedia"));
        }
        None => return Err(ApiError::bad_request("parameter \"media\" is required")),
    };
    match media.len() {
        0 => return Err(ApiError::bad_request("there are no messages to send")),
        1 => {
            return Err(ApiError::bad_request("wrong number of media in the album: 2-10 items are expected"));
        }
        2..=10 => {}
        _ => return Err(ApiError::bad_request("too many messages to send as an album")),
    }
    let contents = try_join_all(media.iter().map(|item| input_media(server, parameters, item))).await?;
    if contents.iter().any(|content| content.kind() != contents[0].kind()) {
        return Err(ApiError::bad_request("document can't be mixed with other media types"));
    }
    server.change(|world| {
        world.reachable_chat(recipient.chat_id)?;
        let reply_to = recipient.reply_to(world)?;
        admit(world, recipient.chat_id, contents.len())?;
        let group = world.next_media_group_id();
        let mut sent = Vec::with_capacity(contents.len());
        for content in contents {
            let draft = Draft {
                reply_to_message_id: reply_to,
                media_group_id: Some(group.clone()),
                ..Draft::of(content)
            };
            let message = world.post(recipient.chat_id, Author::Bot, draft);
            sent.push(world.message_object(&message));
        }
        Ok(Value::Array(sent))
    })
}

/// Shows for 5 seconds what the bot is about to do.
pub(super) fn send_chat_action(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    const ACTIONS: [&str; 11] = [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ];
    let chat_id = chat_id(parameters)?;
    let action = parameters.text("action").unwrap_or_default();
    server.change(|world| {
        world.reachable_chat(chat_id)?;
        if !ACTIONS.contains(&action.as_str()) {
            return Err(ApiError::bad_request("wrong parameter action in request"));
        }
        world.events.add(chat_id, Author::Bot, Happening::ChatAction { action });
        Ok(Value::Bool(true))
    })
}

/// Where a message goes, and what stands around its content.
pub(super) struct Recipient {
    chat_id: i64,
    markup: Option<ReplyMarkup>,
    reply_to: Option<ReplyTo>,
}

struct ReplyTo {
    message_id: i64,
    /// The message is sent even when the answered one is gone.
    is_optional: bool,
}

impl Recipient {
    /// Reads the parameters that all sending methods share, and checks that the chat can be written to.
    pub(super) fn read(server: &TelegramServer, parameters: &Parameters) -> Result<Self, ApiError> {
        let chat_id = chat_id(parameters)?;
        server.change_quietly(|world| world.reachable_chat(chat_id).map(|_| ()))?;
        Ok(Self { chat_id, markup: reply_markup(parameters)?, reply_to: ReplyTo::read(parameters)? })
    }

    /// Sends one message.
    pub(super) fn send(self, server: &TelegramServer, content: Content) -> Result<Value, ApiError> {
        server.change(|world| {
            world.reachable_chat(self.chat_id)?;
            let reply_to_message_id = self.reply_to(world)?;
            admit(world, self.chat_id, 1)?;
            let inline_keyboard = self.put_up_keyboard(world);
            let draft = Draft { inline_keyboard, reply_to_message_id, ..Draft::of(content) };
            let message = world.post(self.chat_id, Author::Bot, draft);
            Ok(world.message_object(&message))
        })
    }

    fn reply_to(&self, world: &World) -> Result<Option<i64>, ApiError> {
        let Some(reply_to) = &self.reply_to else {
            return Ok(None);
        };
        let chat = world.chats.get(&self.chat_id);
        match chat.and_then(|chat| chat.message(reply_to.message_id)) {
            Some(message) => Ok(Some(message.message_id)),
            None if reply_to.is_optional => Ok(None),
            None => Err(ApiError::bad_request("message to be replied not found")),
        }
    }

    /// Gives the rows that go under the message; other keyboards replace the person's own.
    fn put_up_keyboard(&self, world: &mut World) -> Option<Value> {
        let keyboard = match self.markup.clone()? {
            ReplyMarkup::Inline(rows) => return Some(rows),
            ReplyMarkup::ForceReply => return None,
            ReplyMarkup::ReplyKeyboard(keyboard) => Some(keyboard),
            ReplyMarkup::RemoveKeyboard => None,
        };
        if let Some(chat) = world.chats.get_mut(&self.chat_id) {
            chat.reply_keyboard.clone_from(&keyboard);
        }
        world.events.add(self.chat_id, Author::Bot, Happening::ReplyKeyboard { keyboard });
        None
    }
}

impl ReplyTo {
    fn read(parameters: &Parameters) -> Result<Option<Self>, ApiError> {
        if let Some(reply) = parameters.structure("reply_parameters")? {
            let message_id = reply.get("message_id").and_then(Value::as_i64);
            let is_optional = reply.get("allow_sending_without_reply").and_then(Value::as_bool) == Some(true);
            return message_id
                .map(|message_id| Some(Self { message_id, is_optional }))
                .ok_or_else(|| ApiError::bad_request("can't parse reply parameters"));
        }
        let message_id = parameters.integer("reply_to_message_id")?;
        let is_optional = parameters.flag("allow_sending_without_reply");
        Ok(message_id.map(|message_id| Self { message_id, is_optional }))
    }
}

fn admit(world: &mut World, chat_id: i64, messages: usize) -> Result<(), ApiError> {
    let messages = u32::try_from(messages).unwrap_or(u32::MAX);
    world.send_limiter.admit(chat_id, messages, Instant::now()).map_err(ApiError::too_many_requests)
}

fn required_file(parameters: &Parameters, name: &str) -> Result<FileSource, ApiError> {
    parameters.file(name)?.ok_or_else(|| ApiError::bad_request(format!("there is no {name} in the request")))
}

//! `editMessageText`, `editMessageCaption`, `editMessageMedia`, `editMessageReplyMarkup`.

use serde_json::Value;

use super::input_media::input_media;
use super::{chat_id, message_id};
use crate::telegram::api_error::ApiError;
use crate::telegram::keyboard::inline_keyboard;
use crate::telegram::message::{Author, Content, Message};
use crate::telegram::parameters::Parameters;
use crate::telegram::server::TelegramServer;
use crate::telegram::world::World;

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly \
    the same as a current content and reply markup of the message";

/// Replaces the words of a text message.
pub(super) fn edit_message_text(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let target = Target::read(parameters)?;
    let text = parameters.message_text()?;
    target.edit(server, parameters, |content| match content {
        Content::Text { .. } => Ok(Content::Text { text: text.clone() }),
        _ => Err(ApiError::bad_request("there is no text in the message to edit")),
    })
}

/// Replaces the words below a file.
pub(super) fn edit_message_caption(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let target = Target::read(parameters)?;
    let caption = parameters.caption()?;
    target.edit(server, parameters, |content| {
        let mut content = content.clone();
        match &mut content {
            Content::Photo { caption: words, .. }
            | Content::Document { caption: words, .. }
            | Content::Voice { caption: words, .. }
            | Content::Media { caption: words, .. } => {
                words.clone_from(&caption);
                Ok(content)
            }
            _ => Err(ApiError::bad_request("there is no caption in the message to edit")),
        }
    })
}

/// Replaces a text, photo or document by a photo or document.
pub(super) async fn edit_message_media(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let target = Target::read(parameters)?;
    server.change_quietly(|world| target.find(world).map(|_| ()))?;
    let media = parameters
        .structure("media")?
        .ok_or_else(|| ApiError::bad_request("parameter \"media\" is required"))?;
    let replacement = input_media(server, parameters, &media).await?;
    target.edit(server, parameters, |content| match content {
        Content::Text { .. } | Content::Photo { .. } | Content::Document { .. } => Ok(replacement.clone()),
        _ => Err(ApiError::bad_request("message can't be edited")),
    })
}

/// Replaces the buttons.
pub(super) fn edit_message_reply_markup(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    Target::read(parameters)?.edit(server, parameters, |content| Ok(content.clone()))
}

/// The message to edit.
struct Target {
    chat_id: i64,
    message_id: i64,
}

impl Target {
    fn read(parameters: &Parameters) -> Result<Self, ApiError> {
        if parameters.text("inline_message_id").is_some() {
            return Err(ApiError::bad_request("MESSAGE_ID_INVALID"));
        }
        Ok(Self { chat_id: chat_id(parameters)?, message_id: message_id(parameters)? })
    }

    /// The bot's own message.
    fn find(&self, world: &mut World) -> Result<Message, ApiError> {
        let chat = world.reachable_chat(self.chat_id)?;
        let message = chat.message(self.message_id);
        let message = message.ok_or_else(|| ApiError::bad_request("message to edit not found"))?;
        if message.author == Author::Bot {
            Ok(message.clone())
        } else {
            Err(ApiError::bad_request("message can't be edited"))
        }
    }

    /// Edits the message; a keyboard that is not given again goes.
    fn edit(
        &self,
        server: &TelegramServer,
        parameters: &Parameters,
        replace: impl Fn(&Content) -> Result<Content, ApiError>,
    ) -> Result<Value, ApiError> {
        let keyboard = inline_keyboard(parameters)?;
        server.change(|world| {
            let mut message = self.find(world)?;
            let content = replace(&message.content)?;
            if content == message.content && keyboard == message.inline_keyboard {
                return Err(ApiError::bad_request(NOT_MODIFIED));
            }
            if message.media_group_id.is_some() {
                if keyboard.is_some() {
                    return Err(ApiError::bad_request("message can't be edited"));
                }
                if content.kind() != message.content.kind() {
                    return Err(ApiError::bad_request("document can't be mixed with other media types"));
                }
            }
            message.content = content;
            message.inline_keyboard = keyboard;
            let message = world.replace(message);
            Ok(world.message_object(&message))
        })
    }
}

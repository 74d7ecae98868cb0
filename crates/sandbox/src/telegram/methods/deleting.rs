//! `deleteMessage` and `deleteMessages`.

use serde_json::Value;

use super::{chat_id, message_id};
use crate::clock;
use crate::telegram::api_error::ApiError;
use crate::telegram::message::Author;
use crate::telegram::parameters::Parameters;
use crate::telegram::server::TelegramServer;

/// Seconds in which a message can be deleted.
const DELETABLE_SECONDS: u64 = 48 * 60 * 60;
/// Most messages of one `deleteMessages`.
const MOST_AT_ONCE: usize = 100;

/// Deletes one message for both.
pub(super) fn delete_message(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let chat_id = chat_id(parameters)?;
    let message_id = message_id(parameters)?;
    server.change(|world| {
        let chat = world.reachable_chat(chat_id)?;
        let message =
            chat.message(message_id).ok_or_else(|| ApiError::bad_request("message to delete not found"))?;
        if clock::unix_seconds().saturating_sub(message.date) > DELETABLE_SECONDS {
            return Err(ApiError::bad_request("message can't be deleted for everyone"));
        }
        world.delete(chat_id, message_id, Author::Bot);
        Ok(Value::Bool(true))
    })
}

/// Deletes several; those that are not there are passed over.
pub(super) fn delete_messages(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let chat_id = chat_id(parameters)?;
    let message_ids: Vec<i64> = parameters
        .parsed("message_ids")?
        .ok_or_else(|| ApiError::bad_request("message identifiers are not specified"))?;
    if message_ids.is_empty() || message_ids.len() > MOST_AT_ONCE {
        return Err(ApiError::bad_request("wrong number of message identifiers specified"));
    }
    server.change(|world| {
        world.reachable_chat(chat_id)?;
        for message_id in message_ids {
            world.delete(chat_id, message_id, Author::Bot);
        }
        Ok(Value::Bool(true))
    })
}

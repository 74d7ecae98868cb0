//! `answerCallbackQuery`.

use serde_json::Value;

use crate::telegram::api_error::ApiError;
use crate::telegram::events::Happening;
use crate::telegram::message::Author;
use crate::telegram::parameters::Parameters;
use crate::telegram::server::TelegramServer;

/// Longest answer in characters.
const LONGEST_ANSWER: usize = 200;

/// Ends the spinning of a pressed button, with words or without.
pub(super) fn answer_callback_query(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let callback_query_id = parameters.text("callback_query_id").unwrap_or_default();
    let text = parameters.text("text").filter(|text| !text.is_empty());
    let show_alert = parameters.flag("show_alert");
    let url = parameters.text("url").filter(|url| !url.is_empty());
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_ANSWER) {
        return Err(ApiError::bad_request("MESSAGE_TOO_LONG"));
    }
    server.change(|world| {
        let Some(query) = world.callbacks.answerable(&callback_query_id) else {
            return Err(ApiError::bad_request(
                "query is too old and response timeout expired or query id is invalid",
            ));
        };
        let person = query.person;
        let answered = Happening::CallbackAnswered { callback_query_id, text, show_alert, url };
        world.events.add(person, Author::Bot, answered);
        Ok(Value::Bool(true))
    })
}

//! The methods of the Bot API, by theme.

mod answering;
mod deleting;
mod editing;
mod file_access;
mod input_media;
mod paying;
mod presenting;
mod receiving;
mod sending;

pub(in crate::telegram) use input_media::{keep_file, photo_of};
use serde_json::Value;

use super::api_error::ApiError;
use super::parameters::Parameters;
use super::server::TelegramServer;

/// Carries out the method of that name, whatever the case of its letters.
///
/// # Errors
/// What Telegram would answer; 404 for a method that the sandbox does not know.
pub async fn call(server: &TelegramServer, method: &str, parameters: Parameters) -> Result<Value, ApiError> {
    let parameters = &parameters;
    match method.to_ascii_lowercase().as_str() {
        "getupdates" => receiving::get_updates(server, parameters).await,
        "setwebhook" => receiving::set_webhook(server, parameters),
        "deletewebhook" => Ok(receiving::delete_webhook(server, parameters)),
        "getwebhookinfo" => Ok(receiving::get_webhook_info(server)),
        "getme" => Ok(server.look(|world| world.bot.me())),
        "logout" | "close" => Ok(Value::Bool(true)),
        "sendmessage" => sending::send_message(server, parameters),
        "sendphoto" => sending::send_photo(server, parameters).await,
        "senddocument" => sending::send_document(server, parameters).await,
        "sendvoice" => sending::send_voice(server, parameters).await,
        "sendmediagroup" => sending::send_media_group(server, parameters).await,
        "sendchataction" => sending::send_chat_action(server, parameters),
        "editmessagetext" => editing::edit_message_text(server, parameters),
        "editmessagecaption" => editing::edit_message_caption(server, parameters),
        "editmessagemedia" => editing::edit_message_media(server, parameters).await,
        "editmessagereplymarkup" => editing::edit_message_reply_markup(server, parameters),
        "deletemessage" => deleting::delete_message(server, parameters),
        "deletemessages" => deleting::delete_messages(server, parameters),
        "answercallbackquery" => answering::answer_callback_query(server, parameters),
        "getfile" => file_access::get_file(server, parameters),
        "getchat" => presenting::get_chat(server, parameters),
        "getchatmember" => presenting::get_chat_member(server, parameters),
        "leavechat" => presenting::leave_chat(server, parameters),
        "setmycommands" => presenting::set_my_commands(server, parameters),
        "getmycommands" => Ok(presenting::get_my_commands(server, parameters)),
        "deletemycommands" => Ok(presenting::delete_my_commands(server, parameters)),
        "setmyname" => presenting::set_my_text(server, parameters, "name"),
        "getmyname" => Ok(presenting::get_my_text(server, parameters, "name")),
        "setmydescription" => presenting::set_my_text(server, parameters, "description"),
        "getmydescription" => Ok(presenting::get_my_text(server, parameters, "description")),
        "setmyshortdescription" => presenting::set_my_text(server, parameters, "short_description"),
        "getmyshortdescription" => Ok(presenting::get_my_text(server, parameters, "short_description")),
        "setchatmenubutton" | "setmydefaultadministratorrights" | "setmessagereaction" => {
            Ok(Value::Bool(true))
        }
        "getchatmenubutton" => Ok(serde_json::json!({ "type": "commands" })),
        "sendinvoice" => paying::send_invoice(server, parameters),
        "answerprecheckoutquery" => paying::answer_pre_checkout_query(server, parameters),
        "refundstarpayment" => paying::refund_star_payment(server, parameters),
        "getstartransactions" => paying::get_star_transactions(server, parameters),
        _ => Err(ApiError::not_found()),
    }
}

/// One line for the journal: the method, and what it was about.
pub fn summary(method: &str, result: &Value) -> String {
    let about = |message: &Value| {
        let kind = ["photo", "document", "voice", "invoice"]
            .into_iter()
            .find(|kind| message.get(kind).is_some())
            .unwrap_or("text");
        let person = message["chat"]["first_name"].as_str().unwrap_or_default();
        format!("{kind} {} for {person}", message["message_id"])
    };
    match result {
        Value::Array(messages) if messages.first().is_some_and(|first| first.get("message_id").is_some()) => {
            let person = messages[0]["chat"]["first_name"].as_str().unwrap_or_default();
            format!("{method}: album of {} for {person}", messages.len())
        }
        Value::Object(object) if object.contains_key("message_id") => format!("{method}: {}", about(result)),
        _ => method.to_owned(),
    }
}

/// The parameter `chat_id`.
fn chat_id(parameters: &Parameters) -> Result<i64, ApiError> {
    match parameters.text("chat_id") {
        None => Err(ApiError::bad_request("chat_id is empty")),
        Some(text) if text.is_empty() => Err(ApiError::bad_request("chat_id is empty")),
        Some(text) => text.parse().map_err(|_| ApiError::bad_request("chat not found")),
    }
}

/// The parameter `message_id`.
fn message_id(parameters: &Parameters) -> Result<i64, ApiError> {
    parameters
        .integer("message_id")?
        .ok_or_else(|| ApiError::bad_request("message identifier is not specified"))
}

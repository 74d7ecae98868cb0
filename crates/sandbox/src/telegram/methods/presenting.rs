//! What the bot says of itself, and what it can learn of a chat.

use serde_json::{Value, json};

use super::chat_id;
use crate::telegram::api_error::ApiError;
use crate::telegram::events::Happening;
use crate::telegram::message::Author;
use crate::telegram::parameters::Parameters;
use crate::telegram::profile::Command;
use crate::telegram::server::TelegramServer;

/// Most commands of a menu.
const MOST_COMMANDS: usize = 100;

/// A chat, with the fields that client libraries insist on.
pub(super) fn get_chat(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let chat_id = chat_id(parameters)?;
    server.look(|world| {
        let person = world.people.get(&chat_id);
        if person.is_none() && !world.groups.contains_key(&chat_id) {
            return Err(ApiError::bad_request("chat not found"));
        }
        let mut chat = world.chat_object(chat_id);
        chat["accent_color_id"] = json!(0);
        chat["max_reaction_count"] = json!(11);
        chat["accepted_gift_types"] = json!({
            "unlimited_gifts": true,
            "limited_gifts": true,
            "unique_gifts": true,
            "premium_subscription": true,
            "gifts_from_channels": true,
        });
        if let Some(name) = person.and_then(|person| person.username.as_ref()) {
            chat["active_usernames"] = json!([name]);
        }
        Ok(chat)
    })
}

/// The two members of a private chat.
pub(super) fn get_chat_member(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let chat_id = chat_id(parameters)?;
    let user_id = parameters.integer("user_id")?.unwrap_or_default();
    server.look(|world| {
        let person = world.people.get(&chat_id).ok_or_else(|| ApiError::bad_request("chat not found"))?;
        if user_id == person.telegram_id {
            return Ok(json!({ "status": "member", "user": person.user() }));
        }
        if user_id == world.bot.id {
            return Ok(json!({ "status": "member", "user": world.bot.user() }));
        }
        Err(ApiError::bad_request("PARTICIPANT_ID_INVALID"))
    })
}

/// Leaves a group; private chats can't be left.
pub(super) fn leave_chat(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let chat_id = chat_id(parameters)?;
    if server.change(|world| world.bot_leaves(chat_id)) {
        return Ok(Value::Bool(true));
    }
    let is_known = server.look(|world| world.people.contains_key(&chat_id));
    Err(ApiError::bad_request(if is_known {
        "chat member status can't be changed in private chats"
    } else {
        "chat not found"
    }))
}

/// Sets the commands of a language.
pub(super) fn set_my_commands(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let commands: Vec<Command> = parameters
        .parsed("commands")?
        .ok_or_else(|| ApiError::bad_request("parameter \"commands\" is required"))?;
    if commands.len() > MOST_COMMANDS {
        return Err(ApiError::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in &commands {
        let name = command.command.strip_prefix('/').unwrap_or(&command.command);
        let is_good = (1..=32).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_good {
            return Err(ApiError::bad_request("BOT_COMMAND_INVALID"));
        }
        if !(1..=256).contains(&command.description.chars().count()) {
            return Err(ApiError::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    server.change(|world| {
        world.bot.set_commands(&language(parameters), commands);
        world.events.add(0, Author::Bot, Happening::ProfileChanged);
    });
    Ok(Value::Bool(true))
}

/// The commands of a language.
pub(super) fn get_my_commands(server: &TelegramServer, parameters: &Parameters) -> Value {
    server.look(|world| json!(world.bot.commands(&language(parameters))))
}

/// Removes the commands of a language.
pub(super) fn delete_my_commands(server: &TelegramServer, parameters: &Parameters) -> Value {
    server.change(|world| {
        world.bot.set_commands(&language(parameters), Vec::new());
        world.events.add(0, Author::Bot, Happening::ProfileChanged);
    });
    Value::Bool(true)
}

/// Sets the name or a description.
pub(super) fn set_my_text(
    server: &TelegramServer,
    parameters: &Parameters,
    field: &str,
) -> Result<Value, ApiError> {
    let text = parameters.text(field).unwrap_or_default();
    let longest = match field {
        "name" => 64,
        "short_description" => 120,
        _ => 512,
    };
    if text.chars().count() > longest {
        return Err(ApiError::bad_request(format!("bot {field} is too long")));
    }
    server.change(|world| {
        world.bot.set_text(field, &language(parameters), text);
        world.events.add(0, Author::Bot, Happening::ProfileChanged);
    });
    Ok(Value::Bool(true))
}

/// The name or a description.
pub(super) fn get_my_text(server: &TelegramServer, parameters: &Parameters, field: &str) -> Value {
    let text = server.look(|world| world.bot.text(field, &language(parameters)).to_owned());
    json!({ field: text })
}

fn language(parameters: &Parameters) -> String {
    parameters.text("language_code").unwrap_or_default()
}

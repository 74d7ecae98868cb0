//! A person presses buttons: of their own chat or another's, once or several times, there or long gone.

use serde::Serialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::telegram::events::Happening;
use crate::telegram::message::{Author, Message};
use crate::telegram::server::TelegramServer;
use crate::telegram::world::World;

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

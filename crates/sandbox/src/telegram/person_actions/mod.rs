//! What a person does in their Telegram: write, send photos, press buttons, block the bot, pay.

mod appearing;
mod paying;
mod pressing;
mod sending;

use serde_json::Value;

use super::chat::Standing;
use super::message::{Author, Message};
use super::view::message_view;
use super::world::{Draft, World};

pub use appearing::NewPerson;
pub use pressing::{Button, Press};
pub use sending::{Album, AlbumKind};

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
    tell_bot(world, &message);
    message_view(&world.files, &message)
}

fn tell_bot(world: &mut World, message: &Message) {
    let object = world.message_object(message);
    world.updates.add(message.chat_id, "message", object);
}

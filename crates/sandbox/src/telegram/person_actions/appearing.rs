//! People come, block the bot, and let it in again.

use serde::Deserialize;
use serde_json::json;

use super::{Refusal, known};
use crate::clock;
use crate::telegram::chat::Standing;
use crate::telegram::events::Happening;
use crate::telegram::message::Author;
use crate::telegram::person::Person;
use crate::telegram::server::TelegramServer;
use crate::telegram::world::World;

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

//! Groups into which people take the bot: as much of them as a bot for private chats has to cope with.

use serde_json::{Value, json};

use super::message::{Author, Content};
use super::person_actions::Refusal;
use super::server::TelegramServer;
use super::text::{FormattedText, detect};
use super::world::{Draft, World};
use crate::clock;

/// The id of the first group; the next ones go down from there.
const FIRST_GROUP: i64 = -4_000_001;

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Negative, as the ids of groups are.
    pub chat_id: i64,
    /// Its name.
    pub title: String,
    /// Whether the bot is in it.
    pub has_bot: bool,
}

impl Group {
    /// The `Chat` object.
    pub fn chat(&self) -> Value {
        json!({
            "id": self.chat_id,
            "type": "group",
            "title": self.title,
            "all_members_are_administrators": true,
        })
    }
}

impl TelegramServer {
    /// A person makes a group and takes the bot into it; gives the group's chat id.
    ///
    /// # Errors
    /// When the person is unknown.
    pub fn person_makes_group(&self, person: i64, title: &str) -> Result<i64, Refusal> {
        self.change(|world| {
            let user = world.people.get(&person).ok_or(Refusal::NoSuchPerson(person))?.user();
            let chat_id = world.groups.keys().next().map_or(FIRST_GROUP, |lowest| lowest - 1);
            let group = Group { chat_id, title: title.to_owned(), has_bot: true };
            world.groups.insert(chat_id, group);
            world.tell_membership(chat_id, &user, ["left", "member"]);
            Ok(chat_id)
        })
    }

    /// A person writes into a group.
    ///
    /// # Errors
    /// When the person or the group is unknown, or the text is empty.
    pub fn person_writes_in_group(&self, person: i64, chat_id: i64, text: &str) -> Result<(), Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::Impossible("a client sends no empty text"));
        }
        self.change(|world| {
            if !world.people.contains_key(&person) {
                return Err(Refusal::NoSuchPerson(person));
            }
            let group = world.groups.get(&chat_id).ok_or(Refusal::NoSuchPerson(chat_id))?;
            let has_bot = group.has_bot;
            let content = Content::Text { text: detect(FormattedText::plain(text.trim())) };
            let draft = Draft { writer: Some(person), ..Draft::of(content) };
            let message = world.post(chat_id, Author::Person, draft);
            if has_bot {
                let object = world.message_object(&message);
                world.updates.add(chat_id, "message", object);
            }
            Ok(())
        })
    }
}

impl World {
    /// The bot leaves a group; false when there is no such group, or the bot is not in it.
    pub(super) fn bot_leaves(&mut self, chat_id: i64) -> bool {
        let Some(group) = self.groups.get_mut(&chat_id).filter(|group| group.has_bot) else { return false };
        group.has_bot = false;
        let bot = self.bot.user();
        self.tell_membership(chat_id, &bot, ["member", "left"]);
        true
    }

    fn tell_membership(&mut self, chat_id: i64, by: &Value, [before, after]: [&str; 2]) {
        let member = |status: &str| json!({ "user": self.bot.user(), "status": status });
        let update = json!({
            "chat": self.chat_object(chat_id),
            "from": by,
            "date": clock::unix_seconds(),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        });
        self.updates.add(chat_id, "my_chat_member", update);
    }
}

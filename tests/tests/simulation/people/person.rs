//! What a person does next.

use std::time::Duration;

use chat::{AvatarButton, CallbackData, ErasureStep, WizardButton};
use kernel::{ChatId, ImageCount, MessageId};
use serde_json::{Value, json};
use testkit::fakes::{FakeGenerator, FakeModerator};

use super::sitting::Sitting;
use super::wire;
use crate::chance::{Chance, Stream};
use crate::coverage::Coverage;
use crate::scenario::{Occupation, Scenario};
use crate::telegram::{Body, Message, Telegram};

/// A button as the person saw it.
#[derive(Debug, Clone)]
struct Seen {
    message: Value,
    data: CallbackData,
}

/// What came of a person's turn.
#[derive(Debug, Default)]
pub struct Deed {
    /// What the bot is told.
    pub updates: Vec<Value>,
    /// Somebody gives them credits.
    pub gift: Option<u64>,
    /// When they do the next thing; never when they are done.
    pub next: Option<Duration>,
}

/// A person.
pub struct Person {
    pub(super) number: u64,
    user: Value,
    pub(super) chance: Chance,
    pub(super) acts_left: u64,
    wishes: u64,
    occupation: Occupation,
    pub(super) sitting: Sitting,
    pub(super) has_said_farewell: bool,
    /// Paid and other fateful buttons that they ever saw.
    seen: Vec<Seen>,
    is_away: bool,
}

impl Person {
    /// A person of a seed.
    pub fn of(seed: u64, number: u64, scenario: &Scenario) -> Self {
        let mut chance = Chance::of(seed, Stream::Person(number));
        let language = *chance.pick(&["en", "ru", "de"]);
        let id = 100 + i64::try_from(number).expect("a few people");
        Self {
            number,
            user: wire::user(id, language),
            acts_left: scenario.acts,
            chance,
            wishes: 0,
            occupation: scenario.occupation,
            sitting: Sitting::default(),
            has_said_farewell: false,
            seen: Vec::new(),
            is_away: false,
        }
    }

    /// The conversation with the bot.
    pub fn room(&self) -> ChatId {
        ChatId::new(self.user["id"].as_i64().expect("an id"))
    }

    /// Whether they ever asked for everything of them to be erased.
    pub const fn has_said_farewell(&self) -> bool {
        self.has_said_farewell
    }

    /// Does the next thing.
    pub fn act(&mut self, telegram: &Telegram, coverage: &Coverage) -> Deed {
        let messages = telegram.messages(self.room());
        self.look_at(&messages);
        let mut deed = Deed::default();
        if self.is_away {
            self.is_away = false;
            telegram.unblock(self.room());
        } else if messages.is_empty() && self.chance.percent(80) {
            deed.updates = self.say(telegram, "/start");
        } else {
            self.choose(telegram, coverage, &messages, &mut deed);
        }
        self.acts_left = self.acts_left.saturating_sub(1);
        if self.acts_left > 0 || self.is_away {
            let most = *self.chance.pick(&[3, 6, 15, 60]);
            deed.next = Some(self.chance.between(Duration::from_millis(300), Duration::from_secs(most)));
        }
        deed
    }

    fn look_at(&mut self, messages: &[Message]) {
        let room = self.room();
        for message in messages {
            for data in message.buttons().filter(is_fateful) {
                if !self.seen.iter().any(|seen| seen.data == data) {
                    self.seen.push(Seen { message: message.wire(room), data });
                }
            }
        }
    }

    fn choose(&mut self, telegram: &Telegram, coverage: &Coverage, messages: &[Message], deed: &mut Deed) {
        let terms = |data: &CallbackData| matches!(data, CallbackData::AcceptTerms { .. });
        if self.chance.percent(70) && self.sees(messages, terms) {
            deed.updates = self.press_visible(telegram, coverage, messages, terms);
            return;
        }
        if self.occupation == Occupation::Avatars
            && let Some(updates) = self.sit(telegram, coverage, messages)
        {
            deed.updates = updates;
            return;
        }
        let surely = |data: &CallbackData| matches!(data, CallbackData::Delete { .. });
        if self.chance.percent(40) && self.sees(messages, surely) {
            deed.updates = self.press_visible(telegram, coverage, messages, surely);
            return;
        }
        let draw = |data: &CallbackData| matches!(data, CallbackData::Draw(_));
        let several = |data: &CallbackData| matches!(data, CallbackData::Choose(choice) if choice.count != ImageCount::ONE);
        let choose = |data: &CallbackData| matches!(data, CallbackData::Choose(_));
        deed.updates = match self.chance.below(100) {
            0..15 if self.sees(messages, draw) => self.press_visible(telegram, coverage, messages, several),
            15..48 if self.sees(messages, draw) => self.press_visible(telegram, coverage, messages, draw),
            0..30 => self.wish(telegram),
            30..34 => self.press_visible(telegram, coverage, messages, choose),
            34..44 => self
                .press_visible(telegram, coverage, messages, |data| matches!(data, CallbackData::Again(_))),
            44..52 => self.press_remembered(telegram, coverage),
            52..60 => self.press_visible(telegram, coverage, messages, |data| {
                matches!(data, CallbackData::AskDeletion { .. } | CallbackData::PickForDeletion { .. })
            }),
            60 | 61 => self.say(telegram, "/settings"),
            62..66 => self.press_visible(telegram, coverage, messages, |data| {
                matches!(data, CallbackData::CancelRequest { .. })
            }),
            66..70 => self.say(telegram, "/cancel"),
            70..76 => self.say(telegram, "/gallery"),
            76..79 => self.say(telegram, "/balance"),
            79..89 => self.press_visible(telegram, coverage, messages, |_| true),
            89 => self.say(telegram, "/start"),
            90 => self.send(telegram, json!({"photo": [], "caption": "like this one"})),
            91 | 92 => {
                self.block(telegram, coverage);
                Vec::new()
            }
            93 | 94 => {
                self.remove_one(telegram, coverage, messages);
                Vec::new()
            }
            95 | 96 => {
                deed.gift = Some(self.number * 100 + self.acts_left);
                Vec::new()
            }
            _ => self.wish(telegram),
        };
    }

    fn wish(&mut self, telegram: &Telegram) -> Vec<Value> {
        self.wishes += 1;
        let subject = match self.chance.below(20) {
            0 => FakeGenerator::REFUSED,
            1 => FakeModerator::FLAGGED,
            2 => "<b>fox</b> & *hare*",
            _ => "fox",
        };
        let command = *self.chance.pick(&["/imagine ", ""]);
        self.say(telegram, &format!("{command}{subject} {} of {}", self.wishes, self.number))
    }

    pub(super) fn say(&mut self, telegram: &Telegram, words: &str) -> Vec<Value> {
        self.send(telegram, json!({ "text": words }))
    }

    pub(super) fn send(&mut self, telegram: &Telegram, content: Value) -> Vec<Value> {
        vec![wire::message(telegram, &self.user, content)]
    }

    pub(super) fn sees(&self, messages: &[Message], is_wanted: impl Fn(&CallbackData) -> bool) -> bool {
        messages.iter().flat_map(Message::buttons).any(|data| is_wanted(&data))
    }

    /// Presses one of the buttons that are there, of the newest message that has one.
    pub(super) fn press_visible(
        &mut self,
        telegram: &Telegram,
        coverage: &Coverage,
        messages: &[Message],
        is_wanted: impl Fn(&CallbackData) -> bool,
    ) -> Vec<Value> {
        for message in messages.iter().rev() {
            let wanted: Vec<CallbackData> = message.buttons().filter(&is_wanted).collect();
            if !wanted.is_empty() {
                let data = *self.chance.pick(&wanted);
                let seen = Seen { message: message.wire(self.room()), data };
                return self.press(telegram, coverage, &seen);
            }
        }
        self.wish(telegram)
    }

    /// Presses a button as it once was, whatever has become of its message.
    fn press_remembered(&mut self, telegram: &Telegram, coverage: &Coverage) -> Vec<Value> {
        if self.seen.is_empty() {
            return self.say(telegram, "/start");
        }
        let seen = self.chance.pick(&self.seen).clone();
        coverage.saw("people: an old button");
        self.press(telegram, coverage, &seen)
    }

    fn press(&mut self, telegram: &Telegram, coverage: &Coverage, seen: &Seen) -> Vec<Value> {
        let times = *self.chance.pick(&[1, 1, 1, 2, 3]);
        if times > 1 && is_paid(&seen.data) {
            coverage.saw("people: a paid button pressed several times at once");
        }
        self.expect(&seen.data);
        let data = seen.data.encode();
        (0..times).map(|_| wire::press(telegram, &self.user, &seen.message, &data)).collect()
    }

    fn block(&mut self, telegram: &Telegram, coverage: &Coverage) {
        coverage.saw("people: the bot is blocked");
        telegram.block(self.room());
        self.is_away = true;
    }

    fn remove_one(&mut self, telegram: &Telegram, coverage: &Coverage, messages: &[Message]) {
        let words: Vec<MessageId> =
            messages.iter().filter(|message| message.body == Body::Text).map(|message| message.id).collect();
        if let Some(newest) = words.last() {
            coverage.saw("people: a message of the bot is removed");
            telegram.remove(self.room(), *newest);
        }
    }
}

const fn is_paid(data: &CallbackData) -> bool {
    matches!(
        data,
        CallbackData::Draw(_) | CallbackData::Again(_) | CallbackData::Wizard(WizardButton::Order { .. })
    )
}

const fn is_fateful(data: &CallbackData) -> bool {
    is_paid(data)
        || matches!(
            data,
            CallbackData::AcceptTerms { .. }
                | CallbackData::Choose(_)
                | CallbackData::Delete { .. }
                | CallbackData::CancelRequest { .. }
                | CallbackData::Wizard(WizardButton::Agree { .. } | WizardButton::PhotosDone { .. })
                | CallbackData::Avatar(
                    AvatarButton::Cancel { .. }
                        | AvatarButton::Retrain { .. }
                        | AvatarButton::SecondTry { .. }
                )
                | CallbackData::Erasure(ErasureStep::Confirmed { .. })
        )
}

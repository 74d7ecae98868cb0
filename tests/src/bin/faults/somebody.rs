//! A person: looks at the chat, and does what people do next.

use std::collections::BTreeSet;
use std::time::Duration;

use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tests::{Driving, Message};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::sitting::Sitting;

/// After so long without an answer a person tries again.
const PATIENCE: Duration = Duration::from_secs(15);
/// Requests that a person has under way at most: the bot refuses more than three.
const UNDER_WAY: usize = 2;
/// What people want to see.
const SUBJECTS: [&str; 6] =
    ["a red fox", "a lighthouse", "an old bridge", "a green teapot", "two boats", "a <b>barn</b>"];

/// What a person is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occupation {
    /// They have images drawn.
    Draws,
    /// They also have an avatar trained, and are drawn.
    TrainsAnAvatar,
    /// They also make an avatar that needs no training, and are drawn.
    MakesAnInstantAvatar,
}

/// A person.
pub struct Somebody {
    id: i64,
    pub(crate) number: usize,
    pub(crate) driving: Driving,
    pub(crate) chance: ChaCha8Rng,
    occupation: Occupation,
    pub(crate) sitting: Sitting,
    wishes: u32,
    deeds: u64,
    greeted_at: Option<Instant>,
    agreed_at: Option<Instant>,
    /// Messages whose paid button was pressed.
    paid: BTreeSet<i64>,
}

impl Somebody {
    /// A person of a seed, who is new to the bot.
    pub async fn appear(driving: &Driving, seed: u64, number: usize, occupation: Occupation) -> Self {
        let name = format!("Person {number}");
        let person = driving.post("/people", json!({ "first_name": name, "language_code": "en" })).await;
        let own = u64::try_from(number).expect("few people");
        Self {
            id: person["telegram_id"].as_i64().expect("an id"),
            number,
            driving: driving.clone(),
            chance: ChaCha8Rng::seed_from_u64(seed.wrapping_mul(100_003).wrapping_add(own)),
            occupation,
            sitting: Sitting::default(),
            wishes: 0,
            deeds: 0,
            greeted_at: None,
            agreed_at: None,
            paid: BTreeSet::new(),
        }
    }

    /// Lives until told to leave; how much was done.
    pub async fn live(mut self, mut leave: watch::Receiver<bool>) -> u64 {
        loop {
            let pause = Duration::from_millis(self.chance.random_range(700..7_000));
            tokio::select! {
                biased;
                _ = leave.wait_for(|leave| *leave) => return self.deeds,
                () = sleep(pause) => {}
            }
            self.act().await;
        }
    }

    async fn act(&mut self) {
        let messages = self.chat().await;
        if !messages.iter().any(|message| !message.buttons.is_empty()) {
            if is_over(self.greeted_at) {
                self.greeted_at = Some(Instant::now());
                self.say("/start").await;
            }
            return;
        }
        if let Some(terms) = newest_with(&messages, "Accept") {
            if is_over(self.agreed_at) {
                self.agreed_at = Some(Instant::now());
                self.press(terms, "Accept", 1).await;
            }
            return;
        }
        let is_at_avatar = match self.occupation {
            Occupation::Draws => false,
            Occupation::TrainsAnAvatar => self.sit(&messages, "Portrait").await,
            Occupation::MakesAnInstantAvatar => self.sit(&messages, "Instant").await,
        };
        if !is_at_avatar {
            self.draw(&messages).await;
        }
    }

    /// Something about images.
    async fn draw(&mut self, messages: &[Message]) {
        let under_way = messages.iter().filter(|message| is_under_way(message)).count();
        let unpaid =
            |message: &&Message| starts_with(message, "Draw ").is_some() && !self.paid.contains(&message.id);
        let card = messages.iter().rev().find(unpaid);
        match (self.chance.random_range(0..100), card) {
            (0..12, Some(card)) => {
                let count = *["2", "3", "4"].choose(&mut self.chance).expect("some");
                self.press(card, count, 1).await;
            }
            (12..75, Some(card)) => {
                let label = starts_with(card, "Draw ").expect("seen above").to_owned();
                let times = *[1, 1, 1, 2, 3].choose(&mut self.chance).expect("some");
                self.paid.insert(card.id);
                self.press(card, &label, times).await;
            }
            (75..80, _) => self.press_any(messages, "Again").await,
            (80..83, _) => self.press_any(messages, "✖ Cancel").await,
            (83..86, _) => self.say("/balance").await,
            (86, _) => self.say("/settings").await,
            (87, _) => self.say("/cancel").await,
            (88, _) => self.say("/avatars").await,
            _ if under_way < UNDER_WAY => self.wish().await,
            _ => {}
        }
    }

    async fn wish(&mut self) {
        self.wishes += 1;
        let subject = *SUBJECTS.choose(&mut self.chance).expect("some");
        let command = *["/imagine ", ""].choose(&mut self.chance).expect("some");
        self.say(&format!("{command}{subject}, number {} of {}", self.wishes, self.number)).await;
    }

    async fn press_any(&mut self, messages: &[Message], label: &str) {
        if let Some(message) = newest_with(messages, label) {
            self.press(message, label, 1).await;
        }
    }

    /// The chat as it is now; nothing before the first word.
    async fn chat(&self) -> Vec<Message> {
        let Ok(transcript) = self.driving.try_get(&self.path("transcript")).await else {
            return Vec::new();
        };
        let messages = transcript["messages"].as_array().cloned().unwrap_or_default();
        messages.iter().map(Message::read).filter(|message| !message.is_deleted).collect()
    }

    pub(crate) async fn say(&mut self, words: &str) {
        self.deeds += 1;
        self.driving.post(&self.path("text"), json!({ "text": words })).await;
    }

    /// Presses a button. It may be gone by now, as for somebody whose telephone is slow.
    pub(crate) async fn press(&mut self, message: &Message, label: &str, times: u32) {
        self.deeds += 1;
        let Some(label) = message.button(label) else {
            return;
        };
        let press = json!({ "message_id": message.id, "label": label, "times": times });
        let _gone_meanwhile: Result<Value, String> = self.driving.try_post(&self.path("press"), press).await;
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/people/{}/{rest}", self.id)
    }
}

/// Whether somebody has waited long enough since this moment.
fn is_over(since: Option<Instant>) -> bool {
    since.is_none_or(|since| since.elapsed() > PATIENCE)
}

/// The newest message with a button whose label contains this.
pub(crate) fn newest_with<'chat>(messages: &'chat [Message], label: &str) -> Option<&'chat Message> {
    messages.iter().rev().find(|message| message.button(label).is_some())
}

/// The label of a message's button that starts like this.
pub(crate) fn starts_with<'chat>(message: &'chat Message, start: &str) -> Option<&'chat str> {
    message.buttons.iter().map(|(label, _)| label.as_str()).find(|label| label.starts_with(start))
}

/// Whether a message says that something is being drawn.
fn is_under_way(message: &Message) -> bool {
    message.buttons.len() == 1 && message.button("✖ Cancel").is_some()
}

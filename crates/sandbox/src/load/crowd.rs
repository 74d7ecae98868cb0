//! People who write to the bot, press its buttons and wait for its answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use crate::telegram::{Author, Button, Event, Happening, NewPerson, TelegramServer};

/// How long a person waits for what they need in order to go on.
const PATIENCE: Duration = Duration::from_mins(5);

/// What the bot shows, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// In a new message.
    New,
    /// In a message that was there.
    Edited,
}

/// Something that the bot showed to a person.
#[derive(Debug)]
pub(super) struct Heard {
    /// When it reached them.
    pub(super) at: Instant,
    /// How.
    pub(super) shown: Shown,
    /// The message as the transcript has it.
    message: Value,
}

impl Heard {
    /// `text`, `photo`, …
    pub(super) fn kind(&self) -> &str {
        self.message["kind"].as_str().unwrap_or_default()
    }

    /// The labels of the message's buttons.
    pub(super) fn labels(&self) -> impl Iterator<Item = &str> {
        let rows = self.message["keyboard"].as_array().into_iter().flatten();
        rows.filter_map(Value::as_array).flatten().filter_map(|button| button["text"].as_str())
    }

    fn label_with(&self, part: &str) -> Option<&str> {
        self.labels().find(|label| label.contains(part))
    }
}

type Mailboxes = Arc<Mutex<BTreeMap<i64, UnboundedSender<Heard>>>>;

/// People who come one after the other, and what hears for them.
pub(super) struct Crowd {
    telegram: TelegramServer,
    mailboxes: Mailboxes,
    hearing: JoinHandle<()>,
    people: u32,
}

impl Crowd {
    /// Nobody yet.
    pub(super) fn gather(telegram: &TelegramServer) -> Self {
        let mailboxes = Mailboxes::default();
        let hearing =
            tokio::spawn(hear(telegram.look(|world| world.events.listen()), Arc::clone(&mailboxes)));
        Self { telegram: telegram.clone(), mailboxes, hearing, people: 0 }
    }

    /// One more person, who has never written to the bot.
    pub(super) fn stranger(&mut self) -> Member {
        self.people += 1;
        let name = format!("Load {}", self.people);
        let person = self.telegram.add_person(NewPerson {
            telegram_id: None,
            first_name: name.clone(),
            last_name: None,
            username: None,
            language_code: Some("en".to_owned()),
        });
        let (sender, mailbox) = unbounded_channel();
        self.mailboxes.lock().unwrap_or_else(PoisonError::into_inner).insert(person.telegram_id, sender);
        Member { id: person.telegram_id, name, telegram: self.telegram.clone(), mailbox }
    }

    /// Brings the crowd up to `people`, all of whom have accepted the terms.
    pub(super) async fn grow_to(&mut self, members: &mut Vec<Member>, people: usize) -> anyhow::Result<()> {
        let missing = people.saturating_sub(members.len());
        let mut strangers: Vec<Member> = (0..missing).map(|_| self.stranger()).collect();
        futures::future::try_join_all(strangers.iter_mut().map(Member::join)).await?;
        members.append(&mut strangers);
        Ok(())
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.hearing.abort();
    }
}

/// Puts what the bot shows into the mailbox of whom it is shown to.
async fn hear(mut events: tokio::sync::broadcast::Receiver<Event>, mailboxes: Mailboxes) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(missed)) => {
                tracing::error!(missed, "answers were missed: they will count as never given");
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        let (shown, message) = match (event.by, event.happening) {
            (Author::Bot, Happening::Message { message }) => (Shown::New, message),
            (Author::Bot, Happening::Edited { message }) => (Shown::Edited, message),
            _ => continue,
        };
        let mailboxes = mailboxes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mailbox) = mailboxes.get(&event.chat_id) {
            // Whoever is gone hears nothing.
            let _gone = mailbox.send(Heard { at: Instant::now(), shown, message });
        }
    }
}

/// One of the people.
pub(super) struct Member {
    id: i64,
    name: String,
    telegram: TelegramServer,
    mailbox: UnboundedReceiver<Heard>,
}

impl Member {
    /// Their first name, which nobody else has.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Writes. What was heard before is forgotten.
    pub(super) fn say(&mut self, text: &str) -> anyhow::Result<()> {
        while self.mailbox.try_recv().is_ok() {}
        self.telegram.person_sends_text(self.id, text, None)?;
        Ok(())
    }

    /// Writes and waits for a new message; how long that took, or `None` when it took longer than `patience`.
    pub(super) async fn ask(&mut self, text: &str, patience: Duration) -> anyhow::Result<Option<Duration>> {
        let asked = Instant::now();
        self.say(text)?;
        while let Ok(heard) = timeout_at(asked + patience, self.mailbox.recv()).await {
            let heard = heard.context("nobody hears for the crowd any more")?;
            if heard.shown == Shown::New {
                return Ok(Some(heard.at.duration_since(asked)));
            }
        }
        Ok(None)
    }

    /// Waits for something that the bot shows.
    pub(super) async fn hear(&mut self, what: &str, is_it: impl Fn(&Heard) -> bool) -> anyhow::Result<Heard> {
        let deadline = Instant::now() + PATIENCE;
        let mut last = None;
        while let Ok(heard) = timeout_at(deadline, self.mailbox.recv()).await {
            let heard = heard.context("nobody hears for the crowd any more")?;
            if is_it(&heard) {
                return Ok(heard);
            }
            last = Some(heard.message);
        }
        bail!("{} waited in vain for {what}; the last they saw was {last:?}", self.name)
    }

    /// Presses the button whose label contains `part`.
    pub(super) fn press(&self, heard: &Heard, part: &str) -> anyhow::Result<()> {
        let label = heard.label_with(part).with_context(|| format!("there is no button {part:?}"))?;
        self.press_label(heard, label)
    }

    fn press_label(&self, heard: &Heard, label: &str) -> anyhow::Result<()> {
        let message = heard.message["message_id"].as_i64().context("a message has a number")?;
        self.telegram.person_presses(self.id, self.id, message, &Button::Label(label.to_owned()), 1)?;
        Ok(())
    }

    /// Comes for the first time: accepts the terms and gets the welcome credits.
    pub(super) async fn join(&mut self) -> anyhow::Result<()> {
        self.say("/start")?;
        let terms = self.hear("the terms", |heard| heard.label_with("Accept").is_some()).await?;
        self.press(&terms, "Accept")?;
        self.hear("the menu", |heard| heard.shown == Shown::Edited).await?;
        Ok(())
    }

    /// Asks for so many images of something and presses the paid button.
    pub(super) async fn order(&mut self, prompt: &str, images: u8) -> anyhow::Result<()> {
        self.say(&format!("/imagine {prompt}"))?;
        let price = format!("Draw {images} ");
        let offers = |heard: &Heard| heard.label_with("Draw ").is_some();
        let mut offer = self.hear("an offer", offers).await?;
        if offer.label_with(&price).is_none() {
            self.press_label(&offer, &images.to_string())?;
            offer = self.hear("another price", |heard| heard.label_with(&price).is_some()).await?;
        }
        self.press(&offer, &price)
    }
}

//! A person who makes an avatar of themselves: what comes next follows from what the chat shows.

use std::collections::BTreeSet;

use rand::RngExt as _;
use tests::{Message, portraits};
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::somebody::{Somebody, newest_with, starts_with};

/// Photos for an avatar that is trained.
const PORTRAITS: u32 = 12;
/// Photos of one album.
const ALBUM: usize = 10;
/// Photos for one that is not.
const INSTANT_PORTRAITS: u32 = 2;
/// How long a person waits before they begin again, in seconds.
const PATIENCE: u64 = 40;

/// How far a person is.
#[derive(Debug, Default)]
pub struct Sitting {
    begun_at: Option<Instant>,
    answered: BTreeSet<i64>,
    has_sent_photos: bool,
    has_ordered: bool,
}

impl Somebody {
    /// Does something about an avatar of this kind, if there is something to be done.
    pub(crate) async fn sit(&mut self, messages: &[Message], kind: &str) -> bool {
        if self.chance.random_range(0..100) < 25 {
            return false;
        }
        if self.sitting.has_ordered {
            return self.be_drawn(messages).await;
        }
        let order = if kind == "Portrait" { "🚀 Train" } else { "⚡ Done" };
        if self.sitting.has_sent_photos
            && let Some(message) = newest_with(messages, order)
        {
            // An instant avatar is done once its photos were looked at; until then the button says so.
            self.sitting.has_ordered = kind == "Portrait" || !message.words.contains("looked at");
            self.press(message, order, 1).await;
            return true;
        }
        if self.sitting.has_sent_photos
            && let Some(way) =
                ["Standard", "Continue"].into_iter().find(|way| newest_with(messages, way).is_some())
            && let Some(message) = newest_with(messages, way)
        {
            self.press(message, way, 1).await;
            return true;
        }
        if let Some(message) = messages.iter().rev().find(|message| message.words.contains("0 of"))
            && message.words.contains("Photos for")
            && !self.sitting.has_sent_photos
        {
            self.sitting.has_sent_photos = true;
            self.send_photos(if kind == "Portrait" { PORTRAITS } else { INSTANT_PORTRAITS }).await;
            return true;
        }
        self.begin(messages, kind).await
    }

    /// The steps up to the photos.
    async fn begin(&mut self, messages: &[Message], kind: &str) -> bool {
        if let Some(message) = newest_with(messages, kind).filter(|message| message.button("Style").is_some())
        {
            self.press(message, kind, 1).await;
            return true;
        }
        let question = messages.iter().rev().find(|message| message.words.contains("What shall we call"));
        if let Some(question) = question
            && self.sitting.answered.insert(question.id)
        {
            let name = format!("Anna {}", self.number);
            self.say(&name).await;
            return true;
        }
        for way in ["I agree", "Go on", "New avatar"] {
            if let Some(message) = newest_with(messages, way) {
                self.press(message, way, 1).await;
                return true;
            }
        }
        let is_late = self.sitting.begun_at.is_none_or(|begun_at| begun_at.elapsed().as_secs() > PATIENCE);
        if is_late {
            self.sitting.begun_at = Some(Instant::now());
            self.say("/avatars").await;
        }
        is_late
    }

    async fn be_drawn(&mut self, messages: &[Message]) -> bool {
        let is_ready = messages.iter().any(|message| message.words.contains("is ready"));
        let has_card = messages.iter().any(|message| starts_with(message, "Draw ").is_some());
        if !is_ready || has_card || self.chance.random_range(0..100) < 60 {
            return false;
        }
        let words = format!("/draw by a window, {} o'clock", self.chance.random_range(0..10_000));
        self.say(&words).await;
        true
    }

    async fn send_photos(&mut self, count: u32) {
        let photos = spawn_blocking(move || portraits(0, count)).await.expect("photos can be drawn");
        for album in photos.chunks(ALBUM) {
            self.driving.send(&self.path("album"), album, &[]).await;
        }
    }
}

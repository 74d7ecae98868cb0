//! What each person really got to see: one line for every message or medium that reached them, never taken back.

use std::collections::VecDeque;

use serde::Serialize;

use crate::clock;

/// Lines that are kept.
const MOST_LINES: usize = 100_000;

/// How something came to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// In a new message.
    Sent,
    /// A message was edited to hold it.
    Edited,
}

/// Something that a person saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sight {
    /// Unix milliseconds.
    pub at_ms: u64,
    /// The chat, which is the id of its person.
    pub chat_id: i64,
    /// The message.
    pub message_id: i64,
    /// `text`, `photo`, `document`, …
    pub kind: &'static str,
    /// How it came.
    pub arrival: Arrival,
    /// The album.
    pub media_group_id: Option<String>,
    /// SHA-256 in hexadecimal digits of the file that the bot once sent.
    pub content_sha256: Option<String>,
    /// The words, shortened to 200 characters.
    pub words: String,
}

/// The sights, oldest first.
#[derive(Debug, Default)]
pub struct DeliveredLog {
    sights: VecDeque<Sight>,
}

impl DeliveredLog {
    /// Adds a line and dates it.
    pub fn add(&mut self, mut sight: Sight) {
        sight.at_ms = clock::unix_millis();
        if self.sights.len() == MOST_LINES {
            self.sights.pop_front();
        }
        self.sights.push_back(sight);
    }

    /// All lines, oldest first.
    pub fn lines(&self) -> impl Iterator<Item = &Sight> {
        self.sights.iter()
    }
}

//! What the bot knows, for the page's side panel and for tests that look into it.

use async_trait::async_trait;
use serde::Serialize;

/// The bot's accounts, ledger, jobs, generations and avatars as they are now.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SystemSnapshot {
    /// Everybody's balance.
    pub accounts: Vec<AccountLine>,
    /// The latest ledger entries, newest first.
    pub ledger: Vec<LedgerLine>,
    /// The latest jobs, newest first.
    pub jobs: Vec<JobLine>,
    /// The latest generations, newest first.
    pub generations: Vec<GenerationLine>,
    /// The latest avatars that are not deleted, newest first.
    pub avatars: Vec<AvatarLine>,
}

/// A person's balance in credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountLine {
    /// Telegram's id of the person.
    pub telegram_id: i64,
    /// Credits that were given.
    pub bonus: i64,
    /// Credits that were bought.
    pub paid: i64,
    /// Credits set aside for work under way.
    pub held: i64,
}

/// A ledger entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerLine {
    /// Unix milliseconds.
    pub at: i64,
    /// Telegram's id of the person.
    pub telegram_id: Option<i64>,
    /// `grant-bonus`, `hold`, `capture`, `release`, …
    pub kind: String,
    /// Credits that the entry moves.
    pub amount: i64,
    /// By how much the bonus credits change.
    pub bonus: i64,
    /// By how much the paid credits change.
    pub paid: i64,
    /// By how much the held credits change.
    pub held: i64,
    /// The operation's key.
    pub key: String,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JobLine {
    /// Its id.
    pub id: String,
    /// What it looks at.
    pub kind: String,
    /// `ready`, `running`, …
    pub state: String,
    /// Claims so far.
    pub attempt: i64,
    /// When it is due, Unix milliseconds.
    pub run_at: i64,
}

/// A generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GenerationLine {
    /// Its id.
    pub id: String,
    /// Telegram's id of the person.
    pub telegram_id: Option<i64>,
    /// Where its state machine stands.
    pub state: String,
    /// What was asked for.
    pub prompt: String,
    /// The model that makes it.
    pub model: String,
    /// Its price in credits.
    pub price: i64,
}

/// An avatar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AvatarLine {
    /// Its id.
    pub id: String,
    /// Telegram's id of the person.
    pub telegram_id: Option<i64>,
    /// What it is called; empty before that was asked.
    pub name: String,
    /// `portrait`, `style` or `instant`; none before that was asked.
    pub kind: Option<String>,
    /// Where its state machine stands.
    pub status: String,
    /// How much of its training is done, 0 to 100, while that is known.
    pub percent: Option<u8>,
    /// Whether it is the person's main avatar.
    pub main: bool,
}

/// Why nothing can be seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SystemViewError {
    /// There is no database yet.
    #[error("the bot has no database yet")]
    NoDatabase,
    /// It can't be read now.
    #[error("the bot's database can't be read: {0}")]
    Unreadable(String),
}

/// Looks into the bot's database without changing it.
///
/// # Contract
/// - MUST NOT write, lock or wait for the bot: it is asked once a second.
#[async_trait]
pub trait SystemView: Send + Sync {
    /// What the bot knows now.
    async fn look(&self) -> Result<SystemSnapshot, SystemViewError>;
}

/// The view where there is no database.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDatabase;

#[async_trait]
impl SystemView for NoDatabase {
    async fn look(&self) -> Result<SystemSnapshot, SystemViewError> {
        Err(SystemViewError::NoDatabase)
    }
}

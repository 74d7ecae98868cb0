//! The view into the database of a bot that runs beside the sandbox.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use async_trait::async_trait;
use bot::{
    ObserveError, ObservedAvatar, ObservedBalance, ObservedEntry, ObservedGeneration, ObservedJob, Observer,
};

use super::system_view::{
    AccountLine, AvatarLine, GenerationLine, JobLine, LedgerLine, SystemSnapshot, SystemView, SystemViewError,
};

/// Looks into the bot's database.
#[derive(Debug)]
pub struct BotDatabase {
    observer: Observer,
}

impl BotDatabase {
    /// Looks into the database in `file`, which need not be there yet.
    pub fn in_file(file: PathBuf) -> Self {
        Self { observer: Observer::of(file) }
    }

    /// Looks into the database at this address, such as `postgres://…`.
    pub fn at(url: &str) -> Self {
        Self { observer: Observer::of_server(url) }
    }
}

#[async_trait]
impl SystemView for BotDatabase {
    async fn look(&self) -> Result<SystemSnapshot, SystemViewError> {
        let seen = self.observer.observe().await.map_err(|error| match error {
            ObserveError::NotThere => SystemViewError::NoDatabase,
            other => SystemViewError::Unreadable(with_causes(&other)),
        })?;
        Ok(SystemSnapshot {
            accounts: seen.balances.into_iter().map(AccountLine::from).collect(),
            ledger: seen.entries.into_iter().map(LedgerLine::from).collect(),
            jobs: seen.jobs.into_iter().map(JobLine::from).collect(),
            generations: seen.generations.into_iter().map(GenerationLine::from).collect(),
            avatars: seen.avatars.into_iter().map(AvatarLine::from).collect(),
        })
    }
}

/// An error with what lies beneath it, on one line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(beneath) = cause {
        // Writing into a string cannot fail.
        let _written = write!(text, ": {beneath}");
        cause = beneath.source();
    }
    text
}

impl From<ObservedBalance> for AccountLine {
    fn from(balance: ObservedBalance) -> Self {
        let ObservedBalance { telegram_id, bonus, paid, held } = balance;
        Self { telegram_id, bonus, paid, held }
    }
}

impl From<ObservedEntry> for LedgerLine {
    fn from(entry: ObservedEntry) -> Self {
        let ObservedEntry { at, telegram_id, kind, amount, bonus, paid, held, key } = entry;
        Self { at, telegram_id, kind: kind.to_owned(), amount, bonus, paid, held, key }
    }
}

impl From<ObservedJob> for JobLine {
    fn from(job: ObservedJob) -> Self {
        let ObservedJob { id, kind, state, attempt, run_at } = job;
        Self { id, kind: kind.to_owned(), state: state.to_owned(), attempt: attempt.into(), run_at }
    }
}

impl From<ObservedGeneration> for GenerationLine {
    fn from(generation: ObservedGeneration) -> Self {
        let ObservedGeneration { id, telegram_id, state, prompt, model, price } = generation;
        Self { id, telegram_id, state: state.to_owned(), prompt, model, price }
    }
}

impl From<ObservedAvatar> for AvatarLine {
    fn from(avatar: ObservedAvatar) -> Self {
        let ObservedAvatar { id, telegram_id, name, kind, status, percent, main } = avatar;
        let kind = kind.map(str::to_owned);
        Self { id, telegram_id, name, kind, status: status.to_owned(), percent, main }
    }
}

//! The commands, one file each.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod credits;
pub(crate) mod failures;
pub(crate) mod health;
pub(crate) mod invite;
pub(crate) mod jobs;
pub(crate) mod migrate;
pub(crate) mod pause;
pub(crate) mod restore;

use ::account::{Account, TelegramUserId};
use anyhow::Context as _;

use crate::Foundation;

/// The account of a person whom an operator named.
async fn account_of(foundation: &Foundation, telegram_id: i64) -> anyhow::Result<Account> {
    let found = foundation.accounts.find(TelegramUserId::new(telegram_id)).await?;
    found.with_context(|| {
        format!(
            "nobody with the Telegram id {telegram_id} has written to the bot yet; they begin with /start"
        )
    })
}

//! Accounts kept close by.

use std::time::Duration;

use async_trait::async_trait;
use kernel::BoxError;
use thiserror::Error;

use crate::{Account, TelegramUserId};

/// The cache is away. Everything is right without it.
#[derive(Debug, Error)]
#[error("the profile cache is unavailable")]
pub struct ProfileCacheError(#[source] pub BoxError);

/// How long after a change nothing is kept of an account: longer than anybody takes between reading it and putting what
/// they read.
pub const PROFILE_SETTLES_WITHIN: Duration = Duration::from_secs(10);

/// Keeps accounts by messenger id for a short while. Accounts bear no version; whoever changes one says `forget`.
///
/// **Contract**
/// - `get` MUST give what `put` kept, for a minute at most, or nothing.
/// - `forget` MUST remove it.
/// - `put` within [`PROFILE_SETTLES_WITHIN`] after `forget` MUST keep nothing, so that what was read before a change does
///   not come back after it.
#[async_trait]
pub trait ProfileCache: Send + Sync {
    /// The account, if it is at hand.
    async fn get(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, ProfileCacheError>;

    /// Keeps the account, as it was just read. What is kept already may stay instead.
    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError>;

    /// Removes what is kept of a person, whose account was changed or erased.
    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError>;
}

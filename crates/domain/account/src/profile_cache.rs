//! Accounts kept close by.

use async_trait::async_trait;
use kernel::BoxError;
use thiserror::Error;

use crate::{Account, TelegramUserId};

/// The cache is away. Everything is right without it.
#[derive(Debug, Error)]
#[error("the profile cache is unavailable")]
pub struct ProfileCacheError(#[source] pub BoxError);

/// Keeps accounts by messenger id for a short while.
///
/// **Contract**
/// - `get` MUST give what `put` kept last, for a minute at most, or nothing.
/// - `forget` MUST remove it.
#[async_trait]
pub trait ProfileCache: Send + Sync {
    /// The account, if it is at hand.
    async fn get(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, ProfileCacheError>;

    /// Keeps the account.
    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError>;

    /// Removes what is kept of a person.
    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError>;
}

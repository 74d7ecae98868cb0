//! Balances for display, kept close by.

use async_trait::async_trait;
use kernel::{AccountId, BoxError};
use thiserror::Error;

use crate::BalanceSheet;

/// The cache is away. Everything is right without it.
#[derive(Debug, Error)]
#[error("the balance cache is unavailable")]
pub struct BalanceCacheError(#[source] pub BoxError);

/// Keeps balances for display; nothing is decided by them.
///
/// **Contract**
/// - `offer` MUST NOT replace a balance by one of a lower version.
/// - `get` MUST give what was offered with the highest version, or nothing.
/// - `forget` MUST remove it.
#[async_trait]
pub trait BalanceCache: Send + Sync {
    /// The balance, if it is at hand.
    async fn get(&self, account: AccountId) -> Result<Option<BalanceSheet>, BalanceCacheError>;

    /// Offers a balance; an older one than is kept is ignored.
    async fn offer(&self, account: AccountId, sheet: &BalanceSheet) -> Result<(), BalanceCacheError>;

    /// Removes what is kept of an account.
    async fn forget(&self, account: AccountId) -> Result<(), BalanceCacheError>;
}

//! The ports of the ledger.

use async_trait::async_trait;
use kernel::{AccountId, Contended, Cursor, HoldId, LedgerEntryId, Page, PageSize, StoreError};
use thiserror::Error;

use crate::{BalanceSheet, Hold, LedgerEntry, Operation, OperationKey, Refusal};

/// Why an operation was not recorded.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The rules refuse it. Nothing was written; the unit of work goes on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The key was used before for something else. Nothing was written; the unit of work goes on.
    #[error("the operation key {0} was used before with other arguments")]
    KeyConflict(OperationKey),
    /// The database failed. The unit of work is poisoned.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Contended for LedgerError {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_contended())
    }
}

/// The outcome of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The entry that was written, now or when the key was used first.
    pub entry: LedgerEntry,
    /// The balance as it is now.
    pub sheet: BalanceSheet,
}

/// The part of a unit of work that changes balances.
///
/// **Contract**
/// - An operation MUST be decided by [`decide`](crate::decide) under a lock on the account's balance.
/// - The same key with the same arguments MUST give the first entry and change nothing.
/// - The same key with other arguments MUST be `KeyConflict` and change nothing.
/// - A refusal MUST write nothing, and the same key MUST succeed once the cause is gone.
/// - Of any number of concurrent operations none MUST take what another has taken.
/// - An account without entries MUST have an empty balance.
/// - A hold's deadline MUST be counted by the database's clock.
#[async_trait]
pub trait Ledger: Send {
    /// Records an operation. `memo` says why, for people; it is no argument of the operation. Ids of new entries are
    /// drawn by the caller.
    async fn record(
        &mut self,
        account: AccountId,
        entry: LedgerEntryId,
        key: &OperationKey,
        operation: &Operation,
        memo: &str,
    ) -> Result<Recorded, LedgerError>;

    /// A hold as it stands.
    async fn hold(&mut self, account: AccountId, hold: HoldId) -> Result<Option<Hold>, StoreError>;
}

/// A hold past its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredHold {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub hold: HoldId,
}

/// Reads balances.
///
/// **Contract**
/// - `sheet` of an account without entries MUST be empty.
/// - `history` MUST list the newest entry first, and a next page MUST start right after the last row of this one.
/// - `expired_holds` MUST list only open holds past their deadline by the database's clock, the longest past first.
/// - `open_holds` MUST list every hold of that account that has not ended, in the order of their ids.
/// - `count_entries` MUST count every entry of that account.
#[async_trait]
pub trait BalanceReader: Send + Sync {
    /// What the account has.
    async fn sheet(&self, account: AccountId) -> Result<BalanceSheet, StoreError>;

    /// Its history.
    async fn history(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<LedgerEntry>, StoreError>;

    /// Up to `limit` holds that nobody ended in time, of any account.
    async fn expired_holds(&self, limit: u16) -> Result<Vec<ExpiredHold>, StoreError>;

    /// The holds of an account that nobody has ended yet, whatever their deadline.
    async fn open_holds(&self, account: AccountId) -> Result<Vec<HoldId>, StoreError>;

    /// How many entries its history has.
    async fn count_entries(&self, account: AccountId) -> Result<u64, StoreError>;
}

/// Changes of a balance alone that commit together.
#[async_trait]
pub trait UnitOfWork: Send {
    /// The ledger within this unit.
    fn ledger(&mut self) -> &mut dyn Ledger;

    /// Makes all of it durable. Fails when any call in this unit failed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Begins units of work on balances. A unit that is dropped leaves nothing behind.
#[async_trait]
pub trait BalanceUnits: Send + Sync {
    /// Begins one.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;
}

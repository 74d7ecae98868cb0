//! What the rest of the program does with balances alone.

use std::sync::Arc;
use std::time::Duration;

use kernel::{
    AccountId, Contended, Credits, Cursor, HoldId, IdSource, LedgerEntryId, Page, PageSize, StoreError,
    repeat_contended,
};
use thiserror::Error;
use uuid::Uuid;

use crate::{
    BalanceCache, BalanceReader, BalanceSheet, BalanceUnits, LedgerEntry, LedgerError, Operation,
    OperationKey, Recorded, Refusal,
};

/// Why a change of a balance failed.
#[derive(Debug, Error)]
pub enum BalanceError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The key was used for something else.
    #[error("the operation key {0} was used before with other arguments")]
    KeyConflict(OperationKey),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<LedgerError> for BalanceError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Refused(refusal) => Self::Refused(refusal),
            LedgerError::KeyConflict(key) => Self::KeyConflict(key),
            LedgerError::Store(error) => Self::Store(error),
        }
    }
}

impl Contended for BalanceError {
    fn is_contended(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_contended())
    }
}

/// Shows balances and changes them, each change in a unit of work of its own. Work that also changes other things
/// records its operations in its own unit instead.
pub struct BalanceService {
    units: Arc<dyn BalanceUnits>,
    pub(crate) reader: Arc<dyn BalanceReader>,
    cache: Arc<dyn BalanceCache>,
    ids: Arc<dyn IdSource>,
}

impl BalanceService {
    /// A service over these ports.
    pub fn new(
        units: Arc<dyn BalanceUnits>,
        reader: Arc<dyn BalanceReader>,
        cache: Arc<dyn BalanceCache>,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        Self { units, reader, cache, ids }
    }

    /// The balance for display: from the cache when it is at hand.
    pub async fn display(&self, account: AccountId) -> Result<BalanceSheet, StoreError> {
        match self.cache.get(account).await {
            Ok(Some(sheet)) => return Ok(sheet),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "reading a balance from the cache failed"),
        }
        self.current(account).await
    }

    /// The balance as the database has it, whatever is in the cache: that does not hear of everything that other work does
    /// to a balance.
    pub async fn current(&self, account: AccountId) -> Result<BalanceSheet, StoreError> {
        let sheet = self.reader.sheet(account).await?;
        self.offer(account, &sheet).await;
        Ok(sheet)
    }

    /// The balance after changes that this process did not make: forgets the cached one.
    pub async fn forget_cached(&self, account: AccountId) {
        if let Err(error) = self.cache.forget(account).await {
            tracing::warn!(%error, "removing a balance from the cache failed");
        }
    }

    /// The history, newest first.
    pub async fn history(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<LedgerEntry>, StoreError> {
        self.reader.history(account, after, size).await
    }

    /// Gives bonus credits, once per key.
    pub async fn grant_bonus(
        &self,
        account: AccountId,
        key: &OperationKey,
        amount: Credits,
        memo: &str,
    ) -> Result<Recorded, BalanceError> {
        self.record(account, key, &Operation::GrantBonus { amount }, memo).await
    }

    /// Gives bought credits, once per key.
    pub async fn grant_paid(
        &self,
        account: AccountId,
        key: &OperationKey,
        amount: Credits,
        memo: &str,
    ) -> Result<Recorded, BalanceError> {
        self.record(account, key, &Operation::GrantPaid { amount }, memo).await
    }

    /// Sets credits aside for `work`; the hold's id with the outcome.
    pub async fn hold(
        &self,
        account: AccountId,
        work: Uuid,
        amount: Credits,
        time_to_live: Duration,
    ) -> Result<(HoldId, Recorded), BalanceError> {
        // The hold of a piece of work bears the work's id, so that asking again is asking for the same hold.
        let hold = HoldId::new(work);
        let operation = Operation::Hold { hold, amount, time_to_live };
        Ok((hold, self.record(account, &OperationKey::hold(work), &operation, "").await?))
    }

    /// Spends `amount` of a hold and returns the rest.
    pub async fn capture(
        &self,
        account: AccountId,
        hold: HoldId,
        amount: Credits,
    ) -> Result<Recorded, BalanceError> {
        self.record(account, &OperationKey::capture(hold), &Operation::Capture { hold, amount }, "").await
    }

    /// Returns a hold as a whole.
    pub async fn release(&self, account: AccountId, hold: HoldId) -> Result<Recorded, BalanceError> {
        self.record(account, &OperationKey::release(hold), &Operation::Release { hold }, "").await
    }

    /// Gives back spent credits of a hold, once per key.
    pub async fn refund(
        &self,
        account: AccountId,
        key: &OperationKey,
        hold: HoldId,
        amount: Credits,
        memo: &str,
    ) -> Result<Recorded, BalanceError> {
        self.record(account, key, &Operation::Refund { hold, amount }, memo).await
    }

    /// Takes back unspent bought credits, once per key.
    pub async fn claw_back(
        &self,
        account: AccountId,
        key: &OperationKey,
        amount: Credits,
        memo: &str,
    ) -> Result<Recorded, BalanceError> {
        self.record(account, key, &Operation::ClawBack { amount }, memo).await
    }

    /// Releases up to `limit` holds that nobody ended in time; how many it released.
    pub async fn release_expired(&self, limit: u16) -> Result<u64, BalanceError> {
        let mut released = 0;
        for expired in self.reader.expired_holds(limit).await? {
            match self.release(expired.account, expired.hold).await {
                Ok(_) => released += 1,
                // Whoever worked on it ended it in the meantime.
                Err(BalanceError::Refused(Refusal::AlreadyCaptured | Refusal::AlreadyReleased)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(released)
    }

    async fn record(
        &self,
        account: AccountId,
        key: &OperationKey,
        operation: &Operation,
        memo: &str,
    ) -> Result<Recorded, BalanceError> {
        let entry = LedgerEntryId::new(self.ids.uuid());
        let recorded = repeat_contended(|| self.record_once(account, entry, key, operation, memo)).await?;
        self.offer(account, &recorded.sheet).await;
        Ok(recorded)
    }

    async fn record_once(
        &self,
        account: AccountId,
        entry: LedgerEntryId,
        key: &OperationKey,
        operation: &Operation,
        memo: &str,
    ) -> Result<Recorded, BalanceError> {
        let mut unit = self.units.begin().await?;
        let recorded = unit.ledger().record(account, entry, key, operation, memo).await?;
        unit.commit().await?;
        Ok(recorded)
    }

    async fn offer(&self, account: AccountId, sheet: &BalanceSheet) {
        if let Err(error) = self.cache.offer(account, sheet).await {
            tracing::warn!(%error, "offering a balance to the cache failed");
        }
    }
}

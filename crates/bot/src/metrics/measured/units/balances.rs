//! Units of work on balances.

use std::sync::Arc;

use async_trait::async_trait;
use balance::{BalanceUnits, Hold, Ledger, LedgerError, Operation, OperationKey, Recorded, UnitOfWork};
use kernel::{AccountId, HoldId, LedgerEntryId, StoreError};

use super::{Deed, MeasuredUnits, UnitBook, credits_moved};

struct Unit {
    inner: Box<dyn UnitOfWork>,
    book: Arc<UnitBook>,
    deeds: Vec<Deed>,
}

#[async_trait]
impl BalanceUnits for MeasuredUnits<dyn BalanceUnits> {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin().await?;
        Ok(Box::new(Unit { inner, book: Arc::clone(&self.book), deeds: Vec::new() }))
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { inner, book, deeds } = *self;
        inner.commit().await?;
        book.record(deeds);
        Ok(())
    }
}

#[async_trait]
impl Ledger for Unit {
    async fn record(
        &mut self,
        account: AccountId,
        entry: LedgerEntryId,
        key: &OperationKey,
        operation: &Operation,
        memo: &str,
    ) -> Result<Recorded, LedgerError> {
        let recorded = self.inner.ledger().record(account, entry, key, operation, memo).await?;
        self.deeds.extend(credits_moved(entry, &recorded));
        Ok(recorded)
    }

    async fn hold(&mut self, account: AccountId, hold: HoldId) -> Result<Option<Hold>, StoreError> {
        self.inner.ledger().hold(account, hold).await
    }
}

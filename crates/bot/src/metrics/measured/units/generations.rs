//! Units of work on generations.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use balance::{Hold, Ledger, LedgerError, Operation, OperationKey, Recorded};
use gallery::GalleryWriter;
use generation::{
    CallbackInbox, Generation, GenerationUnits, GenerationWriter, Inserted, StateName, UnitOfWork,
};
use kernel::{
    AccountId, GenerationId, HoldId, JobWriter, LedgerEntryId, SpendCounter, StoreError, Timestamp,
};

use super::{Deed, MeasuredUnits, UnitBook, credits_moved};

struct Unit {
    inner: Box<dyn UnitOfWork>,
    book: Arc<UnitBook>,
    deeds: Vec<Deed>,
    /// How the generations stood that were loaded.
    before: BTreeMap<GenerationId, StateName>,
}

#[async_trait]
impl GenerationUnits for MeasuredUnits<dyn GenerationUnits> {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin().await?;
        let (book, before) = (Arc::clone(&self.book), BTreeMap::new());
        Ok(Box::new(Unit { inner, book, deeds: Vec::new(), before }))
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        self.inner.erase_all(account).await
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    fn generations(&mut self) -> &mut dyn GenerationWriter {
        self
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    fn gallery(&mut self) -> &mut dyn GalleryWriter {
        self.inner.gallery()
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self.inner.jobs()
    }

    fn callbacks(&mut self) -> &mut dyn CallbackInbox {
        self.inner.callbacks()
    }

    fn spending(&mut self) -> &mut dyn SpendCounter {
        self.inner.spending()
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.inner.now().await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { inner, book, deeds, .. } = *self;
        inner.commit().await?;
        book.record(deeds);
        Ok(())
    }
}

#[async_trait]
impl GenerationWriter for Unit {
    async fn insert(&mut self, generation: &Generation, lifetime: Duration) -> Result<Inserted, StoreError> {
        self.inner.generations().insert(generation, lifetime).await
    }

    async fn load(&mut self, account: AccountId, id: GenerationId) -> Result<Option<Generation>, StoreError> {
        let loaded = self.inner.generations().load(account, id).await?;
        if let Some(generation) = &loaded {
            self.before.insert(id, generation.state.name());
        }
        Ok(loaded)
    }

    async fn update(&mut self, generation: &Generation) -> Result<Generation, StoreError> {
        let before = self.before_ending(generation).await?;
        let stored = self.inner.generations().update(generation).await?;
        self.before.insert(stored.id, stored.state.name());
        if before.is_some_and(StateName::is_under_way) {
            self.deeds.extend(ending(&stored));
        }
        Ok(stored)
    }

    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError> {
        self.inner.generations().under_way(account).await
    }
}

impl Unit {
    /// How a generation stood before an update that may be its end. Whoever updates it need not have loaded it here.
    async fn before_ending(&mut self, generation: &Generation) -> Result<Option<StateName>, StoreError> {
        match self.before.get(&generation.id) {
            Some(before) => Ok(Some(*before)),
            None if generation.state.name().is_under_way() => Ok(None),
            None => {
                let before = self.inner.generations().load(generation.account, generation.id).await?;
                Ok(before.map(|before| before.state.name()))
            }
        }
    }
}

fn ending(generation: &Generation) -> Option<Deed> {
    let outcome = match generation.state.name() {
        StateName::Held | StateName::Submitting | StateName::Submitted => return None,
        StateName::Delivered => StateName::Stored.as_str(),
        other => other.as_str(),
    };
    let images = match generation.state.name() {
        StateName::Stored | StateName::Delivered => generation.arrived_slots().len(),
        _ => 0,
    };
    Some(Deed::GenerationEnded {
        model: generation.plan.model.to_string(),
        outcome,
        images: u64::try_from(images).unwrap_or(u64::MAX),
        asked_at: generation.created_at,
    })
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

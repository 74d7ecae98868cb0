//! A unit of work: a copy of everything, alone with the right to replace it.

use async_trait::async_trait;
use avatar::{AvatarUnits, AvatarWriter, TrainingCallbacks};
use balance::{BalanceUnits, Ledger};
use gallery::{GalleryUnits, GalleryWriter};
use generation::{CallbackInbox, GenerationUnits, GenerationWriter};
use kernel::{AccountId, JobWriter, SpendCounter, StoreError, Timestamp};
use tokio::sync::OwnedMutexGuard;

use super::MemoryDatabase;
use super::tables::{Tables, remove_where};
use crate::weather::{befall, weathered};

/// A unit of work under way.
pub(super) struct MemoryUnit {
    database: MemoryDatabase,
    pub(super) tables: Tables,
    is_poisoned: bool,
    _alone: OwnedMutexGuard<()>,
}

impl MemoryUnit {
    /// One call within the unit. A failure poisons it.
    pub(super) async fn call<T>(
        &mut self,
        port: &'static str,
        effect: impl FnOnce(&mut Tables, Timestamp) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.is_poisoned {
            return Err(StoreError::Poisoned);
        }
        let Self { database, tables, .. } = self;
        let effect = || effect(tables, database.now());
        let outcome = weathered(&database.weather, port, effect, StoreError::Unavailable).await;
        self.is_poisoned = outcome.is_err();
        outcome
    }

    pub(super) async fn finish(self) -> Result<(), StoreError> {
        if self.is_poisoned {
            return Err(StoreError::Poisoned);
        }
        let Self { database, tables, _alone, .. } = self;
        let effect = || {
            database.replace(tables);
            Ok(())
        };
        weathered(&database.weather, "units.commit", effect, StoreError::Unavailable).await
    }
}

impl MemoryDatabase {
    pub(super) async fn unit(&self) -> Result<Box<MemoryUnit>, StoreError> {
        let aftermath = befall(&self.weather, "units.begin")
            .await
            .map_err(|struck| StoreError::Unavailable(Box::new(struck)))?;
        let alone = std::sync::Arc::clone(&self.writer).lock_owned().await;
        let tables = (*self.committed()).clone();
        let unit = MemoryUnit { database: self.clone(), tables, is_poisoned: false, _alone: alone };
        aftermath.settle(&self.weather, Ok(Box::new(unit)), StoreError::Unavailable).await
    }
}

#[async_trait]
impl BalanceUnits for MemoryDatabase {
    async fn begin(&self) -> Result<Box<dyn balance::UnitOfWork>, StoreError> {
        Ok(self.unit().await?)
    }
}

#[async_trait]
impl GalleryUnits for MemoryDatabase {
    async fn begin(&self) -> Result<Box<dyn gallery::UnitOfWork>, StoreError> {
        Ok(self.unit().await?)
    }
}

#[async_trait]
impl GenerationUnits for MemoryDatabase {
    async fn begin(&self) -> Result<Box<dyn generation::UnitOfWork>, StoreError> {
        Ok(self.unit().await?)
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        self.write("generations.erase_all", |tables, _| {
            tables.spend_days.remove(&account);
            remove_where(&mut tables.callbacks, |_, row| row.callback.account == account);
            Ok(remove_where(&mut tables.generations, |(owner, _), _| *owner == account))
        })
        .await
    }
}

#[async_trait]
impl AvatarUnits for MemoryDatabase {
    async fn begin(&self) -> Result<Box<dyn avatar::UnitOfWork>, StoreError> {
        Ok(self.unit().await?)
    }
}

#[async_trait]
impl avatar::UnitOfWork for MemoryUnit {
    fn avatars(&mut self) -> &mut dyn AvatarWriter {
        self
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self
    }

    fn callbacks(&mut self) -> &mut dyn TrainingCallbacks {
        self
    }

    fn spending(&mut self) -> &mut dyn SpendCounter {
        self
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.call("units.now", |_, now| Ok(now)).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.finish().await
    }
}

#[async_trait]
impl balance::UnitOfWork for MemoryUnit {
    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.finish().await
    }
}

#[async_trait]
impl gallery::UnitOfWork for MemoryUnit {
    fn gallery(&mut self) -> &mut dyn GalleryWriter {
        self
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.finish().await
    }
}

#[async_trait]
impl generation::UnitOfWork for MemoryUnit {
    fn generations(&mut self) -> &mut dyn GenerationWriter {
        self
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    fn gallery(&mut self) -> &mut dyn GalleryWriter {
        self
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self
    }

    fn callbacks(&mut self) -> &mut dyn CallbackInbox {
        self
    }

    fn spending(&mut self) -> &mut dyn SpendCounter {
        self
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.call("units.now", |_, now| Ok(now)).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.finish().await
    }
}

//! The unit of work: one transaction behind the narrow traits of every domain.

use std::sync::Arc;

use account::{PrivacyUnitOfWork, PrivacyWriter};
use async_trait::async_trait;
use avatar::{AvatarWriter, TrainingCallbacks};
use balance::Ledger;
use gallery::GalleryWriter;
use generation::{CallbackInbox, GenerationWriter, HelpUnitOfWork, HelpWriter};
use kernel::{AccountId, IdSource, JobWriter, SpendCounter, StoreError, Timestamp};
use sea_orm::DatabaseTransaction;

use crate::Database;
use crate::database::now;
use crate::generations::erase_generations;

/// Whether anything that was done in a unit may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Soundness {
    /// Every call so far succeeded.
    Sound,
    /// A call failed, or was given up half way.
    Poisoned,
}

/// One transaction. After any error nothing of it can be committed: PostgreSQL would answer a commit as if all was
/// well, and SQLite would go on with what is there.
pub(crate) struct Unit {
    transaction: DatabaseTransaction,
    ids: Arc<dyn IdSource>,
    soundness: Soundness,
}

impl Unit {
    /// Begins one.
    pub(crate) async fn begin(database: &Database) -> Result<Self, StoreError> {
        Ok(Self {
            transaction: database.begin().await?,
            ids: Arc::clone(database.ids()),
            soundness: Soundness::Sound,
        })
    }

    /// The transaction for one call, which [`leave`](Self::leave) must end. Until then the unit counts as poisoned, so
    /// that a call which is given up half way leaves it so.
    pub(crate) fn enter(&mut self) -> Result<&DatabaseTransaction, StoreError> {
        if self.soundness == Soundness::Poisoned {
            return Err(StoreError::Poisoned);
        }
        self.soundness = Soundness::Poisoned;
        Ok(&self.transaction)
    }

    /// Ends a call.
    pub(crate) fn leave<T>(&mut self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if outcome.is_ok() {
            self.soundness = Soundness::Sound;
        }
        outcome
    }

    /// Where ids come from.
    pub(crate) fn ids(&self) -> &Arc<dyn IdSource> {
        &self.ids
    }

    /// Makes all of it durable.
    pub(crate) async fn finish(self) -> Result<(), StoreError> {
        if self.soundness == Soundness::Poisoned {
            return Err(StoreError::Poisoned);
        }
        Database::commit(self.transaction).await
    }
}

/// Makes the unit a domain's unit of work: it is each of the writers itself.
macro_rules! unit_of_work {
    ($unit:path { $($part:ident: $Writer:ident),+ $(,)? } $($now:ident)?) => {
        #[async_trait]
        impl $unit for Unit {
            $(
                fn $part(&mut self) -> &mut dyn $Writer {
                    self
                }
            )+

            $(
                async fn $now(&mut self) -> Result<Timestamp, StoreError> {
                    let outcome = now(self.enter()?).await;
                    self.leave(outcome)
                }
            )?

            async fn commit(self: Box<Self>) -> Result<(), StoreError> {
                self.finish().await
            }
        }
    };
}

unit_of_work!(balance::UnitOfWork { ledger: Ledger });
unit_of_work!(gallery::UnitOfWork { gallery: GalleryWriter, jobs: JobWriter });
unit_of_work!(generation::UnitOfWork {
    generations: GenerationWriter,
    ledger: Ledger,
    gallery: GalleryWriter,
    jobs: JobWriter,
    callbacks: CallbackInbox,
    spending: SpendCounter,
} now);
unit_of_work!(HelpUnitOfWork { helps: HelpWriter, jobs: JobWriter });
unit_of_work!(PrivacyUnitOfWork { privacy: PrivacyWriter, jobs: JobWriter });
unit_of_work!(avatar::UnitOfWork {
    avatars: AvatarWriter,
    ledger: Ledger,
    jobs: JobWriter,
    callbacks: TrainingCallbacks,
    spending: SpendCounter,
} now);

#[async_trait]
impl avatar::AvatarUnits for Database {
    async fn begin(&self) -> Result<Box<dyn avatar::UnitOfWork>, StoreError> {
        Ok(Box::new(Unit::begin(self).await?))
    }
}

#[async_trait]
impl balance::BalanceUnits for Database {
    async fn begin(&self) -> Result<Box<dyn balance::UnitOfWork>, StoreError> {
        Ok(Box::new(Unit::begin(self).await?))
    }
}

#[async_trait]
impl gallery::GalleryUnits for Database {
    async fn begin(&self) -> Result<Box<dyn gallery::UnitOfWork>, StoreError> {
        Ok(Box::new(Unit::begin(self).await?))
    }
}

#[async_trait]
impl generation::GenerationUnits for Database {
    async fn begin(&self) -> Result<Box<dyn generation::UnitOfWork>, StoreError> {
        Ok(Box::new(Unit::begin(self).await?))
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        erase_generations(self, account).await
    }
}

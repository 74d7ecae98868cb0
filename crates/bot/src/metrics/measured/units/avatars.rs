//! Units of work on avatars.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use avatar::{
    Avatar, AvatarUnits, AvatarWriter, NewPhoto, Photo, PhotoAdded, PhotoState, StateName, Training,
    TrainingCallbacks, UnitOfWork,
};
use balance::{Hold, Ledger, LedgerError, Operation, OperationKey, Recorded};
use kernel::{
    AccountId, AvatarId, HoldId, JobWriter, LedgerEntryId, PhotoId, SpendCounter, StoreError, Timestamp,
};

use super::{Deed, MeasuredUnits, UnitBook, credits_moved};

struct Unit {
    inner: Box<dyn UnitOfWork>,
    book: Arc<UnitBook>,
    deeds: Vec<Deed>,
    /// How the avatars stood that were loaded.
    before: BTreeMap<AvatarId, StateName>,
}

#[async_trait]
impl AvatarUnits for MeasuredUnits<dyn AvatarUnits> {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin().await?;
        let (book, before) = (Arc::clone(&self.book), BTreeMap::new());
        Ok(Box::new(Unit { inner, book, deeds: Vec::new(), before }))
    }
}

#[async_trait]
impl UnitOfWork for Unit {
    fn avatars(&mut self) -> &mut dyn AvatarWriter {
        self
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self.inner.jobs()
    }

    fn callbacks(&mut self) -> &mut dyn TrainingCallbacks {
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
impl AvatarWriter for Unit {
    async fn insert(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError> {
        self.inner.avatars().insert(avatar).await
    }

    async fn load(&mut self, account: AccountId, id: AvatarId) -> Result<Option<Avatar>, StoreError> {
        let loaded = self.inner.avatars().load(account, id).await?;
        if let Some(avatar) = &loaded {
            self.before.insert(id, avatar.state.name());
        }
        Ok(loaded)
    }

    async fn update(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError> {
        let before = self.before_ending(avatar).await?;
        let stored = self.inner.avatars().update(avatar).await?;
        self.before.insert(stored.id, stored.state.name());
        if before.is_some_and(StateName::is_under_way) {
            self.deeds.extend(ending(&stored));
        }
        Ok(stored)
    }

    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError> {
        self.inner.avatars().under_way(account).await
    }

    async fn make_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError> {
        self.inner.avatars().make_main(account, id).await
    }

    async fn clear_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError> {
        self.inner.avatars().clear_main(account, id).await
    }

    async fn add_photo(
        &mut self,
        account: AccountId,
        avatar: AvatarId,
        photo: &NewPhoto,
        most: u8,
    ) -> Result<PhotoAdded, StoreError> {
        self.inner.avatars().add_photo(account, avatar, photo, most).await
    }

    async fn photos(&mut self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError> {
        self.inner.avatars().photos(account, avatar).await
    }

    async fn set_photo(
        &mut self,
        account: AccountId,
        photo: PhotoId,
        state: &PhotoState,
    ) -> Result<bool, StoreError> {
        self.inner.avatars().set_photo(account, photo, state).await
    }

    async fn remove_photo(&mut self, account: AccountId, photo: PhotoId) -> Result<bool, StoreError> {
        self.inner.avatars().remove_photo(account, photo).await
    }

    async fn erase(&mut self, account: AccountId, avatar: AvatarId) -> Result<(), StoreError> {
        self.inner.avatars().erase(account, avatar).await
    }
}

impl Unit {
    /// How an avatar stood before an update that may end its training. Whoever updates it need not have loaded it here.
    async fn before_ending(&mut self, avatar: &Avatar) -> Result<Option<StateName>, StoreError> {
        match self.before.get(&avatar.id) {
            Some(before) => Ok(Some(*before)),
            None if avatar.state.name().is_under_way() => Ok(None),
            None => {
                let before = self.inner.avatars().load(avatar.account, avatar.id).await?;
                Ok(before.map(|before| before.state.name()))
            }
        }
    }
}

fn ending(avatar: &Avatar) -> Option<Deed> {
    let state = avatar.state.name();
    if state.is_under_way() {
        return None;
    }
    let Training { trainer, ordered_at, .. } = avatar.training.as_ref()?;
    let (trainer, ordered_at) = (trainer.to_string(), *ordered_at);
    Some(Deed::TrainingEnded { trainer, outcome: state.as_str(), ordered_at })
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

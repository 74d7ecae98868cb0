//! Generations and the callbacks that wait for them.

use std::time::Duration;

use async_trait::async_trait;
use generation::{
    CallbackInbox, Generation, GenerationReader, GenerationWriter, Inserted, Intent, Parked, ParkedCallback,
};
use kernel::{AccountId, Cursor, GenerationId, Page, PageSize, StoreError, Timestamp};

use super::MemoryDatabase;
use super::tables::{CallbackRow, Tables};
use super::unit::MemoryUnit;

#[async_trait]
impl GenerationWriter for MemoryUnit {
    async fn insert(&mut self, generation: &Generation, lifetime: Duration) -> Result<Inserted, StoreError> {
        self.call("generations.insert", |tables, now| {
            if let Some(existing) = by_intent(tables, generation.account, &generation.intent) {
                return Ok(Inserted::Existing(existing.clone()));
            }
            let new =
                Generation { created_at: now, deadline: now + lifetime, version: 1, ..generation.clone() };
            tables.generations.insert((new.account, new.id), new.clone());
            Ok(Inserted::New(new))
        })
        .await
    }

    async fn load(&mut self, account: AccountId, id: GenerationId) -> Result<Option<Generation>, StoreError> {
        self.call("generations.load", |tables, _| Ok(tables.generations.get(&(account, id)).cloned())).await
    }

    async fn update(&mut self, generation: &Generation) -> Result<Generation, StoreError> {
        self.call("generations.update", |tables, _| {
            let stored = tables
                .generations
                .get_mut(&(generation.account, generation.id))
                .filter(|stored| stored.version == generation.version)
                .ok_or(StoreError::Conflict { what: "generation" })?;
            *stored = Generation {
                version: generation.version + 1,
                created_at: stored.created_at,
                deadline: stored.deadline,
                ..generation.clone()
            };
            Ok(stored.clone())
        })
        .await
    }

    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError> {
        self.call("generations.under_way", |tables, _| {
            let own = tables.generations.values().filter(|generation| generation.account == account);
            let under_way = own.filter(|generation| generation.state.name().is_under_way()).count();
            Ok(u16::try_from(under_way).unwrap_or(u16::MAX))
        })
        .await
    }
}

#[async_trait]
impl CallbackInbox for MemoryUnit {
    async fn park(&mut self, callback: &ParkedCallback) -> Result<Parked, StoreError> {
        self.call("callbacks.park", |tables, _| {
            let key = key_of(callback);
            if tables.callbacks.contains_key(&key) {
                return Ok(Parked::Repeat);
            }
            let number = tables.number();
            tables.callbacks.insert(key, CallbackRow { callback: callback.clone(), number, settled: false });
            Ok(Parked::New)
        })
        .await
    }

    async fn settle(&mut self, callback: &ParkedCallback) -> Result<(), StoreError> {
        self.call("callbacks.settle", |tables, _| {
            if let Some(row) = tables.callbacks.get_mut(&key_of(callback)) {
                row.settled = true;
            }
            Ok(())
        })
        .await
    }
}

fn key_of(callback: &ParkedCallback) -> (String, String) {
    (callback.provider.to_string(), callback.event.request_id.clone())
}

fn by_intent<'tables>(
    tables: &'tables Tables,
    account: AccountId,
    intent: &Intent,
) -> Option<&'tables Generation> {
    tables
        .generations
        .values()
        .find(|generation| generation.account == account && generation.intent == *intent)
}

#[async_trait]
impl GenerationReader for MemoryDatabase {
    async fn find(
        &self,
        account: AccountId,
        id: GenerationId,
    ) -> Result<Option<(Generation, Timestamp)>, StoreError> {
        self.read("generations.find", |tables, now| {
            Ok(tables.generations.get(&(account, id)).map(|generation| (generation.clone(), now)))
        })
        .await
    }

    async fn find_by_intent(
        &self,
        account: AccountId,
        intent: &Intent,
    ) -> Result<Option<Generation>, StoreError> {
        self.read("generations.find_by_intent", |tables, _| Ok(by_intent(tables, account, intent).cloned()))
            .await
    }

    async fn parked(&self, account: AccountId, id: GenerationId) -> Result<Vec<ParkedCallback>, StoreError> {
        self.read("generations.parked", |tables, _| {
            let mut rows: Vec<&CallbackRow> = tables
                .callbacks
                .values()
                .filter(|row| {
                    !row.settled && row.callback.account == account && row.callback.generation == id
                })
                .collect();
            rows.sort_by_key(|row| row.number);
            Ok(rows.into_iter().map(|row| row.callback.clone()).collect())
        })
        .await
    }

    async fn under_way(&self, account: AccountId, limit: u16) -> Result<Vec<GenerationId>, StoreError> {
        self.read("generations.under_way", |tables, _| {
            let generations = tables.generations.values().rev();
            Ok(generations
                .filter(|generation| generation.account == account && generation.state.name().is_under_way())
                .map(|generation| generation.id)
                .take(usize::from(limit))
                .collect())
        })
        .await
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        self.read("generations.count", |tables, _| {
            let own = tables.generations.keys().filter(|(owner, _)| *owner == account);
            Ok(u64::try_from(own.count()).expect("memory holds them"))
        })
        .await
    }

    async fn page(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<Generation>, StoreError> {
        self.read("generations.page", |tables, _| {
            let own = tables.generations.values().rev().filter(|generation| generation.account == account);
            let rows = own
                .filter(|generation| after.is_none_or(|after| generation.id.uuid() < after.id()))
                .take(usize::from(size.get()) + 1)
                .cloned()
                .collect();
            Ok(Page::from_rows(rows, size, |generation| generation.id.uuid()))
        })
        .await
    }
}

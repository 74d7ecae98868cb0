//! Requests for help with words, voice and photos.

use std::time::Duration;

use async_trait::async_trait;
use generation::{HelpInserted, HelpRequest, HelpRequests, HelpUnitOfWork, HelpWriter};
use kernel::{AccountId, Cursor, HelpId, JobWriter, Page, PageSize, StoreError, Timestamp};

use super::MemoryDatabase;
use super::tables::Tables;
use super::unit::MemoryUnit;

/// The time within which requests count against the cap.
const DAY: Duration = Duration::from_hours(24);

#[async_trait]
impl HelpWriter for MemoryUnit {
    async fn insert(&mut self, request: &HelpRequest, daily_cap: u32) -> Result<HelpInserted, StoreError> {
        self.call("help.insert", |tables, now| {
            let existing = of(tables, request.account).find(|known| known.intent == request.intent);
            if let Some(existing) = existing {
                return Ok(HelpInserted::Existing(existing.clone()));
            }
            if request.task.is_capped() && count_capped(tables, request.account, now) >= daily_cap {
                return Ok(HelpInserted::CapReached);
            }
            let new = HelpRequest { created_at: now, version: 1, ..request.clone() };
            tables.helps.insert((new.account, new.id), new.clone());
            Ok(HelpInserted::New(new))
        })
        .await
    }

    async fn update(&mut self, request: &HelpRequest) -> Result<HelpRequest, StoreError> {
        self.call("help.update", |tables, _| {
            let stored = tables
                .helps
                .get_mut(&(request.account, request.id))
                .filter(|stored| stored.version == request.version)
                .ok_or(StoreError::Conflict { what: "request for help" })?;
            *stored = HelpRequest {
                version: request.version + 1,
                created_at: stored.created_at,
                ..request.clone()
            };
            Ok(stored.clone())
        })
        .await
    }
}

#[async_trait]
impl HelpUnitOfWork for MemoryUnit {
    fn helps(&mut self) -> &mut dyn HelpWriter {
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
impl HelpRequests for MemoryDatabase {
    async fn begin(&self) -> Result<Box<dyn HelpUnitOfWork>, StoreError> {
        Ok(self.unit().await?)
    }

    async fn find(&self, account: AccountId, id: HelpId) -> Result<Option<HelpRequest>, StoreError> {
        self.read("help.find", |tables, _| Ok(tables.helps.get(&(account, id)).cloned())).await
    }

    async fn forget_old(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        self.write("help.forget_old", |tables, now| {
            let before = now.before(age);
            let mut old: Vec<_> = tables
                .helps
                .iter()
                .filter(|(_, request)| request.created_at < before)
                .map(|(key, request)| (request.created_at, *key))
                .collect();
            old.sort();
            old.truncate(usize::from(limit));
            for (_, key) in &old {
                tables.helps.remove(key);
            }
            Ok(u64::try_from(old.len()).expect("memory holds them"))
        })
        .await
    }

    async fn count(&self, account: AccountId) -> Result<u64, StoreError> {
        self.read("help.count", |tables, _| {
            Ok(u64::try_from(of(tables, account).count()).expect("memory holds them"))
        })
        .await
    }

    async fn page(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<HelpRequest>, StoreError> {
        self.read("help.page", |tables, _| {
            let rows = of(tables, account)
                .rev()
                .filter(|request| after.is_none_or(|after| request.id.uuid() < after.id()))
                .take(usize::from(size.get()) + 1)
                .cloned()
                .collect();
            Ok(Page::from_rows(rows, size, |request| request.id.uuid()))
        })
        .await
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        self.write("help.erase_all", |tables, _| {
            Ok(super::tables::remove_where(&mut tables.helps, |(owner, _), _| *owner == account))
        })
        .await
    }
}

fn of(tables: &Tables, account: AccountId) -> impl DoubleEndedIterator<Item = &HelpRequest> {
    tables.helps.values().filter(move |request| request.account == account)
}

fn count_capped(tables: &Tables, account: AccountId, now: Timestamp) -> u32 {
    let since = now.before(DAY);
    let within_a_day =
        of(tables, account).filter(|request| request.task.is_capped() && request.created_at > since);
    u32::try_from(within_a_day.count()).expect("memory holds them")
}

//! Requests for what is kept of a person, and for its erasure.

use std::time::Duration;

use account::{
    Erasure, ExportInserted, ExportRequest, ExportState, PrivacyRequests, PrivacyUnitOfWork, PrivacyWriter,
    TelegramUserId,
};
use async_trait::async_trait;
use kernel::{AccountId, ChatId, ExportId, JobWriter, LeaseName, StoreError};
use uuid::Uuid;

use super::MemoryDatabase;
use super::tables::{ExportRow, Tables, remove_where};
use super::unit::MemoryUnit;

#[async_trait]
impl PrivacyWriter for MemoryUnit {
    async fn insert_export(&mut self, request: &ExportRequest) -> Result<ExportInserted, StoreError> {
        self.call("privacy.insert_export", |tables, now| {
            let mut own = tables.exports.values().filter(|row| row.request.account == request.account);
            if let Some(existing) = own.find(|row| row.request.intent == request.intent) {
                return Ok(ExportInserted::Existing(existing.request.clone()));
            }
            let new = ExportRequest { created_at: now, version: 1, ..request.clone() };
            let row = ExportRow { request: new.clone(), ended_at: None };
            tables.exports.insert((new.account, new.id), row);
            Ok(ExportInserted::New(new))
        })
        .await
    }

    async fn update_export(&mut self, request: &ExportRequest) -> Result<ExportRequest, StoreError> {
        self.call("privacy.update_export", |tables, now| {
            let row = tables
                .exports
                .get_mut(&(request.account, request.id))
                .filter(|row| row.request.version == request.version)
                .ok_or(StoreError::Conflict { what: "export" })?;
            row.request = ExportRequest {
                version: request.version + 1,
                created_at: row.request.created_at,
                ..request.clone()
            };
            row.ended_at = match request.state {
                ExportState::Waiting | ExportState::Packed { .. } => None,
                ExportState::Done | ExportState::Failed { .. } => row.ended_at.or(Some(now)),
            };
            Ok(row.request.clone())
        })
        .await
    }

    async fn begin_erasure(&mut self, erasure: &Erasure) -> Result<Erasure, StoreError> {
        self.call("privacy.begin_erasure", |tables, now| {
            let new = || Erasure { requested_at: now, version: 1, ..erasure.clone() };
            Ok(tables.erasures.entry(erasure.account).or_insert_with(new).clone())
        })
        .await
    }

    async fn update_erasure(&mut self, erasure: &Erasure) -> Result<Erasure, StoreError> {
        self.call("privacy.update_erasure", |tables, _| {
            let stored = tables
                .erasures
                .get_mut(&erasure.account)
                .filter(|stored| stored.version == erasure.version)
                .ok_or(StoreError::Conflict { what: "erasure" })?;
            *stored = Erasure {
                version: erasure.version + 1,
                requested_at: stored.requested_at,
                ..erasure.clone()
            };
            Ok(stored.clone())
        })
        .await
    }

    async fn forget_person(&mut self, account: AccountId) -> Result<(), StoreError> {
        self.call("privacy.forget_person", |tables, now| {
            if let Some(chat) = chat_of(tables, account) {
                remove_where(&mut tables.updates, |(owner, _), _| *owner == chat);
                remove_where(&mut tables.leases, |name, lease| {
                    *name == LeaseName::Chat(chat) && lease.until <= now
                });
            }
            for welcomed in tables.welcome_digests.values_mut().filter(|welcomed| **welcomed == account) {
                *welcomed = AccountId::new(Uuid::nil());
            }
            remove_where(&mut tables.identities, |_, owner| *owner == account);
            tables.accounts.remove(&account);
            tables.admissions.remove(&account);
            remove_where(&mut tables.exports, |(owner, _), _| *owner == account);
            remove_where(&mut tables.refusals, |(owner, _), _| *owner == account);
            tables.refusal_pauses.remove(&account);
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl PrivacyUnitOfWork for MemoryUnit {
    fn privacy(&mut self) -> &mut dyn PrivacyWriter {
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
impl PrivacyRequests for MemoryDatabase {
    async fn begin(&self) -> Result<Box<dyn PrivacyUnitOfWork>, StoreError> {
        Ok(self.unit().await?)
    }

    async fn export(&self, account: AccountId, id: ExportId) -> Result<Option<ExportRequest>, StoreError> {
        self.read("privacy.export", |tables, _| {
            Ok(tables.exports.get(&(account, id)).map(|row| row.request.clone()))
        })
        .await
    }

    async fn erasure(&self, account: AccountId) -> Result<Option<Erasure>, StoreError> {
        self.read("privacy.erasure", |tables, _| Ok(tables.erasures.get(&account).cloned())).await
    }

    async fn messages(&self, account: AccountId) -> Result<u64, StoreError> {
        self.read("privacy.messages", |tables, _| {
            let chat = chat_of(tables, account);
            let own = tables.updates.keys().filter(|(owner, _)| Some(*owner) == chat);
            Ok(u64::try_from(own.count()).expect("memory holds them"))
        })
        .await
    }

    async fn expired_exports(
        &self,
        age: Duration,
        limit: u16,
    ) -> Result<Vec<(AccountId, ExportId)>, StoreError> {
        self.read("privacy.expired_exports", |tables, now| {
            let before = now.before(age);
            let mut expired: Vec<_> = tables
                .exports
                .iter()
                .filter_map(|(key, row)| Some((row.ended_at?, *key)))
                .filter(|(ended_at, _)| *ended_at < before)
                .collect();
            expired.sort();
            expired.truncate(usize::from(limit));
            Ok(expired.into_iter().map(|(_, key)| key).collect())
        })
        .await
    }

    async fn forget_export(&self, account: AccountId, id: ExportId) -> Result<bool, StoreError> {
        self.write("privacy.forget_export", |tables, _| {
            let has_ended = |row: &ExportRow| row.ended_at.is_some();
            if !tables.exports.get(&(account, id)).is_some_and(has_ended) {
                return Ok(false);
            }
            tables.exports.remove(&(account, id));
            Ok(true)
        })
        .await
    }
}

/// A private chat has the number of the person.
fn chat_of(tables: &Tables, account: AccountId) -> Option<ChatId> {
    let own = tables.identities.iter().find(|(_, owner)| **owner == account);
    own.map(|(user, _): (&TelegramUserId, _)| ChatId::new(user.get()))
}

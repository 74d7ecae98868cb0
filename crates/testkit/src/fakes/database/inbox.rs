//! The inbox.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{ChatId, InboundUpdate, Inbox, Lease, StoreError, Timestamp, UpdateId, WaitingUpdate};

use super::MemoryDatabase;
use super::leases::held;
use super::tables::{Tables, UpdateRow, UpdateState};

impl MemoryDatabase {
    async fn under_lease(
        &self,
        port: &'static str,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        change: impl FnOnce(&mut UpdateRow),
    ) -> Result<(), StoreError> {
        self.write(port, |tables, now| {
            held(tables, lease, now)?;
            if let Some(row) = tables.updates.get_mut(&(chat, update)) {
                change(row);
            }
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Inbox for MemoryDatabase {
    async fn accept(&self, updates: &[InboundUpdate]) -> Result<u64, StoreError> {
        self.write("inbox.accept", |tables, now| {
            let mut accepted = 0;
            for update in updates {
                if tables.updates.contains_key(&(update.chat, update.update)) {
                    continue;
                }
                let number = tables.number();
                let row = UpdateRow {
                    body: update.body.clone(),
                    received_at: now,
                    number,
                    failures: 0,
                    state: UpdateState::Waiting,
                };
                tables.updates.insert((update.chat, update.update), row);
                accepted += 1;
            }
            Ok(accepted)
        })
        .await
    }

    async fn waiting_chats(&self, limit: u16) -> Result<Vec<ChatId>, StoreError> {
        self.read("inbox.waiting_chats", |tables, _| {
            let mut longest: BTreeMap<ChatId, u64> = BTreeMap::new();
            for ((chat, _), row) in waiting(tables) {
                let number = longest.entry(*chat).or_insert(row.number);
                *number = row.number.min(*number);
            }
            let mut chats: Vec<(u64, ChatId)> =
                longest.into_iter().map(|(chat, number)| (number, chat)).collect();
            chats.sort();
            Ok(chats.into_iter().take(usize::from(limit)).map(|(_, chat)| chat).collect())
        })
        .await
    }

    async fn next(&self, chat: ChatId) -> Result<Option<WaitingUpdate>, StoreError> {
        self.read("inbox.next", |tables, _| {
            let next = waiting(tables).find(|((owner, _), _)| *owner == chat);
            Ok(next.map(|((_, update), row)| WaitingUpdate {
                update: *update,
                body: row.body.clone(),
                failures: row.failures,
                received_at: row.received_at,
            }))
        })
        .await
    }

    async fn mark_handled(&self, lease: &Lease, chat: ChatId, update: UpdateId) -> Result<(), StoreError> {
        let handled = |row: &mut UpdateRow| row.state = UpdateState::Handled;
        self.under_lease("inbox.mark_handled", lease, chat, update, handled).await
    }

    async fn mark_failed(
        &self,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        _reason: &str,
    ) -> Result<(), StoreError> {
        self.under_lease("inbox.mark_failed", lease, chat, update, |row| row.failures += 1).await
    }

    async fn set_aside(
        &self,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let aside = |row: &mut UpdateRow| row.state = UpdateState::SetAside(reason.to_owned());
        self.under_lease("inbox.set_aside", lease, chat, update, aside).await
    }

    async fn last_received(&self, chat: ChatId) -> Result<Option<Timestamp>, StoreError> {
        self.read("inbox.last_received", |tables, _| {
            let own = tables.updates.iter().filter(|((owner, _), _)| *owner == chat);
            Ok(own.map(|(_, row)| row.received_at).max())
        })
        .await
    }

    async fn depth(&self) -> Result<u64, StoreError> {
        self.read("inbox.depth", |tables, _| {
            Ok(u64::try_from(waiting(tables).count()).expect("memory holds them"))
        })
        .await
    }

    async fn forget_handled(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        self.write("inbox.forget_handled", |tables, now| {
            let before = now.before(age);
            let old: Vec<_> = tables
                .updates
                .iter()
                .filter(|(_, row)| row.state == UpdateState::Handled && row.received_at < before)
                .map(|(key, _)| *key)
                .take(usize::from(limit))
                .collect();
            for key in &old {
                tables.updates.remove(key);
            }
            Ok(u64::try_from(old.len()).expect("memory holds them"))
        })
        .await
    }
}

fn waiting(tables: &Tables) -> impl Iterator<Item = (&(ChatId, UpdateId), &UpdateRow)> {
    tables.updates.iter().filter(|(_, row)| row.state == UpdateState::Waiting)
}

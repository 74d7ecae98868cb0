//! The durable inbox of the messenger's updates.

use std::fmt::Write as _;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{ChatId, InboundUpdate, Inbox, Lease, StoreError, Timestamp, UpdateId, WaitingUpdate};
use sea_orm::Value;

use crate::Database;
use crate::leases::LEASE;
use crate::row::Row;
use crate::span::micros;
use crate::statement::{execute, fetch_all, fetch_one, fetch_optional, values};

const TABLE: &str = "inbox";

/// Updates that one statement keeps; each has three values, and databases limit the values of a statement.
const UPDATES_AT_ONCE: usize = 1_000;

const WAITING_CHATS: &str = "
    SELECT chat_id FROM inbox WHERE state = 'waiting'
    GROUP BY chat_id ORDER BY min(received_at), min(update_id) LIMIT $1";

const NEXT: &str = "
    SELECT update_id, body, failures, received_at FROM inbox
    WHERE chat_id = $1 AND state = 'waiting' ORDER BY update_id LIMIT 1";

/// The lease's row is locked while an update is marked, so that nobody can take the lease over in between.
const UNDER_LEASE: &str = "WITH held AS (SELECT token FROM leases WHERE name = $3 AND token = $4 FOR SHARE)";

const MARK_HANDLED: &str = "
    UPDATE inbox SET state = 'handled'
    WHERE chat_id = $1 AND update_id = $2 AND state = 'waiting' AND EXISTS (SELECT 1 FROM held)";

const MARK_FAILED: &str = "
    UPDATE inbox SET failures = failures + 1, reason = $5
    WHERE chat_id = $1 AND update_id = $2 AND state = 'waiting' AND EXISTS (SELECT 1 FROM held)";

const SET_ASIDE: &str = "
    UPDATE inbox SET state = 'set-aside', failures = failures + 1, reason = $5
    WHERE chat_id = $1 AND update_id = $2 AND state = 'waiting' AND EXISTS (SELECT 1 FROM held)";

const IS_HELD: &str = "
    SELECT EXISTS (SELECT 1 FROM leases WHERE name = $1 AND token = $2) AS held";

const LAST_RECEIVED: &str = "SELECT max(received_at) AS latest FROM inbox WHERE chat_id = $1";

const DEPTH: &str = "SELECT count(*) AS depth FROM inbox WHERE state = 'waiting'";

const FORGET_HANDLED: &str = "
    DELETE FROM inbox WHERE (chat_id, update_id) IN (
        SELECT chat_id, update_id FROM inbox
        WHERE state = 'handled' AND received_at < now_micros() - $1 ORDER BY received_at LIMIT $2
    )";

#[async_trait]
impl Inbox for Database {
    async fn accept(&self, updates: &[InboundUpdate]) -> Result<u64, StoreError> {
        // In one order everywhere, so that two processes with the same updates never wait for each other.
        let mut updates: Vec<&InboundUpdate> = updates.iter().collect();
        updates.sort_by_key(|update| (update.chat, update.update));
        let mut accepted = 0;
        for updates in updates.chunks(UPDATES_AT_ONCE) {
            let (statement, values) = insertion(updates);
            accepted += self.write(&statement, values).await?;
        }
        Ok(accepted)
    }

    async fn waiting_chats(&self, limit: u16) -> Result<Vec<ChatId>, StoreError> {
        let rows = fetch_all(self.reader(), TABLE, WAITING_CHATS, values![i64::from(limit)]).await?;
        rows.iter().map(|row| row.get("chat_id").map(ChatId::new)).collect()
    }

    async fn next(&self, chat: ChatId) -> Result<Option<WaitingUpdate>, StoreError> {
        let row = fetch_optional(self.reader(), TABLE, NEXT, values![chat.get()]).await?;
        row.as_ref().map(WaitingUpdate::try_from).transpose()
    }

    async fn mark_handled(&self, lease: &Lease, chat: ChatId, update: UpdateId) -> Result<(), StoreError> {
        self.mark(lease, MARK_HANDLED, mark_values(lease, chat, update)).await
    }

    async fn mark_failed(
        &self,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut values = mark_values(lease, chat, update);
        values.push(reason.into());
        self.mark(lease, MARK_FAILED, values).await
    }

    async fn set_aside(
        &self,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let mut values = mark_values(lease, chat, update);
        values.push(reason.into());
        self.mark(lease, SET_ASIDE, values).await
    }

    async fn last_received(&self, chat: ChatId) -> Result<Option<Timestamp>, StoreError> {
        fetch_one(self.reader(), TABLE, LAST_RECEIVED, values![chat.get()]).await?.optional_time("latest")
    }

    async fn depth(&self) -> Result<u64, StoreError> {
        fetch_one(self.reader(), TABLE, DEPTH, values![]).await?.number("depth")
    }

    async fn forget_handled(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        execute(self.writer(), FORGET_HANDLED, values![micros(age), i64::from(limit)]).await
    }
}

impl Database {
    /// Changes a waiting update while the lease is held. One that waits no more was marked before: a repeat.
    async fn mark(&self, lease: &Lease, statement: &str, values: Vec<Value>) -> Result<(), StoreError> {
        let statement = format!("{UNDER_LEASE} {statement}");
        if self.write(&statement, values).await? == 1 {
            return Ok(());
        }
        let values = values![lease.name.to_string(), lease.token.uuid()];
        if fetch_one(self.reader(), "leases", IS_HELD, values).await?.get("held")? {
            Ok(())
        } else {
            Err(StoreError::Superseded { what: LEASE })
        }
    }
}

/// One statement that keeps all of the updates.
fn insertion(updates: &[&InboundUpdate]) -> (String, Vec<Value>) {
    let mut statement =
        "INSERT INTO inbox (chat_id, update_id, body, state, failures, received_at) VALUES ".to_owned();
    let mut values: Vec<Value> = Vec::with_capacity(updates.len() * 3);
    for update in updates {
        let separator = if values.is_empty() { "" } else { ", " };
        let first = values.len() + 1;
        // Writing to a string cannot fail.
        let _ = write!(
            statement,
            "{separator}(${first}, ${}, ${}, 'waiting', 0, now_micros())",
            first + 1,
            first + 2
        );
        values.extend(values![update.chat.get(), update.update.get(), update.body.as_str()]);
    }
    statement.push_str(" ON CONFLICT (chat_id, update_id) DO NOTHING");
    (statement, values)
}

fn mark_values(lease: &Lease, chat: ChatId, update: UpdateId) -> Vec<Value> {
    values![chat.get(), update.get(), lease.name.to_string(), lease.token.uuid()]
}

impl TryFrom<&Row> for WaitingUpdate {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            update: row.get("update_id").map(UpdateId::new)?,
            body: row.get("body")?,
            failures: row.number("failures")?,
            received_at: row.time("received_at")?,
        })
    }
}

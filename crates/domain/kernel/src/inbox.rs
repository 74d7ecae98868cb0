//! The durable inbox: every update of the messenger is committed here before it is acknowledged there.

use async_trait::async_trait;

use crate::{ChatId, Lease, StoreError, Timestamp, UpdateId};

/// An update as it came from the messenger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboundUpdate {
    /// The conversation that it belongs to; updates of one conversation are handled in order.
    pub chat: ChatId,
    /// The messenger's number of the update, unique within the conversation.
    pub update: UpdateId,
    /// The update's JSON, unchanged.
    pub body: String,
}

/// An update that waits to be handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingUpdate {
    /// The messenger's number.
    pub update: UpdateId,
    /// The update's JSON.
    pub body: String,
    /// How often handling it has failed so far.
    pub failures: u32,
    /// When it was accepted, by the database's clock.
    pub received_at: Timestamp,
}

/// Keeps updates until they are handled.
///
/// **Contract**
/// - `accept` MUST be durable when it returns, and MUST ignore an update that is already there, handled or not.
/// - `next` MUST give the unhandled update with the lowest number.
/// - `mark_handled`, `mark_failed` and `set_aside` MUST fail with `Superseded` when the lease is no longer held, and
///   change nothing.
/// - `waiting_chats` MUST list every conversation with an unhandled update, the longest waiting first.
/// - An update that is set aside MUST never be given again, and MUST be kept with its reason.
/// - `last_received` MUST give when the conversation's latest update was accepted, by the database's clock, handled or
///   not; `None` when there is none.
#[async_trait]
pub trait Inbox: Send + Sync {
    /// Keeps the updates; how many of them were new.
    async fn accept(&self, updates: &[InboundUpdate]) -> Result<u64, StoreError>;

    /// Conversations with something to do.
    async fn waiting_chats(&self, limit: u16) -> Result<Vec<ChatId>, StoreError>;

    /// The next update of a conversation.
    async fn next(&self, chat: ChatId) -> Result<Option<WaitingUpdate>, StoreError>;

    /// The update's effects are all there.
    async fn mark_handled(&self, lease: &Lease, chat: ChatId, update: UpdateId) -> Result<(), StoreError>;

    /// Handling it failed; it will be given again.
    async fn mark_failed(
        &self,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        reason: &str,
    ) -> Result<(), StoreError>;

    /// Handling it is hopeless; it is put aside so that the conversation goes on.
    async fn set_aside(
        &self,
        lease: &Lease,
        chat: ChatId,
        update: UpdateId,
        reason: &str,
    ) -> Result<(), StoreError>;

    /// When the conversation's latest update was accepted, handled or not.
    async fn last_received(&self, chat: ChatId) -> Result<Option<Timestamp>, StoreError>;

    /// How many updates wait.
    async fn depth(&self) -> Result<u64, StoreError>;

    /// Removes up to `limit` handled updates accepted more than `age` ago; the number removed.
    async fn forget_handled(&self, age: std::time::Duration, limit: u16) -> Result<u64, StoreError>;
}

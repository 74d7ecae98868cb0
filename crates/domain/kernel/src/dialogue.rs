//! Where a conversation stands between two messages. Nothing of value: losing it leads back to the menu.

use std::time::Duration;

use async_trait::async_trait;

use crate::{ChatId, StoreError};

/// Keeps a short text per conversation for a while.
///
/// **Contract**
/// - `get` MUST give what `put` kept last, until its lifetime ends or `clear` removes it.
/// - Conversations MUST NOT see each other's text.
#[async_trait]
pub trait DialogueStore: Send + Sync {
    /// What is kept for the conversation.
    async fn get(&self, chat: ChatId) -> Result<Option<String>, StoreError>;

    /// Keeps `state` for `lifetime`.
    async fn put(&self, chat: ChatId, state: &str, lifetime: Duration) -> Result<(), StoreError>;

    /// Forgets it.
    async fn clear(&self, chat: ChatId) -> Result<(), StoreError>;
}

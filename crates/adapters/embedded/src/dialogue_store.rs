//! Conversations in memory.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{ChatId, Clock, DialogueStore, StoreError};

use crate::expiring_map::ExpiringMap;

/// How many conversations are remembered at most; beyond that, those that would have ended first are forgotten.
const CAPACITY: usize = 100_000;

/// Keeps where each conversation stands for as long as the process lives.
pub struct LocalDialogueStore {
    clock: Arc<dyn Clock>,
    states: Mutex<ExpiringMap<ChatId, String>>,
}

impl LocalDialogueStore {
    /// A store whose lifetimes go by `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, states: Mutex::new(ExpiringMap::new(CAPACITY)) }
    }
}

#[async_trait]
impl DialogueStore for LocalDialogueStore {
    async fn get(&self, chat: ChatId) -> Result<Option<String>, StoreError> {
        let states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(states.get(chat, self.clock.now()).cloned())
    }

    async fn put(&self, chat: ChatId, state: &str, lifetime: Duration) -> Result<(), StoreError> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        states.insert(chat, state.to_owned(), now + lifetime, now);
        Ok(())
    }

    async fn clear(&self, chat: ChatId) -> Result<(), StoreError> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).remove(chat);
        Ok(())
    }
}

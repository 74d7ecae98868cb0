//! Where conversations stand.

use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis::cmd;
use kernel::{ChatId, DialogueStore, StoreError};

use crate::time_span::lifetime_millis;
use crate::{RedisFailure, RedisServer};

/// Keeps where each conversation stands, for all processes.
pub struct RedisDialogueStore {
    server: RedisServer,
}

impl RedisDialogueStore {
    /// A store on this server.
    pub const fn new(server: RedisServer) -> Self {
        Self { server }
    }
}

#[async_trait]
impl DialogueStore for RedisDialogueStore {
    async fn get(&self, chat: ChatId) -> Result<Option<String>, StoreError> {
        let mut get = cmd("GET");
        get.arg(self.server.keys().dialogue(chat));
        self.server.command(&get).await.map_err(away)
    }

    async fn put(&self, chat: ChatId, state: &str, lifetime: Duration) -> Result<(), StoreError> {
        let mut put = cmd("SET");
        put.arg(self.server.keys().dialogue(chat)).arg(state).arg("PX").arg(lifetime_millis(lifetime));
        self.server.command::<()>(&put).await.map_err(away)
    }

    async fn clear(&self, chat: ChatId) -> Result<(), StoreError> {
        let mut clear = cmd("DEL");
        clear.arg(self.server.keys().dialogue(chat));
        self.server.command::<()>(&clear).await.map_err(away)
    }
}

fn away(failure: RedisFailure) -> StoreError {
    StoreError::Unavailable(failure.boxed())
}

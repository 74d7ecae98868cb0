//! Conversations in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{ChatId, Clock, DialogueStore, StoreError, Timestamp};

use crate::weather::{FairWeather, Weather, weathered};

/// Where conversations stand, in memory.
#[derive(Clone)]
pub struct MemoryDialogues {
    states: Arc<Mutex<BTreeMap<ChatId, (String, Timestamp)>>>,
    clock: Arc<dyn Clock>,
    weather: Arc<dyn Weather>,
}

impl MemoryDialogues {
    /// A store that takes its time from `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self::under(clock, Arc::new(FairWeather))
    }

    /// The same under this weather.
    pub fn under(clock: Arc<dyn Clock>, weather: Arc<dyn Weather>) -> Self {
        Self { states: Arc::default(), clock, weather }
    }

    /// The same store under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    async fn call<T>(
        &self,
        port: &'static str,
        effect: impl FnOnce(&mut BTreeMap<ChatId, (String, Timestamp)>) -> T,
    ) -> Result<T, StoreError> {
        let effect = || Ok(effect(&mut self.states.lock().unwrap_or_else(PoisonError::into_inner)));
        weathered(&self.weather, port, effect, StoreError::Unavailable).await
    }
}

#[async_trait]
impl DialogueStore for MemoryDialogues {
    async fn get(&self, chat: ChatId) -> Result<Option<String>, StoreError> {
        let now = self.clock.now();
        self.call("dialogues.get", |states| {
            states.get(&chat).filter(|(_, until)| *until > now).map(|(state, _)| state.clone())
        })
        .await
    }

    async fn put(&self, chat: ChatId, state: &str, lifetime: Duration) -> Result<(), StoreError> {
        let until = self.clock.now() + lifetime;
        self.call("dialogues.put", |states| drop(states.insert(chat, (state.to_owned(), until)))).await
    }

    async fn clear(&self, chat: ChatId) -> Result<(), StoreError> {
        self.call("dialogues.clear", |states| drop(states.remove(&chat))).await
    }
}

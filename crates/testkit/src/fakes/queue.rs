//! Wake-ups in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{AccountId, JobQueue, JobQueueError, WakeUp};
use tokio::sync::Notify;

use crate::weather::{FairWeather, Weather, weathered};

/// What waits, in the order of arrival, and when each account had its last turn.
#[derive(Debug, Default)]
struct Waiting {
    arrived: Vec<WakeUp>,
    turns: u64,
    last_turn: BTreeMap<AccountId, u64>,
}

impl Waiting {
    /// The most urgent; of those, that of the account whose last turn is longest ago; of those, the oldest.
    fn take(&mut self) -> Option<WakeUp> {
        let rank = |wake_up: &WakeUp| (wake_up.urgency, self.last_turn.get(&wake_up.account).copied());
        let next = (0..self.arrived.len()).min_by_key(|place| rank(&self.arrived[*place]))?;
        let taken = self.arrived.remove(next);
        self.turns += 1;
        self.last_turn.insert(taken.account, self.turns);
        Some(taken)
    }
}

/// A queue in memory. What is in it when the program dies is lost, as it may be.
#[derive(Clone)]
pub struct MemoryQueue {
    waiting: Arc<Mutex<Waiting>>,
    news: Arc<Notify>,
    weather: Arc<dyn Weather>,
}

impl Default for MemoryQueue {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl MemoryQueue {
    /// A queue under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { waiting: Arc::default(), news: Arc::default(), weather }
    }

    /// The same queue under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    fn take(&self) -> Option<WakeUp> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = waiting.take();
        if !waiting.arrived.is_empty() {
            self.news.notify_one();
        }
        taken
    }
}

#[async_trait]
impl JobQueue for MemoryQueue {
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError> {
        let effect = || {
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).arrived.push(wake_up);
            self.news.notify_one();
            Ok(())
        };
        weathered(&self.weather, "queue.push", effect, JobQueueError).await
    }

    async fn pop(&self, patience: Duration) -> Result<Option<WakeUp>, JobQueueError> {
        weathered(&self.weather, "queue.pop", || Ok(()), JobQueueError).await?;
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            if let Some(wake_up) = self.take() {
                return Ok(Some(wake_up));
            }
            if tokio::time::timeout_at(deadline, self.news.notified()).await.is_err() {
                return Ok(self.take());
            }
        }
    }
}

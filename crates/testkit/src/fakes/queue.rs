//! Wake-ups in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{JobQueue, JobQueueError, WakeUp};
use tokio::sync::Notify;

use crate::weather::{FairWeather, Weather, weathered};

/// A queue in memory. What is in it when the program dies is lost, as it may be.
#[derive(Clone)]
pub struct MemoryQueue {
    wake_ups: Arc<Mutex<VecDeque<WakeUp>>>,
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
        Self { wake_ups: Arc::default(), news: Arc::default(), weather }
    }

    /// The same queue under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    fn take(&self) -> Option<WakeUp> {
        let mut wake_ups = self.wake_ups.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = wake_ups.pop_front();
        if !wake_ups.is_empty() {
            self.news.notify_one();
        }
        taken
    }
}

#[async_trait]
impl JobQueue for MemoryQueue {
    async fn push(&self, wake_up: WakeUp) -> Result<(), JobQueueError> {
        let effect = || {
            self.wake_ups.lock().unwrap_or_else(PoisonError::into_inner).push_back(wake_up);
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

//! A trainer of avatars that is watched.

use std::sync::Arc;

use async_trait::async_trait;
use avatar::{AvatarTrainer, OpenFile, TrainerEntry, TrainingOrder, TrainingStanding};
use bytes::Bytes;
use kernel::{CallbackSupport, ProviderError, ProviderEvent, ProviderHandle};

use super::provider_calls::ProviderCalls;
use crate::metrics::Metrics;

/// Records the calls of a trainer.
pub(crate) struct MeasuredTrainer {
    inner: Arc<dyn AvatarTrainer>,
    calls: ProviderCalls,
}

impl MeasuredTrainer {
    pub(crate) fn new(inner: Arc<dyn AvatarTrainer>, metrics: Metrics, provider: &str) -> Self {
        Self { inner, calls: ProviderCalls::new(metrics, provider) }
    }
}

#[async_trait]
impl AvatarTrainer for MeasuredTrainer {
    async fn submit(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError> {
        let handle = self.calls.timed("submit-training", self.inner.submit(order)).await?;
        self.calls.cost(order.trainer.id.as_str(), order.preset.cost_micro_usd);
        Ok(handle)
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<TrainingStanding, ProviderError> {
        self.calls.timed("poll-training", self.inner.poll(handle)).await
    }

    fn interpret(
        &self,
        trainer: &TrainerEntry,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<TrainingStanding, ProviderError>), ProviderError> {
        let interpreted = self.inner.interpret(trainer, event);
        if let Err(error) | Ok((_, Err(error))) = &interpreted {
            self.calls.failed("callback-training", error);
        }
        interpreted
    }

    async fn open(&self, address: &str) -> Result<OpenFile, ProviderError> {
        self.calls.timed("open-weights", self.inner.open(address)).await
    }

    async fn fetch(&self, address: &str, limit: usize) -> Result<Bytes, ProviderError> {
        self.calls.timed("fetch-training", self.inner.fetch(address, limit)).await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.calls.timed("cancel-training", self.inner.cancel(handle)).await
    }

    async fn probe(&self, trainer: &TrainerEntry) -> Result<(), ProviderError> {
        self.calls.timed("probe-training", self.inner.probe(trainer)).await
    }

    fn callback_support(&self) -> CallbackSupport {
        self.inner.callback_support()
    }

    fn concerns_trainer(&self, error: &ProviderError) -> bool {
        self.inner.concerns_trainer(error)
    }
}

//! A maker of images that is watched.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    GeneratedImage, ImageGenerator, ModelEntry, ModelId, ReferenceForm, Submission, SubmissionOutcome,
    WorkProgress,
};
use kernel::{CallbackSupport, ProviderError, ProviderEvent, ProviderHandle};

use super::provider_calls::ProviderCalls;
use crate::metrics::Metrics;

/// Records the calls of a maker of images.
pub(crate) struct MeasuredGenerator {
    inner: Arc<dyn ImageGenerator>,
    calls: ProviderCalls,
}

impl MeasuredGenerator {
    pub(crate) fn new(inner: Arc<dyn ImageGenerator>, metrics: Metrics, provider: &str) -> Self {
        Self { inner, calls: ProviderCalls::new(metrics, provider) }
    }
}

/// How many images a provider asks money for.
fn billed(submission: &Submission, outcome: &SubmissionOutcome) -> u64 {
    match outcome {
        SubmissionOutcome::Ready(images) => {
            let made = images.iter().filter(|image| matches!(image, GeneratedImage::Made(_))).count();
            u64::try_from(made).unwrap_or(u64::MAX)
        }
        SubmissionOutcome::Accepted(_) => u64::from(submission.count),
    }
}

#[async_trait]
impl ImageGenerator for MeasuredGenerator {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        let outcome = self.calls.timed("submit", self.inner.submit(submission)).await?;
        let model = &submission.model;
        let cost = model.cost_micro_usd.saturating_mul(billed(submission, &outcome));
        self.calls.cost(model.id.as_str(), cost);
        Ok(outcome)
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        self.calls.timed("poll", self.inner.poll(handle)).await
    }

    fn interpret(
        &self,
        model: &ModelId,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        let interpreted = self.inner.interpret(model, event);
        if let Err(error) | Ok((_, Err(error))) = &interpreted {
            self.calls.failed("callback", error);
        }
        interpreted
    }

    async fn fetch(&self, address: &str) -> Result<Bytes, ProviderError> {
        self.calls.timed("fetch", self.inner.fetch(address)).await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.calls.timed("cancel", self.inner.cancel(handle)).await
    }

    async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError> {
        self.calls.timed("probe", self.inner.probe(model)).await
    }

    fn reference_form(&self) -> ReferenceForm {
        self.inner.reference_form()
    }

    fn callback_support(&self) -> CallbackSupport {
        self.inner.callback_support()
    }

    fn concerns_model(&self, error: &ProviderError) -> bool {
        self.inner.concerns_model(error)
    }
}

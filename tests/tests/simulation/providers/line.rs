//! A node's line to a provider, which the weather may cut.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    CallbackSupport, ImageGenerator, ModelEntry, ModelId, ProviderHandle, ReferenceForm, Submission,
    SubmissionOutcome, WorkProgress,
};
use kernel::{FailureClass, ProviderError, ProviderEvent};
use testkit::fakes::FakeGenerator;
use testkit::weather::{Weather, weathered};

use super::models::FAL;
use super::plan::Answer;
use super::works::Works;

/// A node's line to a provider.
pub struct Line {
    /// Which provider.
    pub provider: &'static str,
    /// Its side.
    pub works: Works,
    /// What befalls calls.
    pub weather: Arc<dyn Weather>,
    /// The longest that a call may take.
    pub timeout: Duration,
}

impl Line {
    async fn struck(&self, port: &'static str) -> Result<(), ProviderError> {
        let failure = |source: kernel::BoxError| {
            ProviderError::new(FailureClass::Unavailable, "cut", "the line was cut").caused_by(source)
        };
        weathered(&self.weather, port, || Ok(()), failure).await
    }

    fn is_queue(&self) -> bool {
        self.provider == FAL
    }

    fn done(&self, submission: &Submission) -> SubmissionOutcome {
        if self.is_queue() {
            SubmissionOutcome::Accepted(ProviderHandle::new(self.works.accept(self.provider, submission)))
        } else {
            SubmissionOutcome::Ready(self.works.make(submission))
        }
    }
}

#[async_trait]
impl ImageGenerator for Line {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        self.struck("provider.submit").await?;
        self.works.check_account(self.provider)?;
        self.works.check_model(&submission.model.id)?;
        if submission.prompt.as_str().contains(FakeGenerator::REFUSED) {
            return Err(ProviderError::new(FailureClass::Refused, "refused", "a policy forbids it"));
        }
        let failure = |class, code: &str| Err(ProviderError::new(class, code, "nothing was done"));
        match self.works.answer(self.provider) {
            Answer::Proper(span) => {
                // What was accepted goes on, and calls back, whether anybody hears the answer or not.
                let outcome = self.done(submission);
                tokio::time::sleep(span).await;
                self.struck("provider.answer").await.map_err(|_| Works::unheard("answer-lost"))?;
                Ok(outcome)
            }
            Answer::Limited(wait) => failure(FailureClass::Limited { retry_after: Some(wait) }, "limited"),
            Answer::Unavailable => failure(FailureClass::Unavailable, "http-503"),
            Answer::LostBefore => Err(Works::unheard("connection-lost")),
            Answer::LostAfter => {
                drop(self.done(submission));
                Err(Works::unheard("connection-lost"))
            }
            Answer::Hangs => {
                drop(self.done(submission));
                tokio::time::sleep(self.timeout).await;
                Err(Works::unheard("timeout"))
            }
            Answer::Locked(_) => self.works.check_account(self.provider).map(|()| self.done(submission)),
            Answer::Retired(span) => {
                self.works.retire(&submission.model.id, span);
                self.works.check_model(&submission.model.id).map(|()| self.done(submission))
            }
            Answer::Invalid => failure(FailureClass::Invalid, "http-422"),
        }
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        self.struck("provider.poll").await.map_err(ProviderError::with_unknown_outcome)?;
        self.works.check_account(self.provider).map_err(ProviderError::with_unknown_outcome)?;
        self.works.progress(handle.as_str())
    }

    fn interpret(
        &self,
        _model: &ModelId,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        let id = event.request_id.split('/').next().unwrap_or_default();
        Ok((ProviderHandle::new(id), self.works.progress(id)))
    }

    async fn fetch(&self, address: &str) -> Result<Bytes, ProviderError> {
        self.struck("provider.fetch").await?;
        self.works.file(address)
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.struck("provider.cancel").await?;
        self.works.cancel(handle.as_str());
        Ok(())
    }

    async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError> {
        self.struck("provider.probe").await?;
        self.works.check_account(self.provider)?;
        self.works.check_model(&model.id)
    }

    fn reference_form(&self) -> ReferenceForm {
        if self.is_queue() { ReferenceForm::Address } else { ReferenceForm::Inline }
    }

    fn callback_support(&self) -> CallbackSupport {
        if self.is_queue() { CallbackSupport::WhenAsked } else { CallbackSupport::Never }
    }

    fn concerns_model(&self, error: &ProviderError) -> bool {
        error.code == "retired"
    }
}

//! A node's line to the trainer, which the weather may cut.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use avatar::{AvatarTrainer, OpenFile, TrainerEntry, TrainingOrder, TrainingStanding};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use generation::{CallbackSupport, ModelId, ProviderHandle};
use kernel::{BoxError, CallOutcome, FailureClass, ProviderError, ProviderEvent};
use testkit::fakes::FakeLender;
use testkit::weather::{Aftermath, Weather, befall, weathered};

use super::models::FAL;
use super::plan::Answer;
use super::trainings::Trainings;
use super::works::Works;

/// A node's line to the trainer.
pub struct TrainerLine {
    /// The trainer's side.
    pub trainings: Trainings,
    /// The state of our account, which trainings and images share.
    pub works: Works,
    /// What is lent to it.
    pub lender: FakeLender,
    /// What befalls calls.
    pub weather: Arc<dyn Weather>,
    /// The longest that a call may take.
    pub timeout: Duration,
}

impl TrainerLine {
    async fn struck(&self, port: &'static str) -> Result<(), ProviderError> {
        let failure = |source: BoxError| cut().caused_by(source);
        weathered(&self.weather, port, || Ok(()), failure).await
    }

    fn accept(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError> {
        if self.lender.read(&order.archive).is_none() {
            return Err(ProviderError::new(
                FailureClass::Invalid,
                "unreadable-archive",
                "no photos are there",
            ));
        }
        Ok(ProviderHandle::new(self.trainings.accept(FAL, order)))
    }
}

#[async_trait]
impl AvatarTrainer for TrainerLine {
    async fn submit(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError> {
        self.struck("trainer.submit").await?;
        self.works.check_account(FAL)?;
        let id = ModelId::new(order.trainer.id.as_str());
        self.works.check_model(&id)?;
        let failure = |class, code: &str| Err(ProviderError::new(class, code, "nothing was done"));
        match self.works.answer(FAL) {
            Answer::Proper(span) => {
                // What was accepted goes on, and calls back, whether anybody hears the answer or not.
                let handle = self.accept(order)?;
                tokio::time::sleep(span).await;
                self.struck("trainer.answer").await.map_err(|_| Works::unheard("answer-lost"))?;
                Ok(handle)
            }
            Answer::Limited(wait) => failure(FailureClass::Limited { retry_after: Some(wait) }, "limited"),
            Answer::Unavailable => failure(FailureClass::Unavailable, "http-503"),
            Answer::LostBefore => Err(Works::unheard("connection-lost")),
            Answer::LostAfter => {
                self.accept(order)?;
                Err(Works::unheard("connection-lost"))
            }
            Answer::Hangs => {
                self.accept(order)?;
                tokio::time::sleep(self.timeout).await;
                Err(Works::unheard("timeout"))
            }
            Answer::Locked(_) => {
                self.works.check_account(FAL)?;
                self.accept(order)
            }
            Answer::Retired(span) => {
                self.works.retire(&id, span);
                self.works.check_model(&id)?;
                self.accept(order)
            }
            Answer::Invalid => failure(FailureClass::Invalid, "http-422"),
        }
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<TrainingStanding, ProviderError> {
        self.struck("trainer.poll").await.map_err(ProviderError::with_unknown_outcome)?;
        self.works.check_account(FAL).map_err(ProviderError::with_unknown_outcome)?;
        self.trainings.standing(handle.as_str())
    }

    fn interpret(
        &self,
        _trainer: &TrainerEntry,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<TrainingStanding, ProviderError>), ProviderError> {
        let handle = ProviderHandle::new(event.request_id.as_str());
        Ok((handle, self.trainings.standing(&event.request_id)))
    }

    async fn open(&self, address: &str) -> Result<OpenFile, ProviderError> {
        let aftermath = befall(&self.weather, "trainer.open")
            .await
            .map_err(|struck| cut().caused_by(Box::new(struck)))?;
        let bytes = self.trainings.file(address)?;
        let size = u64::try_from(bytes.len()).ok();
        match aftermath {
            Aftermath::Nothing => Ok(OpenFile { size, bytes: stream::iter([Ok(bytes)]).boxed() }),
            // It breaks off in the midst of the bytes.
            Aftermath::Failure => {
                let half = bytes.slice(..bytes.len() / 2);
                let pieces = [Ok(half), Err(BoxError::from("the line was cut"))];
                Ok(OpenFile { size, bytes: stream::iter(pieces).boxed() })
            }
            Aftermath::Death => {
                self.weather.die();
                std::future::pending().await
            }
        }
    }

    async fn fetch(&self, address: &str, _limit: usize) -> Result<Bytes, ProviderError> {
        self.struck("trainer.fetch").await?;
        self.trainings.file(address)
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.struck("trainer.cancel").await?;
        self.trainings.cancel(handle.as_str());
        Ok(())
    }

    async fn probe(&self, trainer: &TrainerEntry) -> Result<(), ProviderError> {
        self.struck("trainer.probe").await?;
        self.works.check_account(FAL)?;
        self.works.check_model(&ModelId::new(trainer.id.as_str()))
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::WhenAsked
    }

    fn concerns_trainer(&self, error: &ProviderError) -> bool {
        error.code == "retired"
    }
}

/// The line was cut before anything was done.
fn cut() -> ProviderError {
    let error = ProviderError::new(FailureClass::Unavailable, "cut", "the line was cut");
    ProviderError { outcome: CallOutcome::NotDone, ..error }
}

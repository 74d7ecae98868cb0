//! The port.

use async_trait::async_trait;
use avatar::{AvatarTrainer, OpenFile, TrainerEntry, TrainingOrder, TrainingProgress, TrainingStanding};
use bytes::Bytes;
use kernel::{CallbackSupport, ProviderError, ProviderEvent, ProviderHandle};

use super::input;
use super::output::files_of;
use super::progress::share_done;
use crate::files::Limit;
use crate::queue::{Log, Work, endpoint_of, is_about_endpoint};
use crate::status::Standing;
use crate::{Fal, callbacks};

#[async_trait]
impl AvatarTrainer for Fal {
    async fn submit(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError> {
        let work = Work {
            endpoint: &endpoint_of(order.trainer.id.as_str())?,
            input: &input::input_of(order)?,
            callback: order.callback.as_deref(),
            keep_for: order.keep_for,
            start_within: self.settings.training_start_timeout,
            words: "",
            address: &order.archive,
        };
        self.queue.submit(&work).await
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<TrainingStanding, ProviderError> {
        standing(self.queue.poll(handle, Log::Wanted).await?)
    }

    fn interpret(
        &self,
        trainer: &TrainerEntry,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<TrainingStanding, ProviderError>), ProviderError> {
        let (handle, told) = callbacks::interpret(&endpoint_of(trainer.id.as_str())?, event)?;
        Ok((handle, told.and_then(standing)))
    }

    async fn open(&self, address: &str) -> Result<OpenFile, ProviderError> {
        let (size, bytes) = self.files.open(address).await?;
        Ok(OpenFile { size, bytes })
    }

    async fn fetch(&self, address: &str, limit: usize) -> Result<Bytes, ProviderError> {
        self.files.fetch(address, Limit { bytes: limit, code: "result-too-large" }).await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.queue.cancel(handle).await
    }

    async fn probe(&self, trainer: &TrainerEntry) -> Result<(), ProviderError> {
        input::check(trainer)?;
        self.queue.probe(&endpoint_of(trainer.id.as_str())?, self.clock.now()).await
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::WhenAsked
    }

    fn concerns_trainer(&self, error: &ProviderError) -> bool {
        is_about_endpoint(error)
    }
}

fn standing(standing: Standing) -> Result<TrainingStanding, ProviderError> {
    match standing {
        Standing::Queued { position } => {
            Ok(TrainingStanding::UnderWay(TrainingProgress { position, done: None }))
        }
        Standing::Running { log } => {
            Ok(TrainingStanding::UnderWay(TrainingProgress { position: None, done: share_done(&log) }))
        }
        Standing::Done(output) => files_of(&output).map(TrainingStanding::Trained),
    }
}

//! FAL as a maker of images.

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    CallbackSupport, ImageGenerator, ModelEntry, ModelId, ProviderHandle, ReferenceForm, Submission,
    SubmissionOutcome, SubmittedLikeness, WorkProgress,
};
use kernel::{ProviderError, ProviderEvent};

use crate::files::Limit;
use crate::output::images_of;
use crate::queue::{Log, Work, endpoint_of, is_about_endpoint};
use crate::status::Standing;
use crate::{Fal, callbacks, input};

#[async_trait]
impl ImageGenerator for Fal {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        let work = Work {
            endpoint: &endpoint_of(submission.model.id.as_str())?,
            input: &input::input_of(submission)?,
            callback: submission.callback.as_deref(),
            keep_for: self.settings.file_lifetime,
            start_within: self.settings.start_timeout,
            words: submission.prompt.as_str(),
            address: &addresses_in(&submission.likeness),
        };
        self.queue.submit(&work).await.map(SubmissionOutcome::Accepted)
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        progress(self.queue.poll(handle, Log::Unwanted).await?)
    }

    fn interpret(
        &self,
        model: &ModelId,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        let (handle, standing) = callbacks::interpret(&endpoint_of(model.as_str())?, event)?;
        Ok((handle, standing.and_then(progress)))
    }

    async fn fetch(&self, address: &str) -> Result<Bytes, ProviderError> {
        self.files.fetch(address, Limit::IMAGE).await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.queue.cancel(handle).await
    }

    async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError> {
        input::check(model)?;
        self.queue.probe(&endpoint_of(model.id.as_str())?, self.clock.now()).await
    }

    fn reference_form(&self) -> ReferenceForm {
        ReferenceForm::Address
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::WhenAsked
    }

    fn concerns_model(&self, error: &ProviderError) -> bool {
        is_about_endpoint(error)
    }
}

fn progress(standing: Standing) -> Result<WorkProgress, ProviderError> {
    match standing {
        Standing::Queued { position } => Ok(WorkProgress::Queued { position }),
        Standing::Running { .. } => Ok(WorkProgress::Running),
        Standing::Done(output) => images_of(&output).map(WorkProgress::Ready),
    }
}

/// The addresses of a likeness, for whoever has to keep them back.
fn addresses_in(likeness: &SubmittedLikeness) -> String {
    match likeness {
        SubmittedLikeness::Nobody => String::new(),
        SubmittedLikeness::Weights { address, .. } => address.clone(),
        SubmittedLikeness::References(photos) => {
            let addresses: Vec<&str> = photos.iter().filter_map(input::address_of).collect();
            addresses.join(" ")
        }
    }
}

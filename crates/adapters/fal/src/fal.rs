//! The adapter: FAL behind the ports.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    CallbackSupport, ImageGenerator, ModelEntry, ModelId, ProviderHandle, Submission, SubmissionOutcome,
    WorkProgress,
};
use kernel::{CallbackError, Clock, ProviderCallbacks, ProviderError, ProviderEvent, RawCallback};
use reqwest::Client;
use reqwest::redirect::Policy;

use crate::address::ApiRoot;
use crate::callbacks::{self, Callbacks};
use crate::files::Files;
use crate::queue::{Queue, endpoint_of, is_about_model};
use crate::{FalSettings, SetupError, input};

/// FAL does not start work that may wait no longer than this.
const SHORTEST_START_TIMEOUT: Duration = Duration::from_secs(1);
/// How long an idle connection is kept: less than the time after which servers close theirs, so that no request is sent
/// into a connection that is about to end.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// FAL: makes images, and verifies the callbacks that say that they are made.
pub struct Fal {
    queue: Queue,
    files: Files,
    callbacks: Callbacks,
    clock: Arc<dyn Clock>,
}

impl Fal {
    /// The adapter for one account.
    ///
    /// # Errors
    /// When a setting cannot be used, or no HTTP client can be set up.
    pub fn new(settings: FalSettings, clock: Arc<dyn Clock>) -> Result<Self, SetupError> {
        if settings.start_timeout <= SHORTEST_START_TIMEOUT {
            return Err(SetupError::StartTimeout(settings.start_timeout));
        }
        let queue_root = ApiRoot::new("queue_url", &settings.queue_url)?;
        let rest_root = ApiRoot::new("rest_url", &settings.rest_url)?;
        let client = client(&settings, &queue_root)?;
        Ok(Self {
            files: Files::new(client.clone(), settings.result_hosts.clone(), settings.fetch_timeout),
            callbacks: Callbacks::new(client.clone(), &rest_root, &settings, Arc::clone(&clock)),
            queue: Queue::new(client, queue_root, settings)?,
            clock,
        })
    }
}

fn client(settings: &FalSettings, queue: &ApiRoot) -> Result<Client, SetupError> {
    let builder = Client::builder()
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.call_timeout)
        .pool_idle_timeout(IDLE_CONNECTION)
        .redirect(Policy::none())
        .retry(reqwest::retry::never());
    // Without TLS a proxy would read the key.
    let builder = if queue.is_encrypted() { builder } else { builder.no_proxy() };
    Ok(builder.build()?)
}

#[async_trait]
impl ImageGenerator for Fal {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        self.queue.submit(submission).await.map(SubmissionOutcome::Accepted)
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        self.queue.poll(handle).await
    }

    fn interpret(
        &self,
        model: &ModelId,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        callbacks::interpret(&endpoint_of(model.as_str())?, event)
    }

    async fn fetch(&self, address: &str) -> Result<Bytes, ProviderError> {
        self.files.fetch(address).await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.queue.cancel(handle).await
    }

    async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError> {
        input::check(model)?;
        self.queue.probe(model.id.as_str(), self.clock.now()).await
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::WhenAsked
    }

    fn concerns_model(&self, error: &ProviderError) -> bool {
        is_about_model(error)
    }
}

#[async_trait]
impl ProviderCallbacks for Fal {
    async fn verify(&self, callback: &RawCallback) -> Result<ProviderEvent, CallbackError> {
        self.callbacks.verify(callback).await
    }
}

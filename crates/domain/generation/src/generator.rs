//! The port behind which the makers of images stand.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{AspectRatio, CallbackSupport, ModelId, ProviderError, ProviderEvent, ProviderHandle};

use crate::{ModelEntry, Prompt, ReferenceForm, SubmittedLikeness};

/// One call to a provider.
#[derive(Clone)]
pub struct Submission {
    /// The model.
    pub model: ModelEntry,
    /// The description, with the words that call for the avatar.
    pub prompt: Prompt,
    /// Who is to be in the picture.
    pub likeness: SubmittedLikeness,
    /// The shape.
    pub aspect_ratio: AspectRatio,
    /// How many images this call is to bring, at most the model's `images_per_call`.
    pub count: u8,
    /// The seed, for models that take one. Calls of one request carry different seeds.
    pub seed: u64,
    /// Where the provider is to call back, if it can and anybody can be reached.
    pub callback: Option<String>,
}

/// Where the bytes of an image are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// Here.
    Inline(Bytes),
    /// At this address of the provider, for minutes perhaps.
    Remote(String),
}

/// An image that a provider made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GeneratedImage {
    /// It is there.
    Made(ImageSource),
    /// The provider's safety policy keeps it back.
    Withheld,
}

/// What came of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionOutcome {
    /// The images, in order; there may be fewer than were asked for.
    Ready(Vec<GeneratedImage>),
    /// The provider will work on it.
    Accepted(ProviderHandle),
}

/// How work at a provider stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkProgress {
    /// It waits; how many are before it, when that is known.
    Queued {
        /// Requests before this one.
        position: Option<u32>,
    },
    /// It is being worked on.
    Running,
    /// The images, in order; there may be fewer than were asked for.
    Ready(Vec<GeneratedImage>),
}

/// Makes images.
///
/// **Contract**
/// - `submit` MUST send one request that may cost something, and MUST NOT repeat it by itself.
/// - `submit` MUST say `CallOutcome::Unknown` when the request may have been accepted without our knowing.
/// - A safety refusal of the whole request MUST have the class `Refused`; of single images it MUST be `Withheld`.
/// - A bad key, an exhausted balance and a retired model MUST have the class `Misconfigured`; the code MUST tell them
///   apart, and [`concerns_model`](ImageGenerator::concerns_model) MUST be true for the last alone.
/// - Too many requests MUST have the class `Limited`, with the wait that the provider named.
/// - `poll` of work that failed MUST report the failure as an error of its class with `CallOutcome::NotDone`; of work
///   that the provider no longer knows it MUST be `NotFound`.
/// - `poll` whose question itself failed (no answer, server error, rate limit, refused key, locked account) MUST say
///   `CallOutcome::Unknown`: it says nothing about the work.
/// - A likeness MUST be sent as the model takes it; a model that takes none MUST fail with the class `Bug`, and weights
///   that the provider could not read MUST have the class `Unavailable`.
/// - `interpret` MUST say of a callback what `poll` would say.
/// - `fetch` MUST refuse addresses outside the provider's own hosts, redirects, and more than the size limit.
/// - No key and no prompt MUST appear in any error.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ImageGenerator: Send + Sync {
    /// Asks for images.
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError>;

    /// How accepted work stands.
    async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError>;

    /// The handle of the work that a verified callback is about, and what the callback says of it.
    fn interpret(
        &self,
        model: &ModelId,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError>;

    /// The bytes at an address that this provider gave.
    async fn fetch(&self, address: &str) -> Result<Bytes, ProviderError>;

    /// Asks the provider to stop. It may go on all the same.
    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError>;

    /// A free call that shows whether the model can be used.
    async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError>;

    /// In which form it takes photos of a person.
    fn reference_form(&self) -> ReferenceForm;

    /// Whether this provider calls back.
    fn callback_support(&self) -> CallbackSupport;

    /// Whether a `Misconfigured` error is about the one model and not about the provider as a whole.
    fn concerns_model(&self, error: &ProviderError) -> bool;
}

//! The port through which a person hears of their generation.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, Audience, GalleryItemId, GenerationId, ImageInfo, MessageId, NotifyError, Timestamp,
};

use crate::{FailureReason, ImageRequest};

/// How far the work is, in words that mean something to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressStage {
    /// The request is being prepared or waits its turn.
    Waiting {
        /// Requests before this one at the provider, when that is known.
        position: Option<u32>,
    },
    /// It is being drawn.
    Drawing,
    /// It is being drawn again, perhaps by another model.
    TryingAgain,
    /// The images are being fetched and kept.
    Keeping,
}

/// Whether the person still looks at the progress message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attention {
    /// Nothing came between.
    Here,
    /// They wrote or pressed something since.
    Elsewhere,
}

/// An image to be shown.
#[derive(Debug, Clone)]
pub struct ResultImage {
    /// The gallery item.
    pub item: GalleryItemId,
    /// What the image is.
    pub info: ImageInfo,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A result to be shown.
#[derive(Debug, Clone)]
pub struct ResultView {
    /// Whose.
    pub account: AccountId,
    /// Which generation.
    pub generation: GenerationId,
    /// Where.
    pub audience: Audience,
    /// What was asked for.
    pub request: ImageRequest,
    /// The title of the model.
    pub model: String,
    /// What was paid for all of it.
    pub paid: kernel::Credits,
    /// The images. There are none when the person found them in the gallery and deleted them all; then only
    /// [`send_controls`](Notifier::send_controls) is asked for.
    pub images: Vec<ResultImage>,
}

/// An image that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownImage {
    /// The gallery item.
    pub item: GalleryItemId,
    /// The messenger's id of the photo, for showing it again without an upload.
    pub file: Option<String>,
}

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownResult {
    /// The images, in order.
    pub images: Vec<ShownImage>,
}

/// Why nothing came of a generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It failed.
    Failed(FailureReason),
    /// The person took it back.
    Cancelled,
    /// It took too long.
    Expired,
}

/// Tells people about their generations.
///
/// **Contract**
/// - `show_progress`, `show_in_place`, `point_to_gallery` and `tell_ending` MUST edit the progress message when there is
///   one, so that repeating them shows one message; that it is unchanged MUST count as success.
/// - When the progress message is gone, `point_to_gallery` and `tell_ending` MUST send a new one instead.
/// - When the progress message is gone, `show_progress` MUST succeed and send nothing: what it said is over soon, and
///   nobody would remove it.
/// - When the progress message is gone, `show_in_place` MUST fail with the class `NotFound` and send nothing: a send is
///   recorded before it is made.
/// - `send_images` MUST send each image once and nothing else; several MUST be one album.
/// - `send_controls` MUST remove the progress message and send the message with the buttons; of no images it MUST send
///   none.
/// - A person who blocked the bot MUST be `Unreachable`.
/// - `CallOutcome::Unknown` MUST be reported whenever a message may have been sent.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Shows how far the work is.
    async fn show_progress(
        &self,
        account: AccountId,
        audience: &Audience,
        stage: ProgressStage,
    ) -> Result<(), NotifyError>;

    /// Whether the person did anything else since.
    async fn attention(&self, audience: &Audience, since: Timestamp) -> Result<Attention, NotifyError>;

    /// Turns the progress message into the one image, with its buttons. Repeatable; sends nothing.
    async fn show_in_place(&self, result: &ResultView) -> Result<ShownResult, NotifyError>;

    /// Sends the images as new messages; a single one with its buttons. Not repeatable.
    async fn send_images(&self, result: &ResultView) -> Result<ShownResult, NotifyError>;

    /// Removes the progress message and, after an album, sends the message with the buttons.
    async fn send_controls(&self, result: &ResultView) -> Result<(), NotifyError>;

    /// Turns the progress message into one that opens the gallery. Repeatable.
    async fn point_to_gallery(
        &self,
        account: AccountId,
        audience: &Audience,
        newest: GalleryItemId,
    ) -> Result<(), NotifyError>;

    /// Turns the progress message into the news that nothing came of it, and that it cost nothing. Repeatable.
    async fn tell_ending(
        &self,
        account: AccountId,
        generation: GenerationId,
        audience: &Audience,
        ending: &Ending,
    ) -> Result<Option<MessageId>, NotifyError>;

    /// Says that images came late and lie in the gallery for free.
    async fn tell_late(&self, account: AccountId, audience: &Audience, images: u8)
    -> Result<(), NotifyError>;
}

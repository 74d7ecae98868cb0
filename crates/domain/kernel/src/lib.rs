//! Words that every domain shares, and the ports that several domains use.
//!
//! **Architecture invariant:** nothing here knows a vendor, a database or a runtime, and nothing here reads a clock or
//! draws a random number: time and chance enter through [`Clock`] and [`IdSource`].
#![deny(missing_docs)]

mod aspect_ratio;
mod auditor;

mod clock;
mod credits;
mod dialogue;
mod discretion;
mod failure;
mod failure_log;
mod id;
mod id_source;
mod image_count;
mod imaging;
mod inbox;
mod job;
mod job_queue;
mod language;
mod leases;
mod moderator;
mod object_store;
mod operators;
mod page;
mod pauses;
mod provider_callbacks;
mod rate_limiter;
mod secret_digests;
mod store_error;
mod timestamp;

pub use aspect_ratio::{AspectRatio, UnknownAspectRatio};
pub use auditor::{AuditReport, Auditor, Invariant, Violation};
pub use clock::Clock;
pub use credits::{Credits, CreditsError};
pub use dialogue::DialogueStore;
pub use discretion::Discretion;
pub use failure::{CallOutcome, FailureClass, ProviderError};
pub use failure_log::{FailureLog, FailureRecord, FailureReference, NewFailure};
pub use id::{
    AccountId, AvatarId, ChatId, FencingToken, GalleryItemId, GenerationId, HoldId, JobId, LedgerEntryId,
    MessageId, UpdateId,
};
pub use id_source::IdSource;
pub use image_count::{ImageCount, ImageCountError};
pub use imaging::{
    CleanImage, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError, PerceptualHash, Provenance,
};
pub use inbox::{InboundUpdate, Inbox, WaitingUpdate};
pub use job::{ClaimedJob, JobClaim, JobKind, JobRecord, JobState, JobWriter, Jobs, NewJob, UnknownJobKind};
pub use job_queue::{JobQueue, JobQueueError, WakeUp};
pub use language::{Language, UnknownLanguage};
pub use leases::{Lease, LeaseName, Leases};
pub use moderator::{ModerationVerdict, Moderator, UnsafeCategory};
pub use object_store::{ObjectInfo, ObjectKey, ObjectKeyError, ObjectStore, ObjectStoreError};
pub use operators::{OperatorChannel, OperatorNotice};
pub use page::{Cursor, Page, PageSize};
pub use pauses::{Pausable, Pause, PauseCause, PauseNews, Pauses};
pub use provider_callbacks::{
    CallbackError, CallbackRoute, CallbackUrls, ProviderCallbacks, ProviderEvent, RawCallback,
};
pub use rate_limiter::{Action, Limit, RateLimiter, RateLimiterError, Verdict};
pub use secret_digests::{DigestPurpose, SecretDigests};
pub use store_error::{BoxError, StoreError};
pub use timestamp::Timestamp;

//! Words that every domain shares, and the ports that several domains use.
//!
//! **Architecture invariant:** nothing here knows a vendor, a database or a runtime, and nothing here reads a clock or
//! draws a random number: time and chance enter through [`Clock`] and [`IdSource`].
#![deny(missing_docs)]

mod archiver;
mod aspect_ratio;
mod audience;
mod auditor;
mod clock;
mod comma_separated;
mod contention;
mod credits;
mod dialogue;
mod discretion;
mod failure;
mod failure_log;
mod fault;
mod file_lender;
mod id;
mod id_source;
mod image_count;
mod imaging;
mod inbox;
mod incoming_files;
mod intent;
mod job;
mod job_queue;
mod language;
mod leases;
mod moderator;
mod notify_error;
mod object_store;
mod operators;
mod page;
mod pauses;
mod personal_data;
mod photo_analyst;
mod provider;
mod provider_callbacks;
mod rate_limiter;
mod secret_digests;
mod spending;
mod store_error;
mod sweeping;
mod timestamp;
mod turns;

pub use archiver::{ArchiveContent, ArchiveEntry, ArchiveError, Archived, Archiver};
pub use aspect_ratio::{AspectRatio, UnknownAspectRatio};
pub use audience::Audience;
pub use auditor::{AuditReport, Auditor, Invariant, Violation};
pub use clock::Clock;
pub use comma_separated::comma_separated;
pub use contention::{Contended, repeat_contended};
pub use credits::{Credits, CreditsError};
pub use dialogue::DialogueStore;
pub use discretion::Discretion;
pub use failure::{CallOutcome, FailureClass, ProviderError};
pub use failure_log::{FailureLog, FailureRecord, FailureReference, NewFailure};
pub use fault::{CallbackHope, Fault};
pub use file_lender::{FileLender, LendingError};
pub use id::{
    AccountId, AvatarId, ChatId, ExportId, FencingToken, GalleryItemId, GenerationId, HelpId, HoldId, JobId,
    LedgerEntryId, MessageId, PhotoId, UpdateId,
};
pub use id_source::IdSource;
pub use image_count::{ImageCount, ImageCountError};
pub use imaging::{
    CleanImage, ImageFormat, ImageInfo, ImageLimits, Imaging, ImagingError, PerceptualHash, Provenance,
};
pub use inbox::{InboundUpdate, Inbox, WaitingUpdate};
pub use incoming_files::{IncomingFileError, IncomingFileId, IncomingFiles};
pub use intent::Intent;
pub use job::{ClaimedJob, JobClaim, JobKind, JobRecord, JobState, JobWriter, Jobs, NewJob, UnknownJobKind};
pub use job_queue::{JobQueue, JobQueueError, Urgency, WakeUp};
pub use language::{Language, UnknownLanguage};
pub use leases::{Lease, LeaseName, Leases};
pub use moderator::{ModerationVerdict, Moderator, UnsafeCategory};
pub use notify_error::NotifyError;
pub use object_store::{
    ByteStream, ObjectInfo, ObjectKey, ObjectKeyError, ObjectKind, ObjectOwner, ObjectStore,
    ObjectStoreError, OpenObject,
};
pub use operators::{OperatorChannel, OperatorNotice, shutdown_notice};
pub use page::{Cursor, Page, PageSize};
pub use pauses::{Feature, Pausable, Pause, PauseCause, PauseNews, Pauses};
pub use personal_data::{DataKind, ImageArchive, Inventory, PersonalData, PersonalDataError};
#[cfg(feature = "mock")]
pub use photo_analyst::MockPhotoAnalyst;
pub use photo_analyst::{
    DescriptionPurpose, FaceAngle, Percent, PersonComparison, PhotoAnalyst, PhotoConcern, PhotoLight,
    PhotoReport, ShotDistance,
};
pub use provider::{CallbackSupport, ModelId, ProviderHandle, ProviderName};
pub use provider_callbacks::{
    CallbackError, CallbackRoute, CallbackSubject, CallbackUrls, ProviderCallbacks, ProviderEvent,
    RawCallback,
};
pub use rate_limiter::{Action, Limit, RateLimiter, RateLimiterError, Verdict};
pub use secret_digests::{DigestPurpose, SecretDigests};
pub use spending::{
    CapNews, CapOf, CapReached, Day, MicroUsd, SpendBook, SpendCaps, SpendCounter, SpendOutcome,
};
pub use store_error::{BoxError, StoreError};
pub use sweeping::{ObjectReferences, SweepMarks};
pub use timestamp::Timestamp;
pub use turns::{Lane, Turns, TurnsError};

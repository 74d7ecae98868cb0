//! The port behind which those who train avatars stand.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{ByteStream, CallbackSupport, ProviderError, ProviderEvent, ProviderHandle};

use crate::{TrainedFiles, TrainerEntry, TrainingPreset, TrainingProgress};

/// One order to a trainer.
#[derive(Clone)]
pub struct TrainingOrder {
    /// The trainer.
    pub trainer: TrainerEntry,
    /// How thoroughly.
    pub preset: TrainingPreset,
    /// The address of a zip with the photos, which the trainer reads.
    pub archive: String,
    /// For how long what the trainer makes and keeps is needed; it is asked to delete it afterwards.
    pub keep_for: Duration,
    /// Where the provider is to call back, if it can and anybody can be reached.
    pub callback: Option<String>,
}

/// How a training stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrainingStanding {
    /// It goes on.
    UnderWay(TrainingProgress),
    /// It is done; this is where the files lie, for minutes perhaps.
    Trained(TrainedFiles),
}

/// A file of the trainer that is being read.
pub struct OpenFile {
    /// Its length in bytes, when it was told.
    pub size: Option<u64>,
    /// Its bytes.
    pub bytes: ByteStream,
}

/// Trains avatars.
///
/// **Contract**
/// - `submit` MUST send one request that may cost something, and MUST NOT repeat it by itself.
/// - `submit` MUST say `CallOutcome::Unknown` when the request may have been accepted without our knowing.
/// - Photos that cannot be used MUST have the class `Invalid`; a safety refusal MUST have the class `Refused`.
/// - A bad key, an exhausted balance and a retired trainer MUST have the class `Misconfigured`.
/// - `poll` of a training that failed MUST report the failure as an error of its class with `CallOutcome::NotDone`; of
///   one that the provider no longer knows it MUST be `NotFound`.
/// - `poll` of a training that was completed without weights MUST be an error with the code `no-weights`.
/// - `poll` whose question itself failed (no answer, server error, rate limit, refused key, locked account) MUST say
///   `CallOutcome::Unknown`: it says nothing about the training.
/// - `interpret` MUST say of a callback what `poll` would say.
/// - `open` MUST refuse addresses outside the provider's own hosts and redirects, and MUST hold no more than a few pieces
///   in memory.
/// - `fetch` MUST refuse what `open` refuses, and more than the limit.
/// - No key and no address of a file MUST appear in any error.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AvatarTrainer: Send + Sync {
    /// Orders a training.
    async fn submit(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError>;

    /// How it stands.
    async fn poll(&self, handle: &ProviderHandle) -> Result<TrainingStanding, ProviderError>;

    /// The handle of the training that a verified callback is about, and what the callback says of it.
    fn interpret(
        &self,
        trainer: &TrainerEntry,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<TrainingStanding, ProviderError>), ProviderError>;

    /// Opens a file that this trainer made, to be read piece by piece.
    async fn open(&self, address: &str) -> Result<OpenFile, ProviderError>;

    /// A small file that this trainer made, of at most `limit` bytes.
    async fn fetch(&self, address: &str, limit: usize) -> Result<Bytes, ProviderError>;

    /// Asks the provider to stop. It may go on all the same.
    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError>;

    /// A free call that shows whether the trainer can be used.
    async fn probe(&self, trainer: &TrainerEntry) -> Result<(), ProviderError>;

    /// Whether this provider calls back.
    fn callback_support(&self) -> CallbackSupport;

    /// Whether a `Misconfigured` error is about the one trainer and not about the provider as a whole.
    fn concerns_trainer(&self, error: &ProviderError) -> bool;
}

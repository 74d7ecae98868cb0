//! Requests for all that is kept of a person, and for its erasure: what they are, and the ports that keep them.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{
    AccountId, Audience, ChatId, ExportId, GalleryItemId, Intent, Inventory, JobWriter, Language,
    NotifyError, ObjectKey, StoreError, Timestamp,
};
use serde::{Deserialize, Serialize};

/// What a file is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scope", rename_all = "kebab-case")]
pub enum ExportScope {
    /// Everything that is kept of the person.
    Everything,
    /// These images.
    Images {
        /// The images, in their order.
        items: Vec<GalleryItemId>,
    },
}

/// Where a request for a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ExportState {
    /// It is to be packed.
    Waiting,
    /// It is packed and to be handed over. Sending is recorded before it is done.
    Packed {
        /// Where it lies.
        archive: ObjectKey,
        /// Its size in bytes. One that is larger than the messenger takes is sent in pieces.
        bytes: u64,
        /// How many pieces were sent, or were being sent when a process died.
        sent: u32,
    },
    /// The person has it, or cannot be reached.
    Done,
    /// It came to nothing; operators find it by this reference.
    Failed {
        /// What the person can tell an operator.
        reference: String,
    },
}

/// A request for a file with much in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRequest {
    /// Its id.
    pub id: ExportId,
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// What it is to hold.
    pub scope: ExportScope,
    /// The person's language.
    pub language: Language,
    /// Where it stands.
    pub state: ExportState,
    /// Where the person waits.
    pub audience: Audience,
    /// When it was asked for, by the database's clock.
    pub created_at: Timestamp,
    /// Counts the changes; a writer that loaded another version loses.
    pub version: u64,
}

/// How far an erasure has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErasureState {
    /// It is to be done, or is being done.
    Erasing,
    /// All is gone; the person is to be given the receipt.
    Erased,
    /// The person has the receipt, or cannot be reached. Where they were is forgotten.
    Done,
}

/// The erasure of a person. It outlives the account, without anything that leads to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The account that is erased.
    pub account: AccountId,
    /// How far it has got.
    pub state: ErasureState,
    /// Where the person waits for the receipt; forgotten at the end.
    pub chat: Option<ChatId>,
    /// The language of the receipt.
    pub language: Language,
    /// How much there was when it began.
    pub inventory: Inventory,
    /// When it was asked for, by the database's clock.
    pub requested_at: Timestamp,
    /// Counts the changes.
    pub version: u64,
}

/// What became of a new request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportInserted {
    /// It was kept.
    New(ExportRequest),
    /// The same wish had one already; nothing was written.
    Existing(ExportRequest),
}

/// The part of a unit of work that keeps requests for files and erasures.
///
/// **Contract**
/// - `insert_export` MUST set `created_at` to now by the database's clock, and version 1; of a wish that has a request it
///   MUST give that one and write nothing.
/// - `update_export` and `update_erasure` MUST fail with `Conflict` when the stored version is not the given one; else
///   they MUST store version + 1.
/// - `begin_erasure` MUST keep one erasure per account: a second one MUST change nothing and answer the first.
/// - `forget_person` MUST remove the account's identity, profile, refusals, exports and received messages, MUST keep the
///   digest that remembers the welcome credits and cut it from the account, and MUST be repeatable.
#[async_trait]
pub trait PrivacyWriter: Send {
    /// Keeps a request for a file.
    async fn insert_export(&mut self, request: &ExportRequest) -> Result<ExportInserted, StoreError>;

    /// Stores a changed request.
    async fn update_export(&mut self, request: &ExportRequest) -> Result<ExportRequest, StoreError>;

    /// Keeps an erasure.
    async fn begin_erasure(&mut self, erasure: &Erasure) -> Result<Erasure, StoreError>;

    /// Stores a changed erasure.
    async fn update_erasure(&mut self, erasure: &Erasure) -> Result<Erasure, StoreError>;

    /// Removes what is known of the person as such.
    async fn forget_person(&mut self, account: AccountId) -> Result<(), StoreError>;
}

/// Changes of requests that commit together with their jobs.
#[async_trait]
pub trait PrivacyUnitOfWork: Send {
    /// The requests within this unit.
    fn privacy(&mut self) -> &mut dyn PrivacyWriter;

    /// The jobs within this unit.
    fn jobs(&mut self) -> &mut dyn JobWriter;

    /// Makes all of it durable. Fails when any call in this unit failed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Keeps requests for files and erasures.
///
/// **Contract**
/// - `export` MUST give a request of that account only.
/// - `messages` MUST count the received messages of the account's conversation that are not forgotten yet.
/// - `expired_exports` MUST list requests that ended more than `age` ago by the database's clock, the longest ago first.
/// - `forget_export` MUST remove a request that has ended, and MUST answer `false` and change nothing otherwise.
#[async_trait]
pub trait PrivacyRequests: Send + Sync {
    /// Begins a unit of work. One that is dropped leaves nothing behind.
    async fn begin(&self) -> Result<Box<dyn PrivacyUnitOfWork>, StoreError>;

    /// A request for a file.
    async fn export(&self, account: AccountId, id: ExportId) -> Result<Option<ExportRequest>, StoreError>;

    /// An erasure.
    async fn erasure(&self, account: AccountId) -> Result<Option<Erasure>, StoreError>;

    /// How many received messages are kept.
    async fn messages(&self, account: AccountId) -> Result<u64, StoreError>;

    /// Exports whose time is over.
    async fn expired_exports(
        &self,
        age: Duration,
        limit: u16,
    ) -> Result<Vec<(AccountId, ExportId)>, StoreError>;

    /// Removes a request that has ended; `false` when there is no such one.
    async fn forget_export(&self, account: AccountId, id: ExportId) -> Result<bool, StoreError>;
}

/// Hands files and receipts to people.
///
/// **Contract**
/// - `send_part` MUST send the bytes as a file of that name, and MUST report `CallOutcome::Unknown` whenever it may have
///   been sent.
/// - `tell_export_failed` MUST edit the progress message when there is one, or send a new one.
/// - `send_receipt` MUST say how much of what was removed, and what stays.
/// - A person who blocked the bot MUST be `Unreachable`.
#[async_trait]
pub trait PrivacyNotifier: Send + Sync {
    /// Sends one part of a zip; `part` of `parts`, from 1. Several parts are pieces of one file, to be joined in their
    /// order.
    async fn send_part(
        &self,
        request: &ExportRequest,
        part: u32,
        parts: u32,
        bytes: bytes::Bytes,
    ) -> Result<(), NotifyError>;

    /// Says that there will be no file.
    async fn tell_export_failed(&self, request: &ExportRequest, reference: &str) -> Result<(), NotifyError>;

    /// Gives the receipt of an erasure.
    async fn send_receipt(&self, chat: ChatId, erasure: &Erasure) -> Result<(), NotifyError>;
}

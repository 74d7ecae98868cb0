//! The ports that keep avatars.

use std::time::Duration;

use async_trait::async_trait;
use balance::Ledger;
use kernel::{
    AccountId, AvatarId, IncomingFileId, JobWriter, MessageId, PhotoId, ProviderEvent, ProviderName,
    SpendCounter, StoreError, Timestamp,
};

use crate::{Avatar, Photo, PhotoState};

/// A photo as it comes from the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// The id to give.
    pub id: PhotoId,
    /// The messenger's id of the file.
    pub file: IncomingFileId,
    /// The messenger's lasting id of the file.
    pub unique_file: String,
    /// The message that brought it.
    pub message: MessageId,
}

/// What became of a photo that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoAdded {
    /// It was taken in.
    New,
    /// The same message, or the same file, was taken in before; nothing was written.
    Repeat,
    /// As many photos as the avatar takes are there; nothing was written.
    Full,
}

/// The part of a unit of work that keeps avatars.
///
/// **Contract**
/// - `insert` MUST set `created_at` and `updated_at` to now by the database's clock, `consent.given_at` too, and version 1.
/// - `load` MUST keep others from changing the avatar and its photos until the unit ends.
/// - `update` MUST fail with `Conflict` when the stored version is not the given one; else it MUST store version + 1 with
///   `updated_at` now, and answer the avatar with it.
/// - `make_main` MUST leave exactly one main avatar of the account: this one. The database itself MUST refuse a second.
/// - `clear_main` MUST leave the avatar not main.
/// - `under_way` MUST count the avatars of that account that are being trained, those of this unit included.
/// - `add_photo` MUST be `Full` when photos that take a place (received or accepted) are as many as `most`, also when
///   many come at once; and `Repeat` for a message or a lasting file id that the avatar has in any state.
/// - `photos` MUST list them in the order of their ids.
/// - `set_photo` MUST answer `false` for a photo that is not there.
/// - `remove_photo` MUST remove the row, and MUST answer `false` when it is not there.
/// - `erase` MUST remove the avatar's photos and callbacks, and keep the avatar's row with its consent and its prices,
///   without name, traits and files.
#[async_trait]
pub trait AvatarWriter: Send {
    /// Keeps a new avatar.
    async fn insert(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError>;

    /// An avatar, held against others until the unit ends.
    async fn load(&mut self, account: AccountId, id: AvatarId) -> Result<Option<Avatar>, StoreError>;

    /// Stores a changed avatar.
    async fn update(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError>;

    /// How many avatars are being trained.
    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError>;

    /// Makes it the person's main avatar.
    async fn make_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError>;

    /// Makes it no longer the person's main avatar.
    async fn clear_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError>;

    /// Keeps a photo of the avatar, unless `most` are there.
    async fn add_photo(
        &mut self,
        account: AccountId,
        avatar: AvatarId,
        photo: &NewPhoto,
        most: u8,
    ) -> Result<PhotoAdded, StoreError>;

    /// The avatar's photos.
    async fn photos(&mut self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError>;

    /// Changes where a photo stands.
    async fn set_photo(
        &mut self,
        account: AccountId,
        photo: PhotoId,
        state: &PhotoState,
    ) -> Result<bool, StoreError>;

    /// Removes a photo's row.
    async fn remove_photo(&mut self, account: AccountId, photo: PhotoId) -> Result<bool, StoreError>;

    /// Removes all but the tombstone of a deleted avatar.
    async fn erase(&mut self, account: AccountId, avatar: AvatarId) -> Result<(), StoreError>;
}

/// A verified callback about a training, kept until it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrainingCallback {
    /// Who called.
    pub provider: ProviderName,
    /// Whose training.
    pub account: AccountId,
    /// Of which avatar.
    pub avatar: AvatarId,
    /// Which attempt.
    pub attempt: u32,
    /// What was said.
    pub event: ProviderEvent,
}

/// Whether a callback was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParkedTraining {
    /// It is new.
    New,
    /// It came before.
    Repeat,
}

/// The part of a unit of work that keeps callbacks about trainings.
///
/// **Contract**
/// - `park` of a callback with the provider and request id of an earlier one MUST be `Repeat` and change nothing.
/// - `settle` MUST keep the callback from being given again.
#[async_trait]
pub trait TrainingCallbacks: Send {
    /// Keeps a callback.
    async fn park(&mut self, callback: &TrainingCallback) -> Result<ParkedTraining, StoreError>;

    /// The callback has been used.
    async fn settle(&mut self, callback: &TrainingCallback) -> Result<(), StoreError>;
}

/// Changes of avatars that commit together with their credits and jobs.
///
/// **Contract**
/// - Nothing MUST be visible to others before `commit`, and nothing at all after a drop.
/// - After any [`StoreError`] every later call and `commit` MUST fail with `Poisoned`.
#[async_trait]
pub trait UnitOfWork: Send {
    /// The avatars within this unit.
    fn avatars(&mut self) -> &mut dyn AvatarWriter;

    /// The ledger within this unit.
    fn ledger(&mut self) -> &mut dyn Ledger;

    /// The jobs within this unit.
    fn jobs(&mut self) -> &mut dyn JobWriter;

    /// The callbacks within this unit.
    fn callbacks(&mut self) -> &mut dyn TrainingCallbacks;

    /// What is spent at providers, within this unit.
    fn spending(&mut self) -> &mut dyn SpendCounter;

    /// Now, by the database's clock.
    async fn now(&mut self) -> Result<Timestamp, StoreError>;

    /// Makes all of it durable. Fails when any call in this unit failed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Begins units of work on avatars. A unit that is dropped leaves nothing behind.
#[async_trait]
pub trait AvatarUnits: Send + Sync {
    /// Begins one.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;
}

/// Reads avatars outside of a unit of work. Deleted ones are given by `find` alone.
///
/// **Contract**
/// - No call MUST give an avatar or photo of another account.
/// - `list` MUST give those that are not deleted, the newest first.
/// - `main` MUST give the main avatar, and nothing when there is none.
/// - `draft` MUST give the latest avatar that is a draft or collects photos.
/// - `photos` MUST list them in the order of their ids; `photo` MUST give one.
/// - `parked` MUST give the unused callbacks of an avatar in the order in which they came.
/// - `usual_duration` MUST be the median time from order to verified weights of the latest trainings (50 at most, of any
///   account) with that trainer, and nothing before there are three.
#[async_trait]
pub trait AvatarReader: Send + Sync {
    /// An avatar with the present moment by the database's clock.
    async fn find(&self, account: AccountId, id: AvatarId)
    -> Result<Option<(Avatar, Timestamp)>, StoreError>;

    /// The person's avatars.
    async fn list(&self, account: AccountId) -> Result<Vec<Avatar>, StoreError>;

    /// The main avatar.
    async fn main(&self, account: AccountId) -> Result<Option<Avatar>, StoreError>;

    /// The latest draft.
    async fn draft(&self, account: AccountId) -> Result<Option<Avatar>, StoreError>;

    /// An avatar's photos.
    async fn photos(&self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError>;

    /// One photo.
    async fn photo(&self, account: AccountId, photo: PhotoId) -> Result<Option<Photo>, StoreError>;

    /// Unused callbacks.
    async fn parked(&self, account: AccountId, id: AvatarId) -> Result<Vec<TrainingCallback>, StoreError>;

    /// How long trainings with a trainer usually take.
    async fn usual_duration(&self, trainer: &crate::TrainerId) -> Result<Option<Duration>, StoreError>;
}

//! What is kept of a person, so that it can be shown, handed out and erased.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{AccountId, ArchiveEntry, FailureClass, GalleryItemId, ObjectStoreError, StoreError};

/// A kind of thing that is kept of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataKind {
    /// The profile: language, zone, defaults, consents.
    Profile,
    /// Kept images.
    Images,
    /// Requests for images, with their descriptions.
    Generations,
    /// Avatars.
    Avatars,
    /// Photos that were sent for avatars.
    Photos,
    /// Trained weights.
    Weights,
    /// Requests for help with words, voice and photos.
    HelpRequests,
    /// Messages that were received from the messenger and not forgotten yet.
    Messages,
    /// Entries of the ledger. They stay, under an id that leads to nobody.
    LedgerEntries,
}

/// How much is kept, by kind. Kinds without anything are left out.
pub type Inventory = BTreeMap<DataKind, u64>;

/// Why a part of a person's data could not be dealt with.
#[derive(Debug, Error)]
pub enum PersonalDataError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The object store failed.
    #[error(transparent)]
    Objects(#[from] ObjectStoreError),
    /// Something is in the way, by this class: another try may succeed.
    #[error("{detail}")]
    Held {
        /// The class.
        class: FailureClass,
        /// What is in the way, for operators.
        detail: String,
    },
}

impl PersonalDataError {
    /// The failure class that decides what to do.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Store(error) => error.class(),
            Self::Objects(error) => error.class(),
            Self::Held { class, .. } => *class,
        }
    }
}

/// One domain's part of what is kept of a person.
///
/// **Contract**
/// - `inventory` MUST count what is there now, bytes in the object store included by their rows.
/// - `export` MUST give everything that the person gave us or that was made for them, in files that people can open.
/// - `erase` MUST end work under way, give back credits that are set aside for it, and remove rows and bytes; it MUST be
///   repeatable after a crash at any point, and MUST leave nothing that `inventory` counts but `LedgerEntries`.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// How much there is.
    async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError>;

    /// All of it, as files of an archive.
    async fn export(&self, account: AccountId) -> Result<Vec<ArchiveEntry>, PersonalDataError>;

    /// Removes it.
    async fn erase(&self, account: AccountId) -> Result<(), PersonalDataError>;
}

/// Kept images as files of an archive.
///
/// **Contract**
/// - Images of another account, deleted ones and ones that are not there MUST be left out.
#[async_trait]
pub trait ImageArchive: Send + Sync {
    /// These images, in their order.
    async fn files(
        &self,
        account: AccountId,
        items: &[GalleryItemId],
    ) -> Result<Vec<ArchiveEntry>, PersonalDataError>;
}

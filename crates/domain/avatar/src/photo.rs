//! Photos that an avatar is made of.

use std::fmt;
use std::str::FromStr;

use kernel::{
    AccountId, AvatarId, IncomingFileId, MessageId, ObjectKey, PerceptualHash, PhotoId, PhotoReport,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a photo cannot be used. Each tells the person what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoProblem {
    /// It is no JPEG, PNG or WebP image, or a broken one.
    NotAnImage,
    /// It has too many bytes or pixels.
    TooLarge,
    /// Its shorter side has fewer pixels than are needed.
    TooSmall,
    /// It is far longer than it is wide, or the other way round.
    TooNarrow,
    /// It looks like another one of the set.
    NearDuplicate,
    /// Nobody can be seen in it.
    NoFace,
    /// More than one person can be seen in it.
    SeveralFaces,
    /// The face is too small.
    FaceTooSmall,
    /// The person is seen from behind.
    FaceTurnedAway,
    /// The face is blurred.
    Blurred,
    /// It is too dark.
    TooDark,
    /// It is too bright.
    TooBright,
    /// Sunglasses hide the eyes.
    Sunglasses,
    /// Something covers the face.
    FaceCovered,
    /// The person may be under 18.
    LooksMinor,
    /// It shows what no avatar may be made of.
    Unsafe,
    /// It shows somebody else than the other photos.
    AnotherPerson,
    /// The messenger no longer has it.
    Gone,
    /// It could not be examined for reasons of ours; it may be sent again.
    NotExamined,
}

/// Where a photo stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "photo", rename_all = "kebab-case")]
pub enum PhotoState {
    /// It was sent and is to be examined.
    Received,
    /// It can be used.
    Accepted {
        /// What was seen in it; nothing for pictures of a style.
        report: Option<PhotoReport>,
        /// What it looks like.
        fingerprint: PerceptualHash,
    },
    /// It cannot be used.
    Rejected {
        /// Why.
        problem: PhotoProblem,
    },
}

/// The name of a photo's state, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhotoStateName {
    /// See [`PhotoState::Received`].
    Received,
    /// See [`PhotoState::Accepted`].
    Accepted,
    /// See [`PhotoState::Rejected`].
    Rejected,
}

/// A stored state that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown photo state {0:?}")]
pub struct UnknownPhotoState(pub String);

impl PhotoState {
    /// The state's name.
    pub const fn name(&self) -> PhotoStateName {
        match self {
            Self::Received => PhotoStateName::Received,
            Self::Accepted { .. } => PhotoStateName::Accepted,
            Self::Rejected { .. } => PhotoStateName::Rejected,
        }
    }
}

impl PhotoStateName {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Received, Self::Accepted, Self::Rejected];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    /// Whether the photo counts against the most that an avatar takes.
    pub const fn takes_a_place(self) -> bool {
        matches!(self, Self::Received | Self::Accepted)
    }
}

impl FromStr for PhotoStateName {
    type Err = UnknownPhotoState;

    fn from_str(name: &str) -> Result<Self, UnknownPhotoState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownPhotoState(name.to_owned()))
    }
}

impl fmt::Display for PhotoStateName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One photo that was sent for an avatar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its id; a later one has a greater id.
    pub id: PhotoId,
    /// Whose.
    pub account: AccountId,
    /// Which avatar it is for.
    pub avatar: AvatarId,
    /// The messenger's id of the file.
    pub file: IncomingFileId,
    /// The messenger's lasting id of the file, by which the same one is recognised when it is sent again.
    pub unique_file: String,
    /// The message that brought it.
    pub message: MessageId,
    /// Where it stands.
    pub state: PhotoState,
    /// When it was sent, by the database's clock.
    pub created_at: Timestamp,
}

impl Photo {
    /// Where the cleaned photo lies once it is accepted.
    pub fn key(&self) -> ObjectKey {
        ObjectKey::photo(self.account, self.avatar, self.id.uuid())
    }

    /// Where its small version lies once it is accepted.
    pub fn preview_key(&self) -> ObjectKey {
        ObjectKey::photo_preview(self.account, self.avatar, self.id.uuid())
    }

    /// What was seen in it, if it was accepted and looked at.
    pub const fn report(&self) -> Option<&PhotoReport> {
        match &self.state {
            PhotoState::Accepted { report: Some(report), .. } => Some(report),
            _ => None,
        }
    }
}

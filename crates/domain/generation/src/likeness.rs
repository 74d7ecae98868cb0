//! Who is to be in the picture.

use bytes::Bytes;
use kernel::{AvatarId, ImageFormat, Percent};
use serde::{Deserialize, Serialize};

/// Who is to be in the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "likeness", rename_all = "kebab-case")]
pub enum Likeness {
    /// Whoever the description names.
    #[default]
    Nobody,
    /// This avatar of the person who asks.
    Avatar {
        /// The avatar.
        avatar: AvatarId,
    },
}

impl Likeness {
    /// The avatar, if there is one.
    pub const fn avatar(self) -> Option<AvatarId> {
        match self {
            Self::Nobody => None,
            Self::Avatar { avatar } => Some(avatar),
        }
    }
}

/// In which form a provider takes photos of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceForm {
    /// Within the request.
    Inline,
    /// By an address that it reads.
    Address,
}

/// A photo that shows who is to be in the picture.
#[derive(Clone, PartialEq, Eq)]
pub enum ReferencePhoto {
    /// The photo itself.
    Inline {
        /// Its format.
        format: ImageFormat,
        /// Its bytes.
        bytes: Bytes,
    },
    /// Where the provider reads it.
    Address(String),
}

/// The avatar as one call to a provider needs it.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum SubmittedLikeness {
    /// Nobody.
    #[default]
    Nobody,
    /// Trained weights.
    Weights {
        /// Where the provider reads them, for as long as the request may run.
        address: String,
        /// How strongly they show; 100 is as they were trained.
        strength: Percent,
    },
    /// Photos.
    References(Vec<ReferencePhoto>),
}

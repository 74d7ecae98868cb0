//! What the next message of the person is for, when they were asked for it.

use kernel::AvatarId;
use serde::{Deserialize, Serialize};

/// What the next message of the person is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "awaited", rename_all = "kebab-case")]
pub(crate) enum Awaited {
    /// The name of an avatar that is being put together.
    DraftName {
        /// The draft.
        avatar: AvatarId,
    },
    /// Another name of an avatar.
    NewName {
        /// Which.
        avatar: AvatarId,
    },
    /// The description of a picture.
    Words {
        /// Who is to be in it; nobody in particular without one.
        avatar: Option<AvatarId>,
        /// The seed, if it is to be that of an earlier image.
        seed: Option<u32>,
    },
    /// A photo to draw something like.
    ReferencePhoto {
        /// Who is to be in the picture.
        avatar: AvatarId,
    },
}

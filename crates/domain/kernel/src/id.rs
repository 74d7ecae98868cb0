//! Ids as types, so that one can never be taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that came from an [`IdSource`](crate::IdSource) or from storage.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

macro_rules! number_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Wraps a number that came from outside or from storage.
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// The number inside.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }
    )+};
}

uuid_id! {
    /// A person.
    AccountId,
    /// A model of one person or style. Trained avatars refer to it; a generation may carry one.
    AvatarId,
    /// One request for one to four images.
    GenerationId,
    /// One kept image.
    GalleryItemId,
    /// One photo that was sent for an avatar.
    PhotoId,
    /// One request for help with words, voice or a photo.
    HelpId,
    /// One request for a file with much in it.
    ExportId,
    /// Credits set aside for work under way.
    HoldId,
    /// One immutable change of a balance.
    LedgerEntryId,
    /// Proof of holding a lease or a claim: a new one with each take, so that a former holder is recognised.
    FencingToken,
    /// A row that says "look at X".
    JobId,
}

number_id! {
    /// A conversation at the messenger.
    ChatId,
    /// The messenger's number of one update.
    UpdateId,
    /// A message within a conversation.
    MessageId,
}

impl JobId {
    /// The id of *the* job of `kind` about `subject`: the same pair always gives the same id, so that a job is never
    /// scheduled twice under two ids. (UUID version 5 over the kind's stored name, with the subject as namespace.)
    pub fn of(kind: crate::JobKind, subject: Uuid) -> Self {
        Self(Uuid::new_v5(&subject, kind.as_str().as_bytes()))
    }
}

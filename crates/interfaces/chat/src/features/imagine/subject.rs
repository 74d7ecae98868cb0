//! Who is to be in a picture, and from which seed it is drawn.

use generation::Likeness;
use kernel::AvatarId;

use crate::callback::OfferChoice;

/// Who is to be in a picture, and from which seed it is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Who is in it.
    pub(crate) likeness: Likeness,
    /// The seed, if it is to be that of an earlier image.
    pub(crate) seed: Option<u32>,
}

impl Subject {
    /// This avatar, or nobody in particular.
    pub(crate) fn of_avatar(avatar: Option<AvatarId>) -> Self {
        let likeness = avatar.map_or(Likeness::Nobody, |avatar| Likeness::Avatar { avatar });
        Self { likeness, seed: None }
    }

    /// What an offer is about.
    pub(crate) const fn of_offer(choice: &OfferChoice) -> Self {
        Self { likeness: choice.likeness, seed: choice.seed }
    }
}

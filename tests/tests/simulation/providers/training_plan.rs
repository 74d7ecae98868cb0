//! What a trainer will do about an accepted training.

use std::time::Duration;

use crate::chance::Chance;

/// What becomes of an accepted training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingCourse {
    /// It is done after this time.
    Done(Duration, Weights),
    /// After this time it turns out that there are too few photos.
    PhotosRefused(Duration),
    /// After this time a policy forbids it.
    Refused(Duration),
    /// It fails after this time.
    Fails(Duration),
    /// The trainer forgets it.
    Forgotten,
    /// It never ends.
    Stuck,
}

/// What came of a training that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// They are whole.
    Whole,
    /// None are named.
    Unnamed,
    /// They are named and not there.
    Lost,
    /// Their end is missing.
    CutOff,
}

impl TrainingCourse {
    /// Draws a course.
    pub fn draw(chance: &mut Chance) -> Self {
        let while_ = chance.between(Duration::from_secs(10), Duration::from_secs(70));
        match chance.below(40) {
            0 => Self::PhotosRefused(while_),
            1 => Self::Refused(while_),
            2 | 3 => Self::Fails(while_),
            4 => Self::Forgotten,
            5 | 6 => Self::Stuck,
            7 => Self::Done(while_, Weights::Unnamed),
            8 => Self::Done(while_, Weights::Lost),
            9 => Self::Done(while_, Weights::CutOff),
            _ => Self::Done(while_, Weights::Whole),
        }
    }

    /// When it ends, if it does.
    pub const fn end(self) -> Option<Duration> {
        match self {
            Self::Done(after, _) | Self::PhotosRefused(after) | Self::Refused(after) | Self::Fails(after) => {
                Some(after)
            }
            Self::Forgotten | Self::Stuck => None,
        }
    }
}

//! What a provider will do about a submission.

use std::time::Duration;

use crate::chance::Chance;

/// How a submission is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// As it should be, after a while.
    Proper(Duration),
    /// Nothing is done: too many requests.
    Limited(Duration),
    /// Nothing is done: the provider has a bad moment.
    Unavailable,
    /// Nothing is done, and nobody hears of it.
    LostBefore,
    /// It is done, and nobody hears of it.
    LostAfter,
    /// It is done, and nobody hears of it for as long as anybody waits.
    Hangs,
    /// Nothing is done: the account is locked for so long.
    Locked(Duration),
    /// Nothing is done: the model is gone for so long.
    Retired(Duration),
    /// Nothing is done: the request cannot be read.
    Invalid,
}

impl Answer {
    /// Draws one.
    pub fn draw(chance: &mut Chance, is_rough: bool) -> Self {
        let proper = Self::Proper(chance.between(Duration::from_millis(200), Duration::from_secs(12)));
        if !is_rough {
            return proper;
        }
        match chance.below(100) {
            0..4 => Self::Limited(Duration::from_secs(*chance.pick(&[1, 5, 60]))),
            4..10 => Self::Unavailable,
            10..13 => Self::LostBefore,
            13..19 => Self::LostAfter,
            19..21 => Self::Hangs,
            21 => Self::Locked(chance.between(Duration::from_secs(20), Duration::from_mins(3))),
            22 => Self::Retired(chance.between(Duration::from_secs(20), Duration::from_mins(3))),
            23 => Self::Invalid,
            _ => proper,
        }
    }
}

/// How one image comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Image {
    /// In the answer.
    Inline,
    /// At an address.
    Remote,
    /// In the answer, and it is no image.
    Garbage,
    /// Not at all: a safety policy keeps it back.
    Withheld,
    /// Not at all, without a word.
    Missing,
}

impl Image {
    /// Draws how an image comes.
    pub fn draw(chance: &mut Chance) -> Self {
        match chance.below(40) {
            0 => Self::Garbage,
            1 => Self::Withheld,
            2 => Self::Missing,
            3..12 => Self::Remote,
            _ => Self::Inline,
        }
    }
}

/// What becomes of accepted work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// The images are there after this time.
    Ready(Duration),
    /// It fails after this time, and a policy is why.
    Refused(Duration),
    /// It fails after this time.
    Fails(Duration),
    /// The provider forgets it.
    Forgotten,
    /// It never ends.
    Stuck,
}

impl Course {
    /// Draws a course.
    pub fn draw(chance: &mut Chance) -> Self {
        let while_ = chance.between(Duration::from_secs(1), Duration::from_secs(40));
        match chance.below(40) {
            0 => Self::Refused(while_),
            1 | 2 => Self::Fails(while_),
            3 => Self::Forgotten,
            4 | 5 => Self::Stuck,
            // Longer than anybody waits.
            6 | 7 => Self::Ready(while_ + Duration::from_mins(5)),
            _ => Self::Ready(while_),
        }
    }
}

/// When callbacks come, counted from the submission.
pub fn draw_callbacks(chance: &mut Chance, course: Course) -> Vec<Duration> {
    let end = match course {
        Course::Ready(after) | Course::Refused(after) | Course::Fails(after) => after,
        Course::Forgotten | Course::Stuck => return Vec::new(),
    };
    draw_callbacks_after(chance, end)
}

/// When callbacks come about work that ends at `end`, both counted from the submission.
pub fn draw_callbacks_after(chance: &mut Chance, end: Duration) -> Vec<Duration> {
    let late = chance.between(Duration::from_secs(30), Duration::from_mins(10));
    match chance.below(10) {
        0 | 1 => Vec::new(),
        2 => vec![end + late],
        3 => vec![end, end + late],
        4 | 5 => vec![end, end + Duration::from_millis(chance.below(3_000))],
        _ => vec![end],
    }
}

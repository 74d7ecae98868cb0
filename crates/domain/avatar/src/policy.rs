//! How patient, persistent and generous trainings are.

use std::time::Duration;

use kernel::SpendCaps;
use thiserror::Error;

/// Times and counts. Durations are counted by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AvatarPolicy {
    /// How long a training may take from the order to the verified weights.
    pub lifetime: Duration,
    /// How long its credits are set aside at most.
    pub hold_time_to_live: Duration,
    /// The longest that one call to a trainer may take.
    pub provider_timeout: Duration,
    /// How long to wait for a callback after a submission whose answer was lost.
    pub callback_grace: Duration,
    /// How often a training is looked at.
    pub poll_interval: Duration,
    /// The wait before trying again after a failure; doubled with each attempt.
    pub retry_delay: Duration,
    /// Attempts of one training.
    pub max_attempts: u32,
    /// How often a training may be ordered again when it is unknown whether the attempt before had an effect.
    pub max_unknown_outcomes: u32,
    /// The longest that copying what was trained may take.
    pub copy_timeout: Duration,
    /// How often copying is tried before the training counts as failed.
    pub max_copies: u32,
    /// How long photos are kept after a training has ended well.
    pub photo_retention: Duration,
    /// How long the photos of a draft, or of a training that came to nothing, are kept.
    pub draft_retention: Duration,
    /// Within how long after it became ready an avatar that does not look like the person is trained again for free.
    pub retraining_window: Duration,
    /// Before how many images of it.
    pub retraining_images: u32,
    /// How many avatars a person may have, drafts included.
    pub max_avatars: u16,
    /// How many trainings of one person may be under way at once.
    pub max_under_way: u16,
    /// How much may be spent at providers in a day.
    pub spend_caps: SpendCaps,
    /// The shortest side of a photo, in pixels.
    pub min_photo_side: u32,
    /// How many of 64 bits two photos differ by at least, not to count as one.
    pub min_photo_distance: u32,
}

impl Default for AvatarPolicy {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_hours(3),
            hold_time_to_live: Duration::from_hours(6),
            provider_timeout: Duration::from_mins(2),
            callback_grace: Duration::from_secs(30),
            poll_interval: Duration::from_secs(5),
            retry_delay: Duration::from_secs(5),
            max_attempts: 4,
            max_unknown_outcomes: 1,
            copy_timeout: Duration::from_mins(10),
            max_copies: 4,
            photo_retention: Duration::from_hours(24),
            draft_retention: Duration::from_hours(7 * 24),
            retraining_window: Duration::from_hours(7 * 24),
            retraining_images: 5,
            max_avatars: 20,
            max_under_way: 1,
            spend_caps: SpendCaps::NONE,
            min_photo_side: 512,
            min_photo_distance: 6,
        }
    }
}

/// Times that do not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AvatarPolicyError {
    /// The hold could be released while the training still goes on.
    #[error(
        "credits are set aside for {hold:?}, less than the {needed:?} that a training may take with its last copy"
    )]
    HoldTooShort {
        /// How long credits are set aside.
        hold: Duration,
        /// How long they must be.
        needed: Duration,
    },
    /// A training could end before its first call is answered.
    #[error("a training may take {lifetime:?}, less than one call to a trainer ({call:?})")]
    LifetimeTooShort {
        /// How long a training may take.
        lifetime: Duration,
        /// How long a call may take.
        call: Duration,
    },
}

impl AvatarPolicy {
    /// Checks that the times fit together.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self) -> Result<(), AvatarPolicyError> {
        if self.lifetime <= self.provider_timeout {
            return Err(AvatarPolicyError::LifetimeTooShort {
                lifetime: self.lifetime,
                call: self.provider_timeout,
            });
        }
        let needed = self.lifetime + self.provider_timeout + self.copy_timeout;
        if self.hold_time_to_live <= needed {
            return Err(AvatarPolicyError::HoldTooShort { hold: self.hold_time_to_live, needed });
        }
        Ok(())
    }
}

//! How patient and how persistent a generation is.

use std::time::Duration;

use kernel::SpendCaps;
use thiserror::Error;

/// Times and counts. Durations are counted by the database's clock unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenerationPolicy {
    /// How long a generation may take from the request to the stored images.
    pub lifetime: Duration,
    /// How long its credits are set aside at most.
    pub hold_time_to_live: Duration,
    /// The longest that one call to a provider may take.
    pub provider_timeout: Duration,
    /// How long to wait for a callback after a submission whose answer was lost.
    pub callback_grace: Duration,
    /// How often accepted work is looked at.
    pub poll_interval: Duration,
    /// The wait before trying again after a failure; doubled with each attempt.
    pub retry_delay: Duration,
    /// Attempts at one model before the next one of the chain is tried.
    pub attempts_per_model: u32,
    /// Attempts in all.
    pub max_attempts: u32,
    /// How often work may be submitted again when it is unknown whether the attempt before had an effect.
    pub max_unknown_outcomes: u32,
    /// How long a picture of somebody waits for a safety check that is away.
    pub safety_patience: Duration,
    /// From this age on a result is sent as a new message, because an edit rings no bell.
    pub ring_after: Duration,
    /// How many generations of one person may be under way at once.
    pub max_under_way: u16,
    /// How much may be spent at providers in a day.
    pub spend_caps: SpendCaps,
}

impl Default for GenerationPolicy {
    fn default() -> Self {
        Self {
            lifetime: Duration::from_mins(15),
            hold_time_to_live: Duration::from_hours(1),
            provider_timeout: Duration::from_mins(2),
            callback_grace: Duration::from_secs(30),
            poll_interval: Duration::from_secs(3),
            retry_delay: Duration::from_secs(1),
            attempts_per_model: 2,
            max_attempts: 6,
            max_unknown_outcomes: 1,
            safety_patience: Duration::from_mins(5),
            ring_after: Duration::from_mins(1),
            max_under_way: 1,
            spend_caps: SpendCaps::NONE,
        }
    }
}

/// Times that do not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The hold could be released while the work still goes on.
    #[error(
        "credits are set aside for {hold:?}, less than the {needed:?} that a generation may take with its last call"
    )]
    HoldTooShort {
        /// How long credits are set aside.
        hold: Duration,
        /// How long they must be.
        needed: Duration,
    },
    /// A generation could end before its first call is answered.
    #[error("a generation may take {lifetime:?}, less than one call to a provider ({call:?})")]
    LifetimeTooShort {
        /// How long a generation may take.
        lifetime: Duration,
        /// How long a call may take.
        call: Duration,
    },
}

impl GenerationPolicy {
    /// Checks that the times fit together.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self) -> Result<(), PolicyError> {
        if self.lifetime <= self.provider_timeout {
            return Err(PolicyError::LifetimeTooShort {
                lifetime: self.lifetime,
                call: self.provider_timeout,
            });
        }
        let needed = self.lifetime + self.provider_timeout;
        if self.hold_time_to_live <= needed {
            return Err(PolicyError::HoldTooShort { hold: self.hold_time_to_live, needed });
        }
        Ok(())
    }
}

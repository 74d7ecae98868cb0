//! `[generation]`

use std::num::NonZeroU16;

use generation::{GenerationPolicy, PolicyError};

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const LIFETIME: Setting = Setting::new("generation", "lifetime_seconds", "whole seconds, such as 900");
const HOLD: Setting = Setting::new(
    "generation",
    "hold_seconds",
    "whole seconds, more than lifetime_seconds and provider_timeout_seconds together",
);
/// The longest call to a provider.
pub(super) const PROVIDER_TIMEOUT: Setting =
    Setting::new("generation", "provider_timeout_seconds", "whole seconds, less than lifetime_seconds");
const CALLBACK_GRACE: Setting =
    Setting::new("generation", "callback_grace_seconds", "whole seconds, such as 30");
const POLL: Setting = Setting::new("generation", "poll_seconds", "whole seconds, such as 3");
const SAFETY_PATIENCE: Setting =
    Setting::new("generation", "safety_patience_seconds", "whole seconds, less than lifetime_seconds");
const MAX_UNDER_WAY: Setting =
    Setting::new("generation", "max_under_way", "a whole number above zero, such as 1");

/// How patient generations are.
#[derive(Debug, Clone, Copy)]
pub struct GenerationSection {
    /// Times and counts.
    pub policy: GenerationPolicy,
}

impl GenerationSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let policy = GenerationPolicy {
            lifetime: reader.seconds(&LIFETIME)?,
            hold_time_to_live: reader.seconds(&HOLD)?,
            provider_timeout: reader.seconds(&PROVIDER_TIMEOUT)?,
            callback_grace: reader.seconds(&CALLBACK_GRACE)?,
            poll_interval: reader.seconds(&POLL)?,
            safety_patience: reader.seconds(&SAFETY_PATIENCE)?,
            max_under_way: reader.required::<NonZeroU16>(&MAX_UNDER_WAY)?.get(),
            ..GenerationPolicy::default()
        };
        Ok(Self { policy })
    }

    /// Checks that the times fit together.
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        self.policy.check().map_err(|error| ConfigurationError::Relation {
            first: match error {
                PolicyError::HoldTooShort { .. } => HOLD,
                PolicyError::LifetimeTooShort { .. } => PROVIDER_TIMEOUT,
            },
            second: LIFETIME,
            problem: error.to_string(),
        })
    }
}

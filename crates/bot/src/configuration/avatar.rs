//! `[avatar]`

use std::num::NonZeroU16;
use std::time::Duration;

use avatar::{AvatarPolicy, AvatarPolicyError};

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const LIFETIME: Setting = Setting::new("avatar", "lifetime_seconds", "whole seconds, such as 10800");
const HOLD: Setting = Setting::new(
    "avatar",
    "hold_seconds",
    "whole seconds, more than lifetime_seconds and copy_seconds together",
);
const POLL: Setting = Setting::new("avatar", "poll_seconds", "whole seconds, such as 5");
const RETRY: Setting = Setting::new("avatar", "retry_seconds", "whole seconds, such as 5");
const COPY: Setting = Setting::new("avatar", "copy_seconds", "whole seconds, such as 240");
const PHOTO_RETENTION: Setting =
    Setting::new("avatar", "photo_retention_seconds", "whole seconds, such as 86400");
const DRAFT_RETENTION: Setting =
    Setting::new("avatar", "draft_retention_seconds", "whole seconds, such as 604800");
const MAX_AVATARS: Setting = Setting::new("avatar", "max_avatars", "a whole number above zero, such as 20");

const MAX_UNDER_WAY: Setting =
    Setting::new("avatar", "max_under_way", "a whole number above zero, such as 1");

/// How patient and generous trainings are.
#[derive(Debug, Clone, Copy)]
pub struct AvatarSection {
    /// Times and counts.
    pub policy: AvatarPolicy,
}

impl AvatarSection {
    pub(super) fn read(reader: &Reader, provider_timeout: Duration) -> Result<Self, ConfigurationError> {
        let policy = AvatarPolicy {
            lifetime: reader.seconds(&LIFETIME)?,
            hold_time_to_live: reader.seconds(&HOLD)?,
            poll_interval: reader.seconds(&POLL)?,
            retry_delay: reader.seconds(&RETRY)?,
            copy_timeout: reader.seconds(&COPY)?,
            photo_retention: reader.seconds(&PHOTO_RETENTION)?,
            draft_retention: reader.seconds(&DRAFT_RETENTION)?,
            max_avatars: reader.required::<NonZeroU16>(&MAX_AVATARS)?.get(),
            max_under_way: reader.required::<NonZeroU16>(&MAX_UNDER_WAY)?.get(),
            provider_timeout,
            ..AvatarPolicy::default()
        };
        Ok(Self { policy })
    }

    /// Checks that the times fit together.
    pub(super) fn check(&self) -> Result<(), ConfigurationError> {
        self.policy.check().map_err(|error| ConfigurationError::Relation {
            first: match error {
                AvatarPolicyError::HoldTooShort { .. } => HOLD,
                AvatarPolicyError::LifetimeTooShort { .. } => LIFETIME,
            },
            second: LIFETIME,
            problem: error.to_string(),
        })
    }
}

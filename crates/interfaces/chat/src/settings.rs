//! What an installation may set.

use std::time::Duration;

use kernel::{Credits, Limit};

/// How often a person may do things. `None` lifts a limit, as for measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionLimits {
    /// Asking for images.
    pub generate: Option<Limit>,
    /// Pressing buttons.
    pub press: Option<Limit>,
    /// Writing.
    pub write: Option<Limit>,
}

impl ActionLimits {
    /// No limits.
    pub const NONE: Self = Self { generate: None, press: None, write: None };
}

impl Default for ActionLimits {
    fn default() -> Self {
        Self {
            generate: Some(Limit { burst: 6, period: Duration::from_secs(10) }),
            press: Some(Limit { burst: 30, period: Duration::from_secs(2) }),
            write: Some(Limit { burst: 30, period: Duration::from_secs(2) }),
        }
    }
}

/// What an installation may set about its conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatSettings {
    /// What everybody gets once, as a bonus, when they accept the terms; nothing is none.
    pub welcome_credits: Credits,
    /// How often a person may do things.
    pub limits: ActionLimits,
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self { welcome_credits: Credits::of(40), limits: ActionLimits::default() }
    }
}

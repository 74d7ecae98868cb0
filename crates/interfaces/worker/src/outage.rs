//! One line in the log when something goes away and one when it is back, instead of one a second.

use std::fmt::Display;

/// Whether something that is used all the time is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Presence {
    #[default]
    There,
    Away,
}

/// Watches one thing.
#[derive(Debug)]
pub(crate) struct Outage {
    what: &'static str,
    presence: Presence,
}

impl Outage {
    /// A watch on the thing of this name.
    pub(crate) const fn of(what: &'static str) -> Self {
        Self { what, presence: Presence::There }
    }

    /// It failed.
    pub(crate) fn failed(&mut self, error: &dyn Display) {
        match self.presence {
            Presence::There => tracing::warn!(what = self.what, %error, "failed; trying on"),
            Presence::Away => tracing::debug!(what = self.what, %error, "still failing"),
        }
        self.presence = Presence::Away;
    }

    /// It worked.
    pub(crate) fn worked(&mut self) {
        if self.presence == Presence::Away {
            tracing::info!(what = self.what, "works again");
        }
        self.presence = Presence::There;
    }
}

//! The machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use kernel::{Clock, Timestamp};

/// What time it is by the machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the place where the machine's time enters the program"
    )]
    fn now(&self) -> Timestamp {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since_epoch) => Timestamp::EPOCH + since_epoch,
            Err(before_epoch) => Timestamp::EPOCH.before(before_epoch.duration()),
        }
    }
}

//! Worker and sweeper on the fakes, in paused time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod clock;
mod orphans;
mod script;
mod stopping;
mod sweeping;
mod troubles;
mod working;
mod world;

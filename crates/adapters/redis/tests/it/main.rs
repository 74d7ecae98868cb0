//! The ports on a real server: their suites, and what a server does that stops, freezes, fills up or is emptied.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod conformance;
mod outages;
mod queue;
mod room;
mod settings;

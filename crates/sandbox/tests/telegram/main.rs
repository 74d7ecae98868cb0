//! The sandbox's Telegram over HTTP: as a bot sees it, and as people drive it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests stop the test; clippy exempts only the test functions themselves"
)]

mod driving;
mod editing;
mod encodings;
mod files;
mod harness;
mod keeping;
mod media;
mod payments;
mod receiving;
mod refusals;
mod webhook;

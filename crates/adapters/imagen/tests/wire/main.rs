//! The adapter against a server that speaks Google's wire, example by example.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod conformance;
mod discretion;
mod failures;
mod generating;
mod likeness;
mod never;
mod predicting;
mod probing;
mod setup;

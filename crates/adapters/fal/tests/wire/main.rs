//! The adapter against a server that speaks FAL's wire, example by example.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod callbacks;
mod cancelling;
mod conformance;
mod conformance_of_trainings;
mod discretion;
mod failures;
mod fetching;
mod interpreting;
mod lending;
mod likeness;
mod polling;
mod probing;
mod setup;
mod submitting;
mod training;

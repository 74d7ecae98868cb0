//! The OpenAI adapter against the suite of its port, and against what OpenAI and the net do.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conformance;
mod failures;
mod requests;
mod settings;
mod setup;
mod verdicts;

//! The OpenAI adapter against the suites of its ports, and against what OpenAI and the net do.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod analyst;
mod answers;
mod conformance;
mod failures;
mod requests;
mod settings;
mod setup;
mod speech;
mod verdicts;
mod wording;

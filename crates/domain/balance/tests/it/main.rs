//! Credits: the rules as tables, their laws, and the service over a database in memory.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod laws;
mod rules;
mod service;
mod words;

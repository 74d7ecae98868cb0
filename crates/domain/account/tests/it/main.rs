//! People: the service over a database in memory, the words that are stored of them, and what is kept of them.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod privacy;
mod service;
mod words;

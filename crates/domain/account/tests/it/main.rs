//! People: the service over a database in memory, and the words that are stored of them.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod service;
mod words;

//! The words that all domains share.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod failures;
mod words;

//! Kept images: the service over a database and an object store in memory.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod service;

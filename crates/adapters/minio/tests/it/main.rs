//! The adapter on a real S3 server, and on servers that do what a well-behaved one does not.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod buckets;
mod conformance;
mod failures;
mod ground;
mod links;
mod outages;
mod uploads;

//! The adapter on a real S3 server, and on servers that do what a well-behaved one does not.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "what takes time on a real server is measured")]

mod buckets;
mod conformance;
mod failures;
mod ground;
mod links;
mod outages;
mod uploads;

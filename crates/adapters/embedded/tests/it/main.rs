//! The embedded adapters against the suites of their ports, and what is theirs alone.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod archiver;
mod caches;
mod conformance;
mod job_queue;
mod manual_clock;
mod objects;
mod system;

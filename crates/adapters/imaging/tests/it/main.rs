//! The imaging adapter against the suite of its port, and on files that only it must be able to read.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod cleaning;
mod conformance;
mod containers;
mod fingerprints;
mod hostile;
mod metadata;
mod threads;

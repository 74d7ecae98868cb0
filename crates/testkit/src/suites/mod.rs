//! Conformance suites: one module a port, one function a MUST of its contract, under the same name. Each adapter of a
//! port, and its fake, runs the port's whole suite in its own tests.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a conformance test fails by panicking"
)]

mod elapse;

pub mod balance_cache;
pub mod dialogue_store;
pub mod id_source;
pub mod imaging;
pub mod job_queue;
pub mod moderator;
pub mod object_store;
pub mod profile_cache;
pub mod rate_limiter;

pub use elapse::Elapse;

//! The driver of generations on fakes and mocks: what must (not) be called, and what comes of each kind of trouble.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod calls;
mod delivery;
mod endings;
mod requests;
mod troubles;
mod workshop;

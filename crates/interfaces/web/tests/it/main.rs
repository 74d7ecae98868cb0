//! The routes over the fakes, without a socket.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod callbacks;
mod health;
mod metrics;
mod objects;
mod serving;
mod site;
mod updates;

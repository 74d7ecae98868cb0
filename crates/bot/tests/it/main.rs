//! The bot's configuration, secret, container and command line.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod configuration;
mod digests;

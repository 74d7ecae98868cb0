//! The bot's configuration, secret, container and command line.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod backup;
mod commands;
mod configuration;
mod digests;
mod metrics;
mod objects;
mod program;
mod running;

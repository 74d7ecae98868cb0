//! The database adapter on both databases.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod aging;
mod avatars;
mod both;
mod conformance;
mod earlier_release;
mod favours;
mod fixture;
mod gallery_indexes;
mod insight;
mod money;
mod partitions;
mod schema;
mod second_nets;
mod tampering;
mod trouble;
mod unit_rules;

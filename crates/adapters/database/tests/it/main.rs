//! The database adapter on both databases.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod aging;
mod avatars;
mod both;
mod citus;
mod conformance;
mod contention;
mod earlier_release;
mod favours;
mod fixture;
mod gallery_indexes;
mod insight;
mod money;
mod partitions;
mod schema;
mod second_nets;
mod statements;
mod tampering;
mod trouble;
mod unit_rules;
mod upgrading;

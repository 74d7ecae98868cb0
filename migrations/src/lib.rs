//! The schema, one change a file, the same SQL on PostgreSQL and SQLite.
//!
//! Rules for a change: expand first, contract in a later release, because the release before runs while this one
//! migrates. Never edit a change that was released; add one. Plain tables only:
//!
//! - whatever belongs to an account has the primary key `(account_id, …)`, and each of its unique indexes begins with
//!   `account_id`, so that the tables can be spread over several machines by it;
//! - every whole number is a `bigint`, every instant a `bigint` of microseconds since the Unix epoch in UTC, and every
//!   id a `uuid`: PostgreSQL's own type, 16 bytes in SQLite, and in the order of their making in both;
//! - constraints are the second net under the rules of the program, and therefore have names.

use sea_orm_migration::{MigrationTrait, MigratorTrait};

mod change;
mod m20261101_000001_accounts;
mod m20261101_000002_balances;
mod m20261101_000003_jobs;
mod m20261101_000004_gallery_items;
mod m20261101_000005_generations;
mod m20261101_000006_provider_callbacks;
mod m20261101_000007_inbox;
mod m20261101_000008_leases;
mod m20261101_000009_pauses;
mod m20261101_000010_failures;
mod m20261124_000011_avatars;
mod m20261124_000012_gallery_grown;
mod m20261124_000013_help_requests;
mod m20261124_000014_privacy;
mod m20261124_000015_generation_price;
mod m20261124_000016_spending;
mod m20261124_000017_invites;
mod m20261124_000018_sweeping;

use change::Change;
pub use sea_orm_migration;

/// Every change, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261101_000001_accounts::CHANGE),
            Box::new(m20261101_000002_balances::CHANGE),
            Box::new(m20261101_000003_jobs::CHANGE),
            Box::new(m20261101_000004_gallery_items::CHANGE),
            Box::new(m20261101_000005_generations::CHANGE),
            Box::new(m20261101_000006_provider_callbacks::CHANGE),
            Box::new(m20261101_000007_inbox::CHANGE),
            Box::new(m20261101_000008_leases::CHANGE),
            Box::new(m20261101_000009_pauses::CHANGE),
            Box::new(m20261101_000010_failures::CHANGE),
            Box::new(m20261124_000011_avatars::CHANGE),
            Box::new(m20261124_000012_gallery_grown::CHANGE),
            Box::new(m20261124_000013_help_requests::CHANGE),
            Box::new(m20261124_000014_privacy::CHANGE),
            Box::new(m20261124_000015_generation_price::CHANGE),
            Box::new(m20261124_000016_spending::CHANGE),
            Box::new(m20261124_000017_invites::CHANGE),
            Box::new(m20261124_000018_sweeping::CHANGE),
        ]
    }
}

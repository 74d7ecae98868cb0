//! Everything that is kept in a database, on PostgreSQL and on SQLite, with one code and one small dialect module.
//!
//! [`Database`] implements every port that stands on the database by itself; what must be true together is written in a
//! unit of work, one transaction behind the narrow trait of each domain.
//!
//! **Architecture invariant:** all differences between the two databases are in the `dialect` module. Statements about
//! an account's rows name the account; the tables that have none are listed in [`EXEMPT_TABLES`].

mod accounts;
mod auditor;
mod avatars;
mod avatars_audit;
mod avatars_callbacks;
mod avatars_photos;
mod avatars_reader;
mod avatars_writer;
mod balances;
mod callbacks;
mod copies;
mod database;
mod dialect;
mod erasures;
mod error;
mod exports;
mod failures;
mod gallery_filters;
mod gallery_items;
mod generations;
mod help_requests;
mod inbox;
mod insight;
mod invites;
mod jobs;
mod leases;
mod ledger;
mod object_references;
mod operating_figures;
mod options;
mod paging;
mod pauses;
mod pools;
mod privacy;
mod refusals;
mod row;
mod single_writes;
mod span;
mod spending;
mod statement;
mod sweep_marks;
mod tables;
mod together;
mod unit;

pub use database::{AppliedMigration, Database};
pub use insight::{AccountBalance, Insight, MainAvatar, Owned, ShownAvatar};
pub use operating_figures::OperatingFigures;
pub use options::{ConnectError, DatabaseOptions};
pub use pools::{PoolFigures, PoolUse};
pub use tables::EXEMPT_TABLES;

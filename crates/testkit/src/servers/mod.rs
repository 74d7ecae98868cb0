//! Servers that tests start for themselves and that go with them.

mod postgres;

pub use postgres::{Durability, PostgresDatabase, PostgresServer};

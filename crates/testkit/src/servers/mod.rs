//! Servers that tests start for themselves and that go with them.

mod http;
mod postgres;

pub use http::{HttpReply, HttpRequest, HttpServer};
pub use postgres::{Durability, PostgresDatabase, PostgresServer};

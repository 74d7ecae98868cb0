//! Servers that tests start for themselves and that go with them.

mod http;
mod nginx;
mod postgres;
mod redis;
mod s3;

pub use http::{HttpReply, HttpRequest, HttpServer};
pub use nginx::NginxServer;
pub use postgres::{Durability, PostgresDatabase, PostgresServer};
pub use redis::RedisServer;
pub use s3::{S3Keys, S3Room, S3Server};

//! Ports that all processes share, on a Redis (or Valkey) server: caches, wake-ups, limits, turns, conversations.
//!
//! Nothing of value lies here alone. The server may be emptied, restarted or away at any moment: every call ends within
//! [`CALL_WITHIN`], and works again by itself once the server is back.
#![deny(missing_docs)]

mod balance_cache;
mod balance_payload;
mod connections;
mod dialogue_store;
mod failure;
mod job_queue;
mod keys;
mod profile_cache;
mod profile_payload;
mod rate_limiter;
mod request;
mod rest;
mod server;
mod settings;
mod time_span;
mod turns;

pub use balance_cache::RedisBalanceCache;
pub use connections::{ANSWER_WITHIN, CONNECT_WITHIN};
pub use dialogue_store::RedisDialogueStore;
pub use failure::RedisFailure;
pub use job_queue::RedisJobQueue;
pub use profile_cache::RedisProfileCache;
pub use rate_limiter::RedisRateLimiter;
pub use server::{CALL_WITHIN, RedisServer};
pub use settings::{KeyPrefix, KeyPrefixError, RedisSettings, RedisUrl, RedisUrlError};
pub use turns::RedisTurns;

//! How often a person may do something.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use crate::{BoxError, ChatId};

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Asking for images.
    Generate,
    /// Pressing a button.
    Press,
    /// Writing anything.
    Write,
}

impl Action {
    /// The name in keys and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Press => "press",
            Self::Write => "write",
        }
    }
}

/// A rate with a burst: `burst` at once, then one every `period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many may come at once, at least 1.
    pub burst: u32,
    /// The time in which one is earned back.
    pub period: Duration,
}

/// Whether the action may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may, and has been counted.
    Allowed,
    /// Not before this time has passed; it has not been counted.
    Wait(Duration),
}

/// The limiter's store is away. Callers let the action pass.
#[derive(Debug, Error)]
#[error("the rate limiter is unavailable")]
pub struct RateLimiterError(#[source] pub BoxError);

/// Counts actions of conversations by the generic cell rate algorithm.
///
/// **Contract**
/// - `burst` actions at once MUST be allowed, and the next one MUST be told how long to wait.
/// - After that wait the action MUST be allowed.
/// - A refused action MUST NOT count.
/// - Conversations and actions MUST NOT influence each other.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts the action if it is within the limit.
    async fn check(&self, chat: ChatId, action: Action, limit: Limit) -> Result<Verdict, RateLimiterError>;
}

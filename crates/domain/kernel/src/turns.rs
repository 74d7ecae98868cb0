//! Whose turn it is, when all processes together may only do so much.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use crate::{BoxError, ChatId, Limit};

/// What is done in turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Sending to anybody.
    Everybody,
    /// Sending to one conversation.
    Chat(ChatId),
}

/// The keeper of turns is away.
#[derive(Debug, Error)]
#[error("the keeper of turns is unavailable")]
pub struct TurnsError(#[source] pub BoxError);

/// Hands out turns at a pace. Unlike a [`RateLimiter`](crate::RateLimiter) it refuses nobody: it says how long to wait.
///
/// **Contract**
/// - `burst` turns at once MUST be given without a wait, and those after them one every `period`, however many processes
///   ask.
/// - A turn that was given MUST NOT be given again.
/// - After `hold_back` no turn of the lane MUST come sooner than `pause` from then.
/// - Lanes MUST NOT influence each other.
#[async_trait]
pub trait Turns: Send + Sync {
    /// Takes `count` turns (at least 1) in a row; how long to wait for the first of them.
    async fn take(&self, lane: Lane, count: u32, pace: Limit) -> Result<Duration, TurnsError>;

    /// Gives no turn in the lane before `pause` has passed.
    async fn hold_back(&self, lane: Lane, pause: Duration, pace: Limit) -> Result<(), TurnsError>;
}

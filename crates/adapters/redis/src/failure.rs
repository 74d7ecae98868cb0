//! What can go wrong at the server.

use deadpool::managed::PoolError;
use deadpool_redis::redis::{ErrorKind, RedisError, ServerErrorKind};
use kernel::BoxError;
use thiserror::Error;

/// A call to the server failed. There is no secret in it: neither the address nor anything that was kept or asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RedisFailure {
    /// There is no connection, or it was lost.
    #[error("Redis cannot be reached: {0}")]
    Unreachable(String),
    /// No answer came in time.
    #[error("Redis did not answer in time")]
    Slow,
    /// It failed a moment ago, and nobody waits for it until that moment is over.
    #[error("Redis failed a moment ago and is not asked again yet")]
    Resting,
    /// The user or the password is wrong.
    #[error("Redis refuses the user or the password")]
    Denied,
    /// It is starting up.
    #[error("Redis is still loading")]
    Loading,
    /// It has no memory left.
    #[error("Redis is full: raise maxmemory, or choose an eviction policy")]
    Full,
    /// It refused a command for another reason.
    #[error("Redis refused a command: {0}")]
    Refused(String),
    /// It answered something that nobody asked for.
    #[error("Redis answered something unexpected")]
    Unexpected,
}

/// What a failure says about the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prospect {
    /// The next one may well work.
    Fair,
    /// The next one would fail as well.
    Poor,
}

impl RedisFailure {
    pub(crate) fn prospect(&self) -> Prospect {
        match self {
            Self::Unreachable(_) | Self::Slow | Self::Denied | Self::Loading => Prospect::Poor,
            Self::Resting | Self::Full | Self::Refused(_) | Self::Unexpected => Prospect::Fair,
        }
    }

    /// As the source of a port's error.
    pub(crate) fn boxed(self) -> BoxError {
        Box::new(self)
    }
}

impl From<RedisError> for RedisFailure {
    fn from(error: RedisError) -> Self {
        if error.is_timeout() {
            return Self::Slow;
        }
        match error.kind() {
            // The driver's words name neither address nor arguments.
            ErrorKind::Io => Self::Unreachable(error.to_string()),
            ErrorKind::AuthenticationFailed => Self::Denied,
            ErrorKind::Server(ServerErrorKind::BusyLoading) => Self::Loading,
            _ => match error.code() {
                Some("OOM") => Self::Full,
                Some("NOAUTH" | "WRONGPASS") => Self::Denied,
                Some(code) => Self::Refused(code.to_owned()),
                None => Self::Unexpected,
            },
        }
    }
}

impl From<PoolError<RedisError>> for RedisFailure {
    fn from(error: PoolError<RedisError>) -> Self {
        match error {
            PoolError::Backend(error) => Self::from(error),
            PoolError::Timeout(_) => Self::Slow,
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                Self::Unreachable(error.to_string())
            }
        }
    }
}

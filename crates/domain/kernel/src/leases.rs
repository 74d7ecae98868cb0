//! Leases: who does what only one process may do at a time.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use crate::{ChatId, FencingToken, StoreError};

/// What a lease is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaseName {
    /// Polling the messenger for updates.
    Poller,
    /// Sweeping for due jobs and expired holds.
    Sweeper,
    /// Handling the updates of one conversation.
    Chat(ChatId),
}

impl fmt::Display for LeaseName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Poller => formatter.write_str("poller"),
            Self::Sweeper => formatter.write_str("sweeper"),
            Self::Chat(chat) => write!(formatter, "chat:{chat}"),
        }
    }
}

/// A lease that this process has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// What it is about.
    pub name: LeaseName,
    /// The token of this very take.
    pub token: FencingToken,
}

/// Rows that only one process holds at a time, decided by the database's clock.
///
/// **Contract**
/// - `acquire` MUST succeed when nobody holds the lease or it has expired, and MUST draw a new token.
/// - Of any number of concurrent calls at most one MUST succeed.
/// - `extend` and `release` under a stale token MUST fail with `Superseded` and change nothing.
/// - A released lease MUST be free at once.
#[async_trait]
pub trait Leases: Send + Sync {
    /// Takes the lease for `span`; `None` when somebody else holds it.
    async fn acquire(&self, name: LeaseName, span: Duration) -> Result<Option<Lease>, StoreError>;

    /// Holds on to it for another `span` from now.
    async fn extend(&self, lease: &Lease, span: Duration) -> Result<(), StoreError>;

    /// Gives it up.
    async fn release(&self, lease: &Lease) -> Result<(), StoreError>;
}

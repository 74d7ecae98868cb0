//! What the sweeper tells whoever watches it.

use async_trait::async_trait;
use kernel::StoreError;

/// What the sweeper found and dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepFind {
    /// A job that was due was fed to the queue.
    DueJob,
    /// A hold that nobody ended was released.
    ExpiredHold,
    /// A pause was lifted.
    LiftedPause,
    /// A request for help was forgotten.
    OldHelp,
    /// A packed file was removed.
    OldExport,
    /// A done job was forgotten.
    DoneJob,
    /// A handled update was forgotten.
    HandledUpdate,
    /// An object that nobody needs was removed.
    OrphanObject,
}

impl SweepFind {
    /// The name, as a metric's label has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DueJob => "due-job",
            Self::ExpiredHold => "expired-hold",
            Self::LiftedPause => "lifted-pause",
            Self::OldHelp => "old-help",
            Self::OldExport => "old-export",
            Self::DoneJob => "done-job",
            Self::HandledUpdate => "handled-update",
            Self::OrphanObject => "orphan-object",
        }
    }
}

/// Watches the sweeper.
#[async_trait]
pub trait SweepWatch: Send + Sync {
    /// The sweeper found and dealt with so many of these.
    fn found(&self, what: SweepFind, count: u64);

    /// It is time to look at the installation as a whole. The process that sweeps is the only one that is told so.
    async fn measure(&self) -> Result<(), StoreError>;
}

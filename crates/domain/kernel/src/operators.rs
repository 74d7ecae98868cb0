//! What operators hear of.

use async_trait::async_trait;

use crate::{FailureReference, MicroUsd, Pausable, PauseCause, ProviderError, Timestamp};

/// Something that operators should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorNotice {
    /// A provider or model is paused until somebody acts.
    Paused {
        /// What is paused.
        subject: Pausable,
        /// Why.
        cause: PauseCause,
    },
    /// It works again.
    Resumed {
        /// What was paused.
        subject: Pausable,
    },
    /// A failure of a kind not seen before.
    NewFailure {
        /// What makes failures equal.
        fingerprint: String,
        /// What the person was told.
        reference: FailureReference,
    },
    /// A model will be shut down.
    ShutdownAhead {
        /// The model's id in the registry.
        model: String,
        /// When.
        at: Timestamp,
    },
    /// As much was spent at providers today as may be; nothing more is taken on until tomorrow.
    SpendCapReached {
        /// The cap.
        cap: MicroUsd,
        /// When the next day begins.
        until: Timestamp,
    },
}

/// Reaches the operators.
///
/// **Contract**
/// - `tell` MUST reach every operator that is configured, and succeed when none is.
/// - A failure to reach one operator MUST NOT keep the others from hearing.
#[async_trait]
pub trait OperatorChannel: Send + Sync {
    /// Tells every operator.
    async fn tell(&self, notice: &OperatorNotice) -> Result<(), ProviderError>;
}

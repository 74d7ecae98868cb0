//! What a runner is given to do.

use serde_json::Value;
use uuid::Uuid;

use super::endpoint::Endpoint;
use super::lifecycle::Lifecycle;
use crate::faults::Fault;

/// One request, from the queue or from the synchronous API.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub(super) endpoint: Endpoint,
    pub(super) input: Value,
    /// What goes wrong with what is made.
    pub(super) fault: Option<Fault>,
    /// How long the files live that are made.
    pub(super) lifecycle: Lifecycle,
    /// The request whose log is kept; none for the synchronous API.
    pub(super) logged: Option<Uuid>,
}

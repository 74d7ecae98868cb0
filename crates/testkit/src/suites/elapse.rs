//! The passage of time, as a port under test sees it.

use std::time::Duration;

use async_trait::async_trait;

/// Lets time pass for a port under test. A port that takes its time from a clock of ours has that clock moved; one that
/// keeps time elsewhere is waited for.
#[async_trait]
pub trait Elapse: Send + Sync {
    /// Returns once at least `span` has passed for the port.
    async fn elapse(&self, span: Duration);
}

//! Whether everything that this process depends on is there.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use kernel::BoxError;
use serde::Serialize;
use tokio::time::timeout;

/// How long one check may take.
const CHECK_WITHIN: Duration = Duration::from_secs(2);

/// What it means when a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The process cannot work.
    Vital,
    /// It goes on, slower or less well.
    Helpful,
}

/// Something that this process depends on.
#[async_trait]
pub trait ReadinessCheck: Send + Sync {
    /// Its name in the report, such as `database`.
    fn name(&self) -> &'static str;

    /// What it means when it is not there.
    fn need(&self) -> Need {
        Need::Vital
    }

    /// Tries it with a cheap call.
    async fn check(&self) -> Result<(), BoxError>;
}

/// What came of a check. The report may be public, so that it says no more than this; the cause is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// It is there.
    Ready,
    /// It failed.
    Failed,
    /// It did not answer in time.
    TimedOut,
    /// It is away, and the process goes on without it.
    Degraded,
}

/// Every check with its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadinessReport {
    /// Whether everything is there that the process cannot work without.
    pub ready: bool,
    /// The checks, in their order.
    pub checks: Vec<NamedOutcome>,
}

/// A check's outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedOutcome {
    /// What was checked.
    pub name: &'static str,
    /// What came of it.
    pub outcome: CheckOutcome,
}

impl NamedOutcome {
    fn can_be_worked_with(&self) -> bool {
        matches!(self.outcome, CheckOutcome::Ready | CheckOutcome::Degraded)
    }
}

/// The checks of this process.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Vec<Arc<dyn ReadinessCheck>>,
}

impl Readiness {
    /// These checks.
    pub fn new(checks: Vec<Arc<dyn ReadinessCheck>>) -> Self {
        Self { checks }
    }

    /// Runs every check at once, each within 2 s.
    pub async fn report(&self) -> ReadinessReport {
        let checks = join_all(self.checks.iter().map(|check| outcome(check.as_ref()))).await;
        ReadinessReport { ready: checks.iter().all(NamedOutcome::can_be_worked_with), checks }
    }
}

async fn outcome(check: &dyn ReadinessCheck) -> NamedOutcome {
    let name = check.name();
    let outcome = match timeout(CHECK_WITHIN, check.check()).await {
        Ok(Ok(())) => CheckOutcome::Ready,
        Ok(Err(error)) => {
            tracing::warn!(name, %error, "not there");
            failed(check, CheckOutcome::Failed)
        }
        Err(_) => {
            tracing::warn!(name, "not there: no answer in time");
            failed(check, CheckOutcome::TimedOut)
        }
    };
    NamedOutcome { name, outcome }
}

fn failed(check: &dyn ReadinessCheck, how: CheckOutcome) -> CheckOutcome {
    match check.need() {
        Need::Vital => how,
        Need::Helpful => CheckOutcome::Degraded,
    }
}

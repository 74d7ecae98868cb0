//! Is it alive, and can it work?

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::readiness::NamedOutcome;
use crate::server::Shared;
use crate::{CheckOutcome, ReadinessReport};

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: everything that it depends on is there; 503 when something is not, or when it is about to stop.
pub(crate) async fn ready(State(shared): State<Shared>) -> (StatusCode, Json<ReadinessReport>) {
    let mut report = shared.ports.readiness.report().await;
    if shared.stop.is_cancelled() {
        report.ready = false;
        report.checks.push(NamedOutcome { name: "stopping", outcome: CheckOutcome::Failed });
    }
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report))
}

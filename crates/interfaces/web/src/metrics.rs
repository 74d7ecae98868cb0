//! Figures for whoever watches this process.

use std::sync::Arc;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

/// The text format of Prometheus.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Where the figures of this process come from.
pub trait MetricsPage: Send + Sync {
    /// All of them now, in Prometheus's text format. Quick: nothing is asked of another machine.
    fn render(&self) -> String;
}

/// `GET /metrics`: what this page says at that moment.
pub fn metrics_router(page: Arc<dyn MetricsPage>) -> Router {
    let answer = move || {
        let page = Arc::clone(&page);
        async move { ([(CONTENT_TYPE, TEXT_FORMAT)], page.render()).into_response() }
    };
    Router::new().route("/metrics", get(answer))
}

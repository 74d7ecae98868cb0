//! Figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt as _;
use web::MetricsPage;

#[derive(Default)]
struct Counting(AtomicU64);

impl MetricsPage for Counting {
    fn render(&self) -> String {
        format!("asked {}\n", self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

#[tokio::test]
async fn the_page_is_made_anew_each_time_in_the_format_of_prometheus() {
    let router = web::metrics_router(Arc::new(Counting::default()));
    for expected in ["asked 1\n", "asked 2\n"] {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(to_bytes(answer.into_body(), 1_000).await.unwrap(), expected);
    }
}

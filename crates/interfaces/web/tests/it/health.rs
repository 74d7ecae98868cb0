//! Alive and ready.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::StatusCode;
use kernel::BoxError;
use serde_json::{Value, json};
use tokio::time::Instant;
use web::ReadinessCheck;

use crate::site::{Answer, Opening, Site};

/// A dependency in a state that a test chooses.
enum Dependency {
    Fine(&'static str),
    Broken(&'static str),
    Silent(&'static str),
}

#[async_trait]
impl ReadinessCheck for Dependency {
    fn name(&self) -> &'static str {
        match self {
            Self::Fine(name) | Self::Broken(name) | Self::Silent(name) => name,
        }
    }

    async fn check(&self) -> Result<(), BoxError> {
        match self {
            Self::Fine(_) => Ok(()),
            Self::Broken(_) => Err("password=hunter2 was refused".into()),
            Self::Silent(_) => std::future::pending().await,
        }
    }
}

async fn site(checks: Vec<Dependency>) -> Site {
    let checks = checks.into_iter().map(|check| Arc::new(check) as Arc<dyn ReadinessCheck>).collect();
    Site::open(Opening { checks, ..Opening::default() }).await
}

fn report(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn a_process_that_answers_is_alive_whatever_else_is_broken() {
    let site = site(vec![Dependency::Broken("database")]).await;
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn ready_is_when_everything_is_there() {
    let site = site(vec![Dependency::Fine("database"), Dependency::Fine("objects")]).await;
    let answer = site.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::OK);
    let checks = json!([{"name": "database", "outcome": "ready"}, {"name": "objects", "outcome": "ready"}]);
    assert_eq!(report(&answer), json!({"ready": true, "checks": checks}));
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_named_in_bounded_time_without_its_secrets() {
    let broken = vec![
        Dependency::Fine("database"),
        Dependency::Broken("objects"),
        Dependency::Silent("queue"),
        Dependency::Silent("cache"),
    ];
    let site = site(broken).await;
    let asked = Instant::now();
    let answer = site.get("/readyz").await;
    assert!(asked.elapsed() <= Duration::from_millis(2_100), "{:?}", asked.elapsed());
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let checks = json!([
        {"name": "database", "outcome": "ready"},
        {"name": "objects", "outcome": "failed"},
        {"name": "queue", "outcome": "timed-out"},
        {"name": "cache", "outcome": "timed-out"},
    ]);
    assert_eq!(report(&answer), json!({"ready": false, "checks": checks}));
}

#[tokio::test]
async fn a_process_that_is_about_to_stop_is_not_ready() {
    let site = site(vec![Dependency::Fine("database")]).await;
    site.stop.cancel();
    let answer = site.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(report(&answer)["checks"][1]["name"], "stopping");
    assert_eq!(site.get("/healthz").await.status, StatusCode::OK);
}

//! Updates that Telegram brings.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use secrecy::SecretString;
use tokio::time::Instant;
use web::{NotTakenIn, TelegramWebhook, UpdateIntake};

use crate::site::{Answer, Opening, Site};

const SECRET: &str = "open-sesame_2026";
const UPDATE: &str = "{\"update_id\": 7, \"message\": {\"text\": \"not for the log\"}}";

/// What comes of an update that is brought.
#[derive(Clone, Copy)]
enum Fate {
    Kept,
    Malformed,
    Busy,
    Away,
    Slow,
}

/// An intake as a test wants it.
struct FakeIntake {
    fate: Fate,
    taken: Mutex<Vec<Bytes>>,
}

#[async_trait]
impl UpdateIntake for FakeIntake {
    async fn take_in(&self, update: Bytes) -> Result<(), NotTakenIn> {
        match self.fate {
            Fate::Kept => {}
            Fate::Malformed => return Err(NotTakenIn::Malformed("no JSON".into())),
            Fate::Busy => return Err(NotTakenIn::Busy { retry_after: Duration::from_secs(5) }),
            Fate::Away => return Err(NotTakenIn::Unavailable("the database is away".into())),
            Fate::Slow => std::future::pending().await,
        }
        self.taken.lock().unwrap().push(update);
        Ok(())
    }
}

async fn site(fate: Fate) -> (Site, Arc<FakeIntake>) {
    let intake = Arc::new(FakeIntake { fate, taken: Mutex::default() });
    let telegram = TelegramWebhook { secret: SecretString::from(SECRET), intake: intake.clone() };
    (Site::open(Opening { telegram: Some(telegram), ..Opening::default() }).await, intake)
}

async fn bring(site: &Site, secret: Option<&str>, update: impl Into<Body>) -> Answer {
    let mut request = Request::post("/telegram/webhook");
    if let Some(secret) = secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    site.send(request.body(update.into()).unwrap()).await
}

#[tokio::test]
async fn an_update_is_taken_in_as_it_came_and_acknowledged() {
    let (site, intake) = site(Fate::Kept).await;
    assert_eq!(bring(&site, Some(SECRET), UPDATE).await.status, StatusCode::OK);
    assert_eq!(*intake.taken.lock().unwrap(), [UPDATE.as_bytes()]);
}

#[tokio::test]
async fn nobody_but_telegram_brings_updates() {
    let (site, intake) = site(Fate::Kept).await;
    for secret in
        [None, Some(""), Some("open-sesame_202"), Some("open-sesame_2027"), Some("Open-sesame_2026")]
    {
        assert_eq!(bring(&site, secret, UPDATE).await.status, StatusCode::UNAUTHORIZED, "{secret:?}");
    }
    assert!(intake.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_bot_that_polls_has_no_such_address() {
    let site = Site::open(Opening::default()).await;
    assert_eq!(bring(&site, Some(SECRET), UPDATE).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn too_large_a_body_is_not_read() {
    let (site, intake) = site(Fate::Kept).await;
    let large = vec![b' '; 1024 * 1024 + 1];
    assert_eq!(bring(&site, Some(SECRET), large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(intake.taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_was_not_kept_is_not_acknowledged() {
    for (fate, status) in [
        (Fate::Malformed, StatusCode::BAD_REQUEST),
        (Fate::Busy, StatusCode::SERVICE_UNAVAILABLE),
        (Fate::Away, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let (site, _intake) = site(fate).await;
        assert_eq!(bring(&site, Some(SECRET), UPDATE).await.status, status);
    }
}

#[tokio::test]
async fn when_too_many_wait_telegram_hears_when_to_come_again() {
    let (site, _intake) = site(Fate::Busy).await;
    assert_eq!(bring(&site, Some(SECRET), UPDATE).await.headers["retry-after"], "5");
}

#[tokio::test(start_paused = true)]
async fn telegram_hears_in_bounded_time_that_nobody_keeps_it() {
    let (site, _intake) = site(Fate::Slow).await;
    let asked = Instant::now();
    assert_eq!(bring(&site, Some(SECRET), UPDATE).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(asked.elapsed() <= Duration::from_secs(11), "{:?}", asked.elapsed());
}

//! Callbacks of providers.

use std::sync::Arc;

use axum::http::{StatusCode, Uri};
use kernel::{AccountId, CallbackRoute, CallbackUrls};
use testkit::fakes::FakeDigests;
use testkit::suites::callback_urls::{self, Bench};
use uuid::Uuid;
use web::SignedCallbackUrls;

use crate::site::{Opening, Signature, Site};

fn parked(site: &Site) -> usize {
    site.database.committed().callbacks.len()
}

#[tokio::test]
async fn a_callback_is_kept_once_however_often_it_comes() {
    let site = Site::open(Opening::default()).await;
    let path = site.callback_path(&site.route);
    for _ in 0..3 {
        let answer = site.post(&path, "{\"status\":\"OK\"}").await;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    }
    assert_eq!(parked(&site), 1);
    let tables = site.database.committed();
    let kept = &tables.callbacks.values().next().unwrap().callback;
    assert_eq!((kept.account, kept.generation, kept.attempt), (site.route.account, site.generation, 1));
    assert_eq!(kept.event.body, "{\"status\":\"OK\"}");
}

#[tokio::test]
async fn an_address_that_is_not_ours_is_refused_before_anything_is_checked() {
    let site = Site::open(Opening::default()).await;
    let right = site.callback_path(&site.route);
    let other = CallbackRoute { attempt: 2, ..site.route };
    let other_attempt = right.replace("attempt=1", "attempt=2");
    assert_ne!(other_attempt, site.callback_path(&other), "the MAC covers the attempt");
    let stranger = CallbackRoute { account: AccountId::new(Uuid::nil()), ..site.route };
    let forged = [
        "/webhooks/fal".to_owned(),
        "/webhooks/fal?account=1&generation=2&attempt=3&mac=4".to_owned(),
        right.split("&mac=").next().unwrap().to_owned(),
        format!("{right}0"),
        other_attempt,
        right.replace(&site.route.account.to_string(), &stranger.account.to_string()),
        right.replace("attempt=1", "attempt=-1"),
    ];
    for path in forged {
        let answer = site.post(&path, "{}").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert_eq!(site.callbacks.asked(), 0);
    assert_eq!(parked(&site), 0);
}

#[tokio::test]
async fn what_the_provider_did_not_sign_leaves_nothing_behind() {
    let site = Site::open(Opening::default()).await;
    let path = site.callback_path(&site.route);
    for (signature, status) in [
        (Signature::Forged, StatusCode::UNAUTHORIZED),
        (Signature::Senseless, StatusCode::BAD_REQUEST),
        (Signature::KeysAway, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        site.callbacks.say(signature);
        assert_eq!(site.post(&path, "{}").await.status, status, "{signature:?}");
    }
    assert_eq!(parked(&site), 0);
    site.callbacks.say(Signature::Right);
    assert_eq!(site.post(&path, "{}").await.status, StatusCode::OK, "it may come again");
    assert_eq!(parked(&site), 1);
}

#[tokio::test]
async fn while_the_database_is_away_the_provider_is_to_call_again() {
    let site = Site::open(Opening { cannot_commit: true, ..Opening::default() }).await;
    let answer = site.post(&site.callback_path(&site.route), "{}").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(parked(&site), 0);
}

#[tokio::test]
async fn a_callback_for_somebody_who_was_erased_is_acknowledged_and_dropped() {
    let site = Site::open(Opening::default()).await;
    let gone = CallbackRoute { account: AccountId::new(Uuid::nil()), ..site.route };
    assert_eq!(site.post(&site.callback_path(&gone), "{}").await.status, StatusCode::OK);
    assert_eq!(parked(&site), 0);
}

#[tokio::test]
async fn a_callback_has_a_largest_size() {
    let site = Site::open(Opening::default()).await;
    let path = site.callback_path(&site.route);
    let limit = 4 * 1024 * 1024;
    let answer = site.post(&path, vec![b' '; limit + 1]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(site.post(&path, vec![b' '; limit]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_fal_there_is_nobody_to_call_back() {
    let site = Site::open(Opening { without_fal: true, ..Opening::default() }).await;
    let answer = site.post(&site.callback_path(&site.route), "{}").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let wrong_method = site.get(&site.callback_path(&site.route)).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
}

/// The addresses of a site at `https://a.example/bot`.
struct Addresses;

impl Addresses {
    fn under(base: Option<&str>) -> SignedCallbackUrls {
        SignedCallbackUrls::new(base.map(|base| base.parse().unwrap()), Arc::new(FakeDigests::default()))
    }
}

impl Bench for Addresses {
    fn reachable(&self) -> Arc<dyn CallbackUrls> {
        Arc::new(Self::under(Some("https://a.example/bot")))
    }

    fn unreachable(&self) -> Arc<dyn CallbackUrls> {
        Arc::new(Self::under(None))
    }

    fn called_at(&self, address: &str) -> Option<CallbackRoute> {
        Self::under(Some("https://a.example/bot")).route_of(&address.parse::<Uri>().ok()?)
    }
}

#[test]
fn addresses_keep_the_contract() {
    callback_urls::all(&Addresses);
}

#[test]
fn an_address_is_under_the_public_one_however_that_is_written() {
    let route = CallbackRoute {
        account: AccountId::new(Uuid::from_u128(1)),
        subject: kernel::CallbackSubject::Generation(kernel::GenerationId::new(Uuid::from_u128(2))),
        attempt: 3,
    };
    for base in ["https://a.example/bot", "https://a.example/bot/", "https://a.example/bot/?x=1#y"] {
        let address = Addresses::under(Some(base)).address(&route).unwrap();
        assert!(address.starts_with("https://a.example/bot/webhooks/fal?account=00000000-"), "{address}");
        assert!(address.contains("&attempt=3&mac="), "{address}");
    }
}

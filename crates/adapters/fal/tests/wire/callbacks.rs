//! Verifying callbacks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use fal_adapter::{Fal, FalSettings};
use futures::future::join_all;
use kernel::{CallbackError, ProviderCallbacks, ProviderEvent, RawCallback, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{TestClock, build, settings};

/// A published example: everything in it but the private key is what FAL would send.
const BODY: &str =
    r#"{"request_id":"req-1","gateway_request_id":"req-1","status":"OK","payload":{"seed":7}}"#;
const SENT: i64 = 1_700_000_000;
const PUBLIC_KEY: &str = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
const SIGNATURE: &str = "291c9aa02be58748548c30c26fad0a50d2be8d840f0dd1eab57997a99be71213\
                         e1d66d0506ceb1b024398a57c3111400c9a1b48def14bfe0bdf6fc5470b0f908";

fn example() -> RawCallback {
    callback("req-1", "user-1", &SENT.to_string(), SIGNATURE, BODY.as_bytes())
}

fn callback(request_id: &str, user_id: &str, timestamp: &str, signature: &str, body: &[u8]) -> RawCallback {
    let headers: BTreeMap<String, String> = [
        ("x-fal-webhook-request-id", request_id),
        ("x-fal-webhook-user-id", user_id),
        ("x-fal-webhook-timestamp", timestamp),
        ("x-fal-webhook-signature", signature),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    RawCallback { headers, body: Bytes::copy_from_slice(body) }
}

/// Signs as FAL would, with the key of a seed.
fn signed(seed: u8, request_id: &str, timestamp: i64, body: &[u8]) -> RawCallback {
    let digest = hex::encode(Sha256::digest(body));
    let message = format!("{request_id}\nuser-1\n{timestamp}\n{digest}");
    let signature = hex::encode(signing_key(seed).sign(message.as_bytes()).to_bytes());
    callback(request_id, "user-1", &timestamp.to_string(), &signature, body)
}

fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn web_key(seed: u8) -> Value {
    let x = URL_SAFE_NO_PAD.encode(signing_key(seed).verifying_key().as_bytes());
    json!({"kty": "OKP", "crv": "Ed25519", "x": x})
}

/// FAL's published keys, which can change, and the adapter that looks them up.
struct Scene {
    published: Arc<Mutex<HttpReply>>,
    server: HttpServer,
    clock: Arc<TestClock>,
    fal: Fal,
}

impl Scene {
    async fn new(keys: Value) -> Self {
        Self::with(keys, |settings| settings).await
    }

    async fn with(keys: Value, change: impl FnOnce(FalSettings) -> FalSettings) -> Self {
        let published = Arc::new(Mutex::new(HttpReply::json(200, &json!({"keys": keys}))));
        let answer = Arc::clone(&published);
        let server = HttpServer::start(move |_| answer.lock().unwrap().clone()).await;
        let clock = TestClock::at(SENT);
        let fal = build(change(settings(&server)), Arc::clone(&clock));
        Self { published, server, clock, fal }
    }

    /// FAL publishes the example's key.
    async fn of_example() -> Self {
        Self::new(json!([{"kty": "OKP", "crv": "Ed25519", "x": PUBLIC_KEY}])).await
    }

    fn publish(&self, reply: HttpReply) {
        *self.published.lock().unwrap() = reply;
    }

    fn publish_keys(&self, keys: &Value) {
        self.publish(HttpReply::json(200, &json!({"keys": keys})));
    }

    async fn verify(&self, callback: &RawCallback) -> Result<ProviderEvent, CallbackError> {
        self.fal.verify(callback).await
    }

    async fn is_forged(&self, callback: &RawCallback) -> bool {
        matches!(self.verify(callback).await, Err(CallbackError::NotAuthentic(_)))
    }

    fn fetches(&self) -> usize {
        self.server.requests().len()
    }
}

#[tokio::test]
async fn the_published_example_is_authentic() {
    let scene = Scene::of_example().await;
    let event = scene.verify(&example()).await.unwrap();
    assert_eq!(event, ProviderEvent { request_id: "req-1".to_owned(), body: BODY.to_owned() });
    let [request] = &scene.server.requests()[..] else { panic!("one fetch of keys") };
    assert_eq!(request.target, "/.well-known/jwks.json");
    assert_eq!(request.header("authorization"), None, "keys are public; ours is not shown");
}

#[tokio::test]
async fn a_change_of_any_bit_is_noticed() {
    let scene = Scene::of_example().await;
    scene.verify(&example()).await.unwrap();
    for bit in 0..BODY.len() * 8 {
        let mut body = BODY.as_bytes().to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        let changed = RawCallback { body: Bytes::from(body), ..example() };
        assert!(scene.is_forged(&changed).await, "bit {bit} of the body");
    }
    for name in example().headers.keys() {
        for bit in 0..example().headers[name].len() * 8 {
            let mut changed = example();
            let mut value = changed.headers[name].clone().into_bytes();
            value[bit / 8] ^= 1 << (bit % 8);
            let Ok(value) = String::from_utf8(value) else { continue };
            changed.headers.insert(name.clone(), value);
            assert!(scene.is_forged(&changed).await, "bit {bit} of {name}");
        }
    }
}

#[tokio::test]
async fn a_missing_or_empty_header_is_noticed() {
    let scene = Scene::of_example().await;
    for name in example().headers.keys() {
        let mut changed = example();
        changed.headers.remove(name);
        assert!(scene.is_forged(&changed).await, "without {name}");
        changed.headers.insert(name.clone(), String::new());
        assert!(scene.is_forged(&changed).await, "with an empty {name}");
    }
    let cut = RawCallback { body: Bytes::new(), ..example() };
    assert!(scene.is_forged(&cut).await);
}

#[tokio::test]
async fn a_foreign_key_is_noticed() {
    let scene = Scene::of_example().await;
    assert!(scene.is_forged(&signed(9, "req-1", SENT, BODY.as_bytes())).await);
}

#[tokio::test]
async fn five_minutes_are_tolerated_in_either_direction_and_no_more() {
    let scene = Scene::of_example().await;
    let sent = Timestamp::from_seconds(SENT);
    let tolerance = Duration::from_mins(5);
    for near in [sent, sent + tolerance, sent.before(tolerance)] {
        scene.clock.set(near);
        scene.verify(&example()).await.unwrap();
    }
    let just_over = tolerance + Duration::from_micros(1);
    for far in [
        sent + just_over,
        sent.before(just_over),
        sent + Duration::from_secs(301),
        sent.before(Duration::from_secs(301)),
    ] {
        scene.clock.set(far);
        assert!(scene.is_forged(&example()).await, "{far:?}");
    }
}

#[tokio::test]
async fn a_time_that_is_no_number_is_noticed() {
    let scene = Scene::of_example().await;
    for time in ["soon", "-1700000000", "+1700000000", " 1700000000", "1700000000.0", "99999999999999999999"]
    {
        assert!(
            scene.is_forged(&callback("req-1", "user-1", time, SIGNATURE, BODY.as_bytes())).await,
            "{time}"
        );
    }
}

#[tokio::test]
async fn a_body_about_another_request_is_noticed() {
    let scene = Scene::new(json!([web_key(1)])).await;
    assert!(scene.is_forged(&signed(1, "req-2", SENT, BODY.as_bytes())).await);
    scene.verify(&signed(1, "req-1", SENT, BODY.as_bytes())).await.unwrap();
}

#[tokio::test]
async fn another_users_callback_is_noticed_when_ours_is_known() {
    let keys = json!([{"kty": "OKP", "crv": "Ed25519", "x": PUBLIC_KEY}]);
    let ours =
        |user: &'static str| move |settings| FalSettings { user_id: Some(user.to_owned()), ..settings };
    Scene::with(keys.clone(), ours("user-1")).await.verify(&example()).await.unwrap();
    let other = Scene::with(keys, ours("user-2")).await;
    assert!(other.is_forged(&example()).await);
    assert_eq!(other.fetches(), 0);
}

#[tokio::test]
async fn authentic_nonsense_is_malformed() {
    let scene = Scene::new(json!([web_key(1)])).await;
    for body in [&b"not json"[..], b"{}", b"[]", b"\xff\xfe", br#"{"request_id":7}"#] {
        let outcome = scene.verify(&signed(1, "req-1", SENT, body)).await;
        assert!(matches!(outcome, Err(CallbackError::Malformed(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn any_key_of_the_set_will_do_and_other_kinds_are_passed_over() {
    let scene = Scene::new(json!([
        {"kty": "EC", "crv": "secp256k1", "x": "AAAA", "y": "AAAA"},
        {"kty": "OKP", "crv": "Ed25519", "x": "too short"},
        {"kid": "odd"},
        web_key(1),
        web_key(2),
    ]))
    .await;
    for seed in [1, 2] {
        scene.verify(&signed(seed, "req-1", SENT, BODY.as_bytes())).await.unwrap();
    }
    assert_eq!(scene.fetches(), 1);
}

#[tokio::test]
async fn a_newly_published_key_is_accepted_at_once() {
    let scene = Scene::new(json!([web_key(1)])).await;
    scene.verify(&signed(1, "req-1", SENT, BODY.as_bytes())).await.unwrap();
    scene.publish_keys(&json!([web_key(2)]));
    scene.verify(&signed(2, "req-1", SENT, BODY.as_bytes())).await.unwrap();
    assert_eq!(scene.fetches(), 2);
    assert!(scene.is_forged(&signed(1, "req-1", SENT, BODY.as_bytes())).await, "the withdrawn key");
}

#[tokio::test]
async fn forged_callbacks_cause_one_fetch_of_keys_a_minute() {
    let scene = Scene::new(json!([web_key(1)])).await;
    let forged = signed(9, "req-1", SENT, BODY.as_bytes());
    for _ in 0..20 {
        assert!(scene.is_forged(&forged).await);
    }
    assert_eq!(scene.fetches(), 1);
    scene.clock.forward(Duration::from_secs(59));
    assert!(scene.is_forged(&forged).await);
    assert_eq!(scene.fetches(), 1);
    scene.clock.forward(Duration::from_secs(1));
    for _ in 0..20 {
        assert!(scene.is_forged(&forged).await);
        // What is authentic does not open the door to what is not.
        scene.verify(&signed(1, "req-1", SENT, BODY.as_bytes())).await.unwrap();
    }
    assert_eq!(scene.fetches(), 2);
}

#[tokio::test]
async fn many_forged_callbacks_at_once_cause_one_fetch() {
    let scene = Scene::new(json!([web_key(1)])).await;
    let forged = signed(9, "req-1", SENT, BODY.as_bytes());
    let verdicts = join_all((0..20).map(|_| scene.is_forged(&forged))).await;
    assert!(verdicts.iter().all(|is_forged| *is_forged));
    assert_eq!(scene.fetches(), 1);
}

#[tokio::test]
async fn keys_are_kept_for_a_day() {
    let scene = Scene::new(json!([web_key(1)])).await;
    scene.verify(&signed(1, "req-1", SENT, BODY.as_bytes())).await.unwrap();
    let almost_a_day = 24 * 3600 - 1;
    scene.clock.set(Timestamp::from_seconds(SENT + almost_a_day));
    scene.verify(&signed(1, "req-1", SENT + almost_a_day, BODY.as_bytes())).await.unwrap();
    assert_eq!(scene.fetches(), 1);

    scene.publish_keys(&json!([web_key(2)]));
    scene.clock.set(Timestamp::from_seconds(SENT + almost_a_day + 1));
    assert!(scene.is_forged(&signed(1, "req-1", SENT + almost_a_day + 1, BODY.as_bytes())).await);
    assert_eq!(scene.fetches(), 2);
}

#[tokio::test]
async fn without_keys_it_has_to_come_again() {
    for trouble in [
        HttpReply::HangUp,
        HttpReply::html(200),
        HttpReply::json(500, &json!({})),
        HttpReply::json(200, &json!({"keys": []})),
        HttpReply::json(404, &json!({"keys": [web_key(1)]})),
    ] {
        let scene = Scene::new(json!([])).await;
        scene.publish(trouble);
        let authentic = signed(1, "req-1", SENT, BODY.as_bytes());
        for _ in 0..3 {
            let outcome = scene.verify(&authentic).await;
            assert!(matches!(outcome, Err(CallbackError::KeysUnavailable(_))), "{outcome:?}");
        }
        assert_eq!(scene.fetches(), 1);

        scene.publish_keys(&json!([web_key(1)]));
        scene.clock.forward(Duration::from_mins(1));
        scene.verify(&authentic).await.unwrap();
    }
}

#[tokio::test]
async fn known_keys_go_on_being_used_while_new_ones_cannot_be_had() {
    let scene = Scene::new(json!([web_key(1)])).await;
    scene.verify(&signed(1, "req-1", SENT, BODY.as_bytes())).await.unwrap();
    scene.publish(HttpReply::HangUp);
    assert!(scene.is_forged(&signed(9, "req-1", SENT, BODY.as_bytes())).await);
    scene.verify(&signed(1, "req-1", SENT, BODY.as_bytes())).await.unwrap();
}

//! What every [`ProviderCallbacks`] must do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{CallbackError, ProviderCallbacks, ProviderEvent, RawCallback};

use super::Elapse;

/// A provider that calls back, and the verifier under test in front of it.
#[async_trait]
pub trait Bench: Sync {
    /// The verifier, which has fetched no keys yet.
    fn verifier(&self) -> Arc<dyn ProviderCallbacks>;

    /// The time of the verifier.
    fn time(&self) -> Arc<dyn Elapse>;

    /// A callback as the provider signs it, dated `seconds` after the verifier's now (before it when negative), and what
    /// it says.
    fn signed(&self, seconds: i64) -> (RawCallback, ProviderEvent);

    /// The same, signed with a key that nobody published.
    fn signed_by_a_stranger(&self) -> RawCallback;

    /// The names of the headers that the signature covers, and of those that carry it.
    fn signed_headers(&self) -> Vec<&'static str>;

    /// The provider publishes another key, and signs with it from now on.
    async fn publish_another_key(&self);

    /// The keys cannot be fetched from now on.
    async fn withdraw_keys(&self);

    /// How often keys were fetched.
    fn key_fetches(&self) -> u32;
}

/// The longest time between a callback's date and now.
const TOLERANCE: i64 = 300;

/// Runs every test, each with a provider and a verifier of its own.
pub async fn all<B: Bench>(factory: impl AsyncFn() -> B) {
    a_callback_of_the_provider_must_be_accepted(&factory().await).await;
    a_callback_with_a_wrong_missing_or_foreign_signature_must_be_not_authentic(&factory().await).await;
    a_change_of_a_single_bit_in_body_or_signed_headers_must_be_not_authentic(&factory().await).await;
    a_callback_more_than_300_seconds_away_from_now_must_be_not_authentic(&factory().await).await;
    a_key_that_the_provider_has_newly_published_must_be_accepted_without_a_restart(&factory().await).await;
    any_number_of_forged_callbacks_must_cause_at_most_one_fetch_of_keys_a_minute(&factory().await).await;
    without_keys_a_callback_must_be_neither_accepted_nor_called_forged(&factory().await).await;
}

/// A callback of the provider is accepted, and what it says is told; also a second time, which is for others to notice.
pub async fn a_callback_of_the_provider_must_be_accepted(bench: &dyn Bench) {
    let verifier = bench.verifier();
    let (callback, event) = bench.signed(0);
    for _ in 0..2 {
        assert_eq!(verifier.verify(&callback).await.expect("it is authentic"), event);
    }
    assert_eq!(bench.key_fetches(), 1, "keys are kept");
}

/// A callback with a wrong, missing or foreign signature MUST be `NotAuthentic`.
pub async fn a_callback_with_a_wrong_missing_or_foreign_signature_must_be_not_authentic(bench: &dyn Bench) {
    let verifier = bench.verifier();
    let (genuine, _) = bench.signed(0);
    assert_not_authentic(&*verifier, &bench.signed_by_a_stranger(), "a stranger's").await;
    for header in bench.signed_headers() {
        let mut callback = genuine.clone();
        assert!(callback.headers.remove(header).is_some(), "the provider sends {header}");
        assert_not_authentic(&*verifier, &callback, &format!("without {header}")).await;
        for nonsense in ["", "nonsense", "0", "ff", "\u{444}"] {
            callback.headers.insert(header.to_owned(), nonsense.to_owned());
            assert_not_authentic(&*verifier, &callback, &format!("{header}: {nonsense:?}")).await;
        }
    }
    let bare = RawCallback { headers: std::collections::BTreeMap::new(), body: genuine.body.clone() };
    assert_not_authentic(&*verifier, &bare, "without any header").await;
    verifier.verify(&genuine).await.expect("the genuine one is still accepted");
}

/// A change of a single bit in body or signed headers MUST be `NotAuthentic`.
pub async fn a_change_of_a_single_bit_in_body_or_signed_headers_must_be_not_authentic(bench: &dyn Bench) {
    let verifier = bench.verifier();
    let (genuine, _) = bench.signed(0);
    for position in 0..genuine.body.len() {
        let mut body = genuine.body.to_vec();
        body[position] ^= 1 << (position % 8);
        let callback = RawCallback { body: Bytes::from(body), ..genuine.clone() };
        assert_not_authentic(&*verifier, &callback, &format!("byte {position} of the body")).await;
    }
    for longer in [[&genuine.body[..], b" "].concat(), [b"\n", &genuine.body[..]].concat()] {
        let callback = RawCallback { body: Bytes::from(longer), ..genuine.clone() };
        assert_not_authentic(&*verifier, &callback, "a longer body").await;
    }
    for header in bench.signed_headers() {
        let value = genuine.headers.get(header).expect("the provider sends it");
        for position in 0..value.len() {
            let mut bytes = value.clone().into_bytes();
            // The lowest bit turns a digit or letter into another one, and never into something else than text.
            bytes[position] ^= 1;
            let changed = String::from_utf8(bytes).expect("headers are ASCII");
            let mut callback = genuine.clone();
            callback.headers.insert(header.to_owned(), changed);
            assert_not_authentic(&*verifier, &callback, &format!("character {position} of {header}")).await;
        }
    }
}

/// A callback more than 300 s away from now, in either direction, MUST be `NotAuthentic`.
pub async fn a_callback_more_than_300_seconds_away_from_now_must_be_not_authentic(bench: &dyn Bench) {
    let verifier = bench.verifier();
    for (seconds, is_accepted) in [
        (0, true),
        (-TOLERANCE + 2, true),
        (TOLERANCE - 2, true),
        (-TOLERANCE - 2, false),
        (TOLERANCE + 2, false),
    ] {
        let (callback, _) = bench.signed(seconds);
        if is_accepted {
            verifier.verify(&callback).await.unwrap_or_else(|error| panic!("{seconds} s from now: {error}"));
        } else {
            assert_not_authentic(&*verifier, &callback, &format!("{seconds} s from now")).await;
        }
    }
    // What was in time once is not so for ever.
    let (callback, _) = bench.signed(0);
    bench.time().elapse(Duration::from_secs(TOLERANCE.unsigned_abs() + 2)).await;
    assert_not_authentic(&*verifier, &callback, "a replayed one").await;
}

/// A key that the provider has newly published MUST be accepted without a restart.
pub async fn a_key_that_the_provider_has_newly_published_must_be_accepted_without_a_restart(
    bench: &dyn Bench,
) {
    let verifier = bench.verifier();
    let (callback, event) = bench.signed(0);
    assert_eq!(verifier.verify(&callback).await.expect("it is authentic"), event);
    bench.time().elapse(Duration::from_mins(2)).await;
    bench.publish_another_key().await;
    let (callback, event) = bench.signed(0);
    assert_eq!(verifier.verify(&callback).await.expect("the new key is published"), event);
    assert_eq!(bench.key_fetches(), 2);
}

/// Any number of forged callbacks MUST cause at most one fetch of keys a minute.
pub async fn any_number_of_forged_callbacks_must_cause_at_most_one_fetch_of_keys_a_minute(bench: &dyn Bench) {
    let verifier = bench.verifier();
    for minute in 1..=3 {
        let forged = bench.signed_by_a_stranger();
        let before = bench.key_fetches();
        let verifications = (0..20).map(|_| verifier.verify(&forged));
        for outcome in futures::future::join_all(verifications).await {
            assert!(matches!(outcome, Err(CallbackError::NotAuthentic(_))), "{outcome:?}");
        }
        let fetches = bench.key_fetches() - before;
        assert!(fetches <= 1, "{fetches} fetches in minute {minute}");
        bench.time().elapse(Duration::from_secs(61)).await;
    }
}

/// Without keys a callback is neither accepted nor called forged: it is to come again.
pub async fn without_keys_a_callback_must_be_neither_accepted_nor_called_forged(bench: &dyn Bench) {
    let verifier = bench.verifier();
    bench.withdraw_keys().await;
    let (callback, _) = bench.signed(0);
    let outcome = verifier.verify(&callback).await;
    assert!(matches!(outcome, Err(CallbackError::KeysUnavailable(_))), "{outcome:?}");
}

async fn assert_not_authentic(verifier: &dyn ProviderCallbacks, callback: &RawCallback, what: &str) {
    let outcome = verifier.verify(callback).await;
    assert!(matches!(outcome, Err(CallbackError::NotAuthentic(_))), "{what}: {outcome:?}");
}

//! The suite of callback addresses, on addresses as they should be and on such as should not.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use kernel::{CallbackRoute, CallbackUrls, DigestPurpose, SecretDigests as _};
use testkit::fakes::{FakeCallbackUrls, FakeDigests};
use testkit::suites::callback_urls::{self, Bench};

#[test]
fn signed_addresses_pass() {
    callback_urls::all(&Signed);
}

#[test]
fn addresses_without_a_mac_do_not() {
    callback_urls::an_address_must_carry_the_route(&Unsigned);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        callback_urls::an_address_must_carry_a_mac_so_that_nobody_can_make_one_for_another_route(&Unsigned);
    }));
    assert!(outcome.is_err(), "anybody can make them");
}

/// Readable addresses with a MAC at the end.
struct SignedUrls;

impl CallbackUrls for SignedUrls {
    fn address(&self, route: &CallbackRoute) -> Option<String> {
        let words = FakeCallbackUrls::Reachable.address(route)?;
        let mac = FakeDigests::default().digest(DigestPurpose::Callback, words.as_bytes());
        Some(format!("{words}#{mac}"))
    }
}

struct Signed;

impl Bench for Signed {
    fn reachable(&self) -> Arc<dyn CallbackUrls> {
        Arc::new(SignedUrls)
    }

    fn unreachable(&self) -> Arc<dyn CallbackUrls> {
        Arc::new(FakeCallbackUrls::Unreachable)
    }

    fn called_at(&self, address: &str) -> Option<CallbackRoute> {
        let (words, mac) = address.split_once('#')?;
        let is_ours = FakeDigests::default().verify(DigestPurpose::Callback, words.as_bytes(), mac);
        FakeCallbackUrls::route(words).filter(|_| is_ours)
    }
}

struct Unsigned;

impl Bench for Unsigned {
    fn reachable(&self) -> Arc<dyn CallbackUrls> {
        Arc::new(FakeCallbackUrls::Reachable)
    }

    fn unreachable(&self) -> Arc<dyn CallbackUrls> {
        Arc::new(FakeCallbackUrls::Unreachable)
    }

    fn called_at(&self, address: &str) -> Option<CallbackRoute> {
        FakeCallbackUrls::route(address)
    }
}

//! What every [`CallbackUrls`] must do.

use std::sync::Arc;

use kernel::{AccountId, AvatarId, CallbackRoute, CallbackSubject, CallbackUrls, GenerationId};
use uuid::Uuid;

/// Makes addresses, and is called at them.
pub trait Bench {
    /// Addresses of an installation that anybody can reach.
    fn reachable(&self) -> Arc<dyn CallbackUrls>;

    /// Addresses of an installation that nobody can reach.
    fn unreachable(&self) -> Arc<dyn CallbackUrls>;

    /// Whom a call at `address` is for; `None` when it is turned away.
    fn called_at(&self, address: &str) -> Option<CallbackRoute>;
}

/// Runs every test.
pub fn all(bench: &dyn Bench) {
    an_address_must_carry_the_route(bench);
    an_address_must_carry_a_mac_so_that_nobody_can_make_one_for_another_route(bench);
    without_a_public_url_the_answer_must_be_none(bench);
}

/// An address MUST carry the route.
pub fn an_address_must_carry_the_route(bench: &dyn Bench) {
    for route in
        [route(1, 2, 1), route(2, 1, 1), route(1, 2, u32::MAX), training(1, 2, 1), training(2, 1, u32::MAX)]
    {
        let address = address(bench, &route);
        assert_eq!(bench.called_at(&address), Some(route), "{address}");
    }
}

/// An address MUST carry a MAC over the route, so that nobody can make one for another route.
pub fn an_address_must_carry_a_mac_so_that_nobody_can_make_one_for_another_route(bench: &dyn Bench) {
    for genuine in [route(0x1234_5678, 0x8765_4321, 2), training(0x1234_5678, 0x8765_4321, 2)] {
        assert_no_other_address_can_be_made(bench, &genuine);
    }
    let (drawn, trained) = (route(1, 2, 1), training(1, 2, 1));
    assert_ne!(address(bench, &drawn), address(bench, &trained), "what it is about is part of the address");
}

fn assert_no_other_address_can_be_made(bench: &dyn Bench, genuine: &CallbackRoute) {
    let address = address(bench, genuine);
    for (position, character) in address.char_indices() {
        for other in ['0', '1', 'a', 'f', 'z'] {
            if other == character {
                continue;
            }
            let changed =
                format!("{}{other}{}", &address[..position], &address[position + character.len_utf8()..]);
            let called = bench.called_at(&changed);
            // Another host or spelling may lead to the same route, never to another one.
            assert!(called.is_none_or(|route| route == *genuine), "{changed} leads to {called:?}");
        }
    }
    let subject = match genuine.subject {
        CallbackSubject::Generation(generation) => generation.to_string(),
        CallbackSubject::Training(avatar) => avatar.to_string(),
    };
    let swapped = address.replace(&genuine.account.to_string(), &subject);
    assert!(bench.called_at(&swapped).is_none_or(|route| route == *genuine), "{swapped}");
}

/// Without a public URL the answer MUST be `None`.
pub fn without_a_public_url_the_answer_must_be_none(bench: &dyn Bench) {
    assert_eq!(bench.unreachable().address(&route(1, 2, 1)), None);
}

fn address(bench: &dyn Bench, route: &CallbackRoute) -> String {
    bench.reachable().address(route).expect("an installation that can be reached")
}

fn route(account: u128, generation: u128, attempt: u32) -> CallbackRoute {
    CallbackRoute {
        account: AccountId::new(Uuid::from_u128(account)),
        subject: CallbackSubject::Generation(GenerationId::new(Uuid::from_u128(generation))),
        attempt,
    }
}

fn training(account: u128, avatar: u128, attempt: u32) -> CallbackRoute {
    let subject = CallbackSubject::Training(AvatarId::new(Uuid::from_u128(avatar)));
    CallbackRoute { subject, ..route(account, 0, attempt) }
}

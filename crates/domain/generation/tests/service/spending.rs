//! What may be spent at providers in a day.

use generation::{GenerationPolicy, Intent, RequestError, StateName};
use kernel::{
    CapOf, Clock as _, Day, FailureClass, MicroUsd, OperatorNotice, Pausable, PauseCause, Pauses as _,
    ProviderError, SpendBook as _, SpendCaps,
};
use std::time::Duration;
use testkit::fakes::{FakeGenerator, Style};

use crate::workshop::{Workshop, both, generators};

/// What one image costs at the workshop's models.
const IMAGE: u64 = 33_600;

fn caps(own: Option<u64>, all: Option<u64>) -> SpendCaps {
    let images = |count: u64| MicroUsd::new(count * IMAGE);
    SpendCaps { per_person: own.map(images), in_all: all.map(images) }
}

async fn workshop(caps: SpendCaps) -> Workshop {
    Workshop::open(both()).await.with_caps(caps)
}

/// How many images are counted for the person, and for everybody.
async fn counted(workshop: &Workshop) -> (u64, u64) {
    let day = Day::of(workshop.clock.now());
    let own = workshop.database.spent_by(workshop.account, day).await.unwrap();
    let all = workshop.database.spent(day).await.unwrap();
    (own.get() / IMAGE, all.get() / IMAGE)
}

async fn refusal(workshop: &Workshop, images: u8, nonce: u64) -> (CapOf, Day) {
    let mut request = workshop.request("a fox", images);
    request.intent = Intent::button(nonce);
    match workshop.service.request(&request).await {
        Err(RequestError::SpendCap(reached)) => (reached.cap, reached.day),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_request_beyond_the_persons_cap_is_refused_until_the_next_day_and_costs_nothing() {
    let workshop = workshop(caps(Some(3), None)).await;
    let id = workshop.begin("a fox", 2).await;
    workshop.work(id).await;
    let day = Day::of(workshop.clock.now());
    assert_eq!(refusal(&workshop, 2, 7).await, (CapOf::Person, day));
    assert_eq!(workshop.credits().await, (30, 0));
    assert_eq!(counted(&workshop).await, (2, 0));
    assert_eq!(workshop.operators.notices(), [], "one person's cap is no news");
    let last = workshop.begin_under("a fox", 1, 8).await;
    workshop.work(last).await;
    workshop.clock.advance(day.end().since(workshop.clock.now()));
    // The refused wish may be granted now.
    workshop.begin_under("a fox", 3, 7).await;
    workshop.audit().await;
}

#[tokio::test]
async fn operators_hear_once_a_day_that_the_cap_of_everybody_is_reached() {
    let workshop = workshop(caps(Some(100), Some(2))).await;
    workshop.begin("a fox", 2).await;
    let day = Day::of(workshop.clock.now());
    for nonce in 7..9 {
        assert_eq!(refusal(&workshop, 1, nonce).await, (CapOf::Everybody, day));
    }
    let notice = OperatorNotice::SpendCapReached { cap: MicroUsd::new(2 * IMAGE), until: day.end() };
    assert_eq!(workshop.operators.notices(), std::slice::from_ref(&notice));
    assert_eq!(counted(&workshop).await, (2, 2));
    workshop.clock.advance(Duration::from_hours(24));
    workshop.work(workshop.service.under_way(workshop.account).await.unwrap()[0]).await;
    workshop.begin_under("a fox", 2, 9).await;
    refusal(&workshop, 1, 10).await;
    assert_eq!(workshop.operators.notices().len(), 2);
    workshop.audit().await;
}

#[tokio::test]
async fn what_no_provider_was_asked_for_is_not_counted() {
    let workshop = workshop(caps(Some(4), Some(4))).await;
    let id = workshop.begin("a fox", 4).await;
    assert_eq!(counted(&workshop).await, (4, 4));
    workshop.service.cancel(workshop.account, id).await.unwrap();
    assert_eq!(counted(&workshop).await, (0, 0));

    let id = workshop.begin_under("a fox", 4, 7).await;
    let cause = PauseCause { code: "key".to_owned(), detail: "refused".to_owned() };
    for subject in [Pausable::Provider("google".to_owned()), Pausable::Provider("fal".to_owned())] {
        workshop.database.pause(&subject, &cause).await.unwrap();
    }
    assert_eq!(workshop.work(id).await.state.name(), StateName::Failed);
    assert_eq!(counted(&workshop).await, (0, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn what_a_provider_was_asked_for_stays_counted() {
    let google = FakeGenerator::new(Style::Inline);
    google.fail_next(ProviderError::new(FailureClass::Refused, "policy", "not this"));
    let workshop = Workshop::open(generators(google, FakeGenerator::new(Style::Inline))).await;
    let workshop = workshop.with_caps(caps(Some(4), Some(4)));
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Failed);
    assert_eq!(workshop.credits().await, (40, 0));
    assert_eq!(counted(&workshop).await, (1, 1));
}

#[tokio::test]
async fn without_caps_nothing_is_counted() {
    let workshop = workshop(SpendCaps::NONE).await;
    let id = workshop.begin("a fox", 4).await;
    workshop.work(id).await;
    assert_eq!(counted(&workshop).await, (0, 0));
    let usual = GenerationPolicy::default();
    assert_eq!((usual.spend_caps, usual.max_under_way), (SpendCaps::NONE, 1));
}

//! Refusals are free and counted, and repeated ones pause the person for a time that grows.

use std::time::Duration;

use account::Refusals as _;
use generation::{FailureReason, RequestError, State, StateName};
use testkit::fakes::{FakeGenerator, FakeModerator};

use crate::workshop::{Workshop, both};

#[tokio::test]
async fn the_third_refusal_pauses_for_a_while() {
    let workshop = Workshop::open(both()).await;
    for (nonce, words) in
        [(11, FakeModerator::FLAGGED), (12, FakeGenerator::REFUSED), (13, FakeModerator::FLAGGED)]
    {
        let id = workshop.begin_under(words, 1, nonce).await;
        assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::Refused));
    }
    assert_eq!(workshop.credits().await, (40, 0), "a refusal is free");
    let standing = workshop.database.standing(workshop.account).await.unwrap();
    assert_eq!(standing.count, 3);
    let refused = workshop.ask("a fox", 1).await.unwrap_err();
    assert!(matches!(refused, RequestError::Paused { until } if Some(until) == standing.paused_until));
    workshop.clock.advance(Duration::from_mins(10) + Duration::from_secs(1));
    let id = workshop.begin_under("a fox", 1, 4).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    workshop.audit().await;
}

#[tokio::test]
async fn a_refusal_is_counted_once_however_often_it_is_worked_on() {
    let workshop = Workshop::open(both()).await;
    let id = workshop.begin(FakeModerator::FLAGGED, 1).await;
    workshop.work(id).await;
    let key = format!("generation:{id}");
    let again = workshop.database.record(workshop.account, &key).await.unwrap();
    assert_eq!(again.count, 1);
}

#[tokio::test]
async fn other_failures_are_not_held_against_anybody() {
    let workshop = Workshop::open(generation_that_fails()).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::NoModel));
    assert_eq!(workshop.database.standing(workshop.account).await.unwrap().count, 0);
}

fn generation_that_fails()
-> std::collections::BTreeMap<generation::ProviderName, std::sync::Arc<dyn generation::ImageGenerator>> {
    use testkit::fakes::Style;
    let bad_key = || {
        let broken = FakeGenerator::new(Style::Inline);
        broken.fail_next(kernel::ProviderError::new(
            kernel::FailureClass::Misconfigured,
            "bad-key",
            "the key is refused",
        ));
        broken
    };
    crate::workshop::generators(bad_key(), bad_key())
}

//! Cancelled, exhausted, superseded.

use generation::{CancelOutcome, DeliveredAs, Delivery, Ending, FailureReason, StateName};
use kernel::{FailureReference, Jobs as _};
use std::time::Duration;
use testkit::fakes::Heard;

use crate::workshop::{Workshop, both};

async fn workshop() -> Workshop {
    Workshop::open(both()).await
}

#[tokio::test]
async fn what_no_provider_has_seen_is_cancelled_for_free() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 2).await;
    let outcome = workshop.service.cancel(workshop.account, id).await.unwrap();
    assert_eq!(outcome, CancelOutcome::Cancelled);
    assert_eq!(workshop.credits().await, (40, 0));
    assert_eq!(workshop.work(id).await.state.name(), StateName::Cancelled);
    assert_eq!(workshop.notifier.heard(), [Heard::Ending(id, Ending::Cancelled)]);
    let outcome = workshop.service.cancel(workshop.account, id).await.unwrap();
    assert_eq!(outcome, CancelOutcome::TooLate);
    workshop.audit().await;
}

#[tokio::test]
async fn what_is_delivered_cannot_be_cancelled() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 1).await;
    workshop.work(id).await;
    assert_eq!(workshop.service.cancel(workshop.account, id).await.unwrap(), CancelOutcome::TooLate);
    assert_eq!(workshop.service.cancel(Workshop::nobody(), id).await.unwrap(), CancelOutcome::TooLate);
    assert_eq!(workshop.credits().await, (35, 0));
}

#[tokio::test]
async fn an_exhausted_job_gives_the_credits_back_and_tells_the_person() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 1).await;
    let job = workshop.claim(id).await.unwrap();
    let reference = FailureReference::from_random(99);
    workshop.service.give_up(&job, "the worker died eight times", &reference).await.unwrap();
    let ended = workshop.look(id).await;
    let reason = FailureReason::Internal { reference: reference.to_string() };
    assert_eq!(ended.state, generation::State::Failed(reason.clone()));
    assert_eq!(ended.delivery, Delivery::Done { by: DeliveredAs::Told });
    assert_eq!(workshop.notifier.heard(), [Heard::Ending(id, Ending::Failed(reason))]);
    assert_eq!(workshop.credits().await, (40, 0));
    let buried = workshop.database.list(kernel::JobState::Buried, 10).await.unwrap();
    assert_eq!(buried[0].reason.as_deref(), Some("the worker died eight times"));
    workshop.audit().await;
}

#[tokio::test]
async fn a_worker_whose_claim_was_taken_over_changes_nothing() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 1).await;
    let frozen = workshop.claim(id).await.unwrap();
    workshop.clock.advance(Duration::from_secs(61));
    let awake = workshop.claim(id).await.unwrap();
    let error = workshop.service.advance(&frozen).await.unwrap_err();
    assert!(error.is_superseded(), "{error}");
    assert_eq!(workshop.look(id).await.state.name(), StateName::Held);
    workshop.service.advance(&awake).await.unwrap();
    assert_eq!(workshop.look(id).await.state.name(), StateName::Delivered);
    workshop.audit().await;
}

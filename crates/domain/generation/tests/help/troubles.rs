//! Helpers that are away, limited, misconfigured or missing: the person is told after a few tries, and is never kept.

use std::sync::Arc;

use generation::{HelpFailure, HelpState, HelpTask};
use kernel::{FailureClass, OperatorNotice, Pausable, Pauses as _, ProviderError};
use testkit::fakes::{HelpNews, RecordingHelpNotifier, fake_image, fake_recording};
use testkit::weather::{Fate, Weather};

use crate::desk::{ACCOUNT, Desk, improve};

fn error(class: FailureClass) -> ProviderError {
    ProviderError::new(class, "no", "the helper says no")
}

#[tokio::test]
async fn a_helper_that_is_away_for_a_moment_is_asked_again() {
    let desk = Desk::open();
    desk.assistant.fail_next(error(FailureClass::Unavailable));
    desk.assistant.fail_next(error(FailureClass::Limited { retry_after: None }));
    assert!(matches!(desk.answer_to(1, improve("a fox")).await, HelpNews::Answer(_)));
}

#[tokio::test]
async fn a_helper_that_stays_away_is_told_once() {
    let desk = Desk::open();
    for _ in 0..10 {
        desk.assistant.fail_next(error(FailureClass::Unavailable));
    }
    let id = desk.ask(1, improve("a fox")).await;
    let mut tries = 0;
    while desk.try_answer(id).await.is_err() {
        tries += 1;
    }
    assert_eq!(tries, desk.service.policy().tries - 1);
    let told = HelpNews::Failure(HelpFailure::Unavailable);
    assert_eq!(desk.notifier.news().remove(&id), Some(told));
    assert_eq!(desk.look(id).await.state, HelpState::Closed(HelpFailure::Unavailable));
    assert!(desk.operators.notices().is_empty(), "it may pass by itself");
}

#[tokio::test]
async fn a_used_up_quota_is_told_at_once_and_to_the_operators() {
    let desk = Desk::open();
    desk.transcriber.fail_next(error(FailureClass::Misconfigured));
    let file = desk.send(fake_recording("a fox"));
    let told = desk.answer_to(1, HelpTask::Transcribe { file }).await;
    assert_eq!(told, HelpNews::Failure(HelpFailure::Unavailable));
    let paused = desk.database.active().await.unwrap();
    assert_eq!(paused[0].subject, Pausable::Provider("openai".to_owned()));
    assert!(matches!(&desk.operators.notices()[..], [OperatorNotice::Paused { .. }]));
}

#[tokio::test]
async fn without_helpers_there_is_no_help_and_no_waiting() {
    let desk = Desk::open().with_ports(|ports| {
        (ports.assistant, ports.transcriber, ports.analyst) = (None, None, None);
    });
    let photo = desk.send(fake_image(kernel::ImageFormat::Jpeg, 600, 600, "a lighthouse"));
    let voice = desk.send(fake_recording("a fox"));
    for (nonce, task) in [
        (1, improve("a fox")),
        (2, HelpTask::Transcribe { file: voice }),
        (3, HelpTask::DescribePhoto { file: photo }),
    ] {
        assert_eq!(desk.answer_to(nonce, task).await, HelpNews::Failure(HelpFailure::Unavailable));
    }
}

#[tokio::test]
async fn whoever_will_not_look_at_a_photo_has_refused_it() {
    let desk = Desk::open();
    desk.analyst.fail_next(error(FailureClass::Refused));
    let file = desk.send(fake_image(kernel::ImageFormat::Jpeg, 600, 600, "a lighthouse"));
    let told = desk.answer_to(1, HelpTask::DescribePhoto { file }).await;
    assert_eq!(told, HelpNews::Failure(HelpFailure::Refused));
}

/// The messenger fails so often.
struct Messenger(std::sync::atomic::AtomicU32);

impl Weather for Messenger {
    fn fate(&self, _port: &'static str) -> Fate {
        let left = self.0.fetch_update(
            std::sync::atomic::Ordering::SeqCst,
            std::sync::atomic::Ordering::SeqCst,
            |left| left.checked_sub(1),
        );
        if left.is_ok() { Fate::FailsBefore } else { Fate::Fair }
    }

    fn die(&self) {}
}

#[tokio::test]
async fn an_answer_that_could_not_be_shown_is_not_asked_for_again() {
    let notifier = RecordingHelpNotifier::under(Arc::new(Messenger(2.into())));
    let heard = notifier.clone();
    let desk = Desk::open().with_ports(|ports| ports.notifier = Arc::new(notifier));
    let id = desk.ask(1, improve("a fox")).await;
    desk.try_answer(id).await.unwrap_err();
    let HelpState::Answered { text } = desk.look(id).await.state else { panic!("the answer is kept") };
    desk.assistant.fail_next(error(FailureClass::Refused));
    desk.try_answer(id).await.unwrap_err();
    desk.try_answer(id).await.unwrap();
    assert_eq!(heard.news().remove(&id), Some(HelpNews::Answer(text)));
}

#[tokio::test]
async fn a_worker_whose_claim_was_taken_over_changes_nothing() {
    let desk = Desk::open();
    let id = desk.ask(1, improve("a fox")).await;
    let frozen = desk.claim(id).await.unwrap();
    desk.clock.advance(std::time::Duration::from_secs(61));
    let awake = desk.claim(id).await.unwrap();
    let refused = desk.service.answer(&frozen).await.unwrap_err();
    assert!(refused.is_superseded(), "{refused}");
    assert_eq!((refused.class(), refused.retry_after()), (FailureClass::Conflict, None));
    desk.service.answer(&awake).await.unwrap();
    assert_eq!(desk.notifier.news().len(), 1);
    assert!(desk.service.find(ACCOUNT, id).await.unwrap().is_some());
}

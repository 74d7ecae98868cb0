//! What becomes of a request that was tried too often.

use std::sync::Arc;

use generation::{HelpFailure, HelpState};
use kernel::{FailureReference, JobState};
use testkit::fakes::{HelpNews, RecordingHelpNotifier};
use testkit::weather::{Fate, Weather};

use crate::desk::{Desk, improve};

#[tokio::test]
async fn the_person_is_told_with_a_reference() {
    let desk = Desk::open();
    let id = desk.ask(1, improve("a fox")).await;
    let job = desk.claim(id).await.unwrap();
    let reference = FailureReference::from_random(7);
    desk.service.give_up(&job, "the worker died eight times", &reference).await.unwrap();
    let failure = HelpFailure::Internal { reference: reference.to_string() };
    assert_eq!(desk.look(id).await.state, HelpState::Closed(failure.clone()));
    assert_eq!(desk.notifier.news().remove(&id), Some(HelpNews::Failure(failure)));
    assert_eq!(desk.job_state(id), Some(JobState::Buried));
}

/// Nobody can be told anything.
struct Silence;

impl Weather for Silence {
    fn fate(&self, _port: &'static str) -> Fate {
        Fate::FailsBefore
    }

    fn die(&self) {}
}

#[tokio::test]
async fn a_last_word_that_fails_changes_nothing_about_the_end() {
    let silent = Arc::new(RecordingHelpNotifier::under(Arc::new(Silence)));
    let desk = Desk::open().with_ports(|ports| ports.notifier = silent);
    let id = desk.ask(1, improve("a fox")).await;
    let job = desk.claim(id).await.unwrap();
    desk.service.give_up(&job, "hopeless", &FailureReference::from_random(7)).await.unwrap();
    assert!(matches!(desk.look(id).await.state, HelpState::Closed(HelpFailure::Internal { .. })));
    assert_eq!(desk.job_state(id), Some(JobState::Buried));
}

#[tokio::test]
async fn of_nobody_only_the_job_is_buried() {
    let desk = Desk::open();
    let id = desk.ask(1, improve("a fox")).await;
    let job = desk.claim(id).await.unwrap();
    desk.database.tamper(|tables| tables.helps.clear());
    desk.service.give_up(&job, "hopeless", &FailureReference::from_random(7)).await.unwrap();
    assert_eq!(desk.job_state(id), Some(JobState::Buried));
}

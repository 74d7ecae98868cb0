//! What every [`Pauses`](kernel::Pauses) must do.

use std::time::Duration;

use futures::future::join_all;
use kernel::{Feature, Pausable, PauseCause, PauseNews};

use super::DatabaseSubject;
use super::samples::database_now;

database_suite! { $ pauses as pauses_tests:
    a_pause_must_be_seen_by_every_process_at_once,
    pause_must_answer_tell_once_an_hour_at_most_per_subject_and_code,
    of_any_number_of_processes_one_must_be_asked_to_tell,
    lift_must_answer_whether_there_was_a_pause_to_lift,
    first_news_must_answer_tell_once_for_ever_per_subject_and_code,
    active_must_list_every_pause_in_force_in_the_order_of_their_subjects,
}

const HOUR: Duration = Duration::from_hours(1);

/// A pause MUST be seen by every process at once, with its cause and since when it is in force.
pub async fn a_pause_must_be_seen_by_every_process_at_once(subject: &DatabaseSubject) {
    assert_eq!(active(subject).await, []);
    let before = database_now(subject).await;
    pause(subject, &provider("google"), "API_KEY_INVALID").await;
    let after = database_now(subject).await;
    let pauses = subject.pauses.active().await.expect("active");
    assert_eq!(pauses.len(), 1);
    assert_eq!(pauses[0].subject, provider("google"));
    assert_eq!(pauses[0].cause, cause("API_KEY_INVALID"));
    assert!(before <= pauses[0].since && pauses[0].since <= after, "{pauses:?}");

    subject.time.elapse(HOUR / 2).await;
    pause(subject, &provider("google"), "API_KEY_INVALID").await;
    let confirmed = subject.pauses.active().await.expect("active");
    let age = database_now(subject).await.since(confirmed[0].since);
    assert!(age >= HOUR / 2, "a confirmed pause is as old as before, not {age:?}");
}

/// `pause` MUST answer `Tell` once an hour at most per subject and code.
pub async fn pause_must_answer_tell_once_an_hour_at_most_per_subject_and_code(subject: &DatabaseSubject) {
    let google = provider("google");
    assert_eq!(pause(subject, &google, "KEY").await, PauseNews::Tell);
    assert_eq!(pause(subject, &google, "KEY").await, PauseNews::Known);
    assert_eq!(pause(subject, &google, "BILLING").await, PauseNews::Tell, "another code");
    assert_eq!(pause(subject, &google, "KEY").await, PauseNews::Known);
    assert_eq!(pause(subject, &provider("fal"), "KEY").await, PauseNews::Tell, "another subject");
    assert_eq!(pause(subject, &model("google"), "KEY").await, PauseNews::Tell, "another subject");

    subject.time.elapse(HOUR / 2).await;
    assert!(subject.pauses.lift(&google).await.expect("lift"));
    assert_eq!(pause(subject, &google, "KEY").await, PauseNews::Known, "lifted in between or not");
    subject.time.elapse(HOUR / 2).await;
    assert_eq!(pause(subject, &google, "KEY").await, PauseNews::Tell, "an hour has passed");
    assert_eq!(pause(subject, &google, "KEY").await, PauseNews::Known);
}

/// `pause` MUST answer `Tell` once, however many processes call it.
pub async fn of_any_number_of_processes_one_must_be_asked_to_tell(subject: &DatabaseSubject) {
    for round in 0..2 {
        let google = provider("google");
        let news = join_all((0..10).map(|_| pause(subject, &google, "KEY"))).await;
        let told = news.iter().filter(|news| **news == PauseNews::Tell).count();
        assert_eq!(told, 1, "round {round}: {news:?}");
        assert_eq!(active(subject).await, [google]);
        subject.time.elapse(HOUR).await;
    }
}

/// `lift` MUST answer whether there was a pause to lift.
pub async fn lift_must_answer_whether_there_was_a_pause_to_lift(subject: &DatabaseSubject) {
    let (google, fal) = (provider("google"), provider("fal"));
    assert!(!subject.pauses.lift(&google).await.expect("lift"));
    for _ in 0..2 {
        pause(subject, &google, "KEY").await;
        pause(subject, &fal, "KEY").await;
        assert!(subject.pauses.lift(&google).await.expect("lift"));
        assert!(!subject.pauses.lift(&google).await.expect("lift"));
        assert_eq!(active(subject).await, std::slice::from_ref(&fal));
    }
    pause(subject, &google, "KEY").await;
    let lifts = join_all((0..6).map(|_| subject.pauses.lift(&google))).await;
    let lifted = lifts.into_iter().filter(|lifted| *lifted.as_ref().expect("lift")).count();
    assert_eq!(lifted, 1, "one of six at once");
}

/// `first_news` MUST answer `Tell` once for ever per subject and code, however many processes call it.
pub async fn first_news_must_answer_tell_once_for_ever_per_subject_and_code(subject: &DatabaseSubject) {
    let (one, other) = (model("one"), model("other"));
    let first = async |paused: &Pausable, code: &str| {
        subject.pauses.first_news(paused, code).await.expect("first_news")
    };
    let news = join_all((0..6).map(|_| first(&one, "shutdown-30"))).await;
    assert_eq!(news.iter().filter(|news| **news == PauseNews::Tell).count(), 1, "{news:?}");
    subject.time.elapse(HOUR * 3).await;
    assert_eq!(first(&one, "shutdown-30").await, PauseNews::Known);
    assert_eq!(first(&one, "shutdown-7").await, PauseNews::Tell, "another code");
    assert_eq!(first(&other, "shutdown-30").await, PauseNews::Tell, "another subject");
    assert_eq!(active(subject).await, [], "news are no pause");
}

/// `active` lists every pause in force, in the order of their subjects.
pub async fn active_must_list_every_pause_in_force_in_the_order_of_their_subjects(subject: &DatabaseSubject) {
    let mut subjects = vec![
        Pausable::Maintenance,
        Pausable::Feature(Feature::Images),
        model("odd/model: id"),
        provider("openai"),
        model("a-model"),
        provider("fal"),
        provider("google"),
    ];
    for paused in &subjects {
        pause(subject, paused, "KEY").await;
    }
    subjects.sort();
    assert_eq!(active(subject).await, subjects);
}

fn provider(name: &str) -> Pausable {
    Pausable::Provider(name.to_owned())
}

fn model(id: &str) -> Pausable {
    Pausable::Model(id.to_owned())
}

fn cause(code: &str) -> PauseCause {
    PauseCause { code: code.to_owned(), detail: format!("'{code}' it said") }
}

async fn pause(subject: &DatabaseSubject, paused: &Pausable, code: &str) -> PauseNews {
    subject.pauses.pause(paused, &cause(code)).await.expect("pause")
}

async fn active(subject: &DatabaseSubject) -> Vec<Pausable> {
    let pauses = subject.pauses.active().await.expect("active");
    pauses.into_iter().map(|pause| pause.subject).collect()
}

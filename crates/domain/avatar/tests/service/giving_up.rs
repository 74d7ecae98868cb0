//! What becomes of work that was tried too often: credits back, the person told the truth, the job buried.

use std::sync::Arc;

use avatar::{AvatarState, News, TrainingEnding, TrainingFailure};
use kernel::{FailureReference, JobKind, JobState, Jobs as _};

use crate::failing::Failing;
use crate::studio::{PRICE, Studio};

fn reference() -> FailureReference {
    FailureReference::from_random(7)
}

#[tokio::test]
async fn a_training_that_was_tried_too_often_gives_its_credits_back() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    studio.clock.advance(std::time::Duration::from_mins(1));
    let job = studio.claim(JobKind::AdvanceTraining, id.uuid()).await.unwrap();
    studio.service.give_up(&job, "the worker died sixteen times", &reference()).await.unwrap();
    let failed = studio.look(id).await;
    let reason = TrainingFailure::Internal { reference: reference().to_string() };
    assert_eq!((failed.state, failed.news), (AvatarState::Failed(reason.clone()), News::Told));
    assert_eq!(studio.endings(), [TrainingEnding::Failed { reason, returned: PRICE }]);
    assert_eq!(studio.credits().await, (40, 0));
    let buried = studio.database.list(JobState::Buried, 10).await.unwrap();
    assert_eq!(buried[0].reason.as_deref(), Some("the worker died sixteen times"));
    studio.audit().await;
}

#[tokio::test]
async fn a_ready_avatar_of_which_the_news_did_not_get_through_has_not_failed() {
    let studio = Studio::open().await;
    let silent = studio.notifier.with_weather(Failing::always("avatar_notifier.tell_ending"));
    let studio = studio.with_ports(|ports| ports.notifier = Arc::new(silent));
    let id = studio.ordered().await;
    for _ in 0..30 {
        studio.clock.advance(std::time::Duration::from_secs(10));
        if studio.look(id).await.state == AvatarState::Ready {
            break;
        }
        studio.run_due().await;
    }
    assert_eq!(studio.look(id).await.news, News::Due);
    let heard = Arc::new(studio.notifier.clone());
    let studio = studio.with_ports(|ports| ports.notifier = heard);
    studio.clock.advance(std::time::Duration::from_mins(5));
    let job = studio.claim(JobKind::AdvanceTraining, id.uuid()).await.unwrap();
    studio.service.give_up(&job, "the messenger is away", &reference()).await.unwrap();
    let ready = studio.look(id).await;
    assert_eq!((ready.state, ready.news), (AvatarState::Ready, News::Told));
    assert!(matches!(studio.endings()[..], [TrainingEnding::Ready { .. }]), "{:?}", studio.endings());
    assert_eq!(studio.credits().await, (20, 0));
    studio.audit().await;
}

#[tokio::test]
async fn a_last_word_that_fails_changes_nothing_about_the_end() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let silent = studio.notifier.with_weather(Failing::always("avatar_notifier.tell_ending"));
    let studio = studio.with_ports(|ports| ports.notifier = Arc::new(silent));
    let job = studio.claim(JobKind::AdvanceTraining, id.uuid()).await.unwrap();
    studio.service.give_up(&job, "hopeless", &reference()).await.unwrap();
    let failed = studio.look(id).await;
    assert!(matches!(failed.state, AvatarState::Failed(TrainingFailure::Internal { .. })));
    assert_eq!(studio.job_state(JobKind::AdvanceTraining, id.uuid()), Some(JobState::Buried));
    assert_eq!(studio.credits().await, (40, 0));
}

#[tokio::test]
async fn other_jobs_are_buried_with_their_reason() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    studio.service.delete(studio.account, id).await.unwrap();
    let job = studio.claim(JobKind::EraseAvatar, id.uuid()).await.unwrap();
    studio.service.give_up(&job, "the object store is gone", &reference()).await.unwrap();
    assert_eq!(studio.job_state(JobKind::EraseAvatar, id.uuid()), Some(JobState::Buried));
    let again = studio.service.give_up(&job, "again", &reference()).await.unwrap_err();
    assert!(again.is_superseded());
}

#[tokio::test]
async fn of_nobody_only_the_job_is_buried() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let job = studio.claim(JobKind::AdvanceTraining, id.uuid()).await.unwrap();
    studio.database.tamper(|tables| tables.avatars.clear());
    studio.service.give_up(&job, "hopeless", &reference()).await.unwrap();
    assert_eq!(studio.job_state(JobKind::AdvanceTraining, id.uuid()), Some(JobState::Buried));
}

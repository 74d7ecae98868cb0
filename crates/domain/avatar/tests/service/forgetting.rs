//! Photos go when their time is over, with a receipt.

use std::time::Duration;

use avatar::{AvatarState, KindName, RemovalCause, RemovalReceipt, TrainingFailure};
use kernel::{FailureClass, JobKind, JobState};

use crate::studio::Studio;

const TEN: (RemovalCause, RemovalReceipt) =
    (RemovalCause::Retention, RemovalReceipt { photos: 10, weights_bytes: 0 });

#[tokio::test]
async fn photos_of_a_ready_avatar_go_after_the_retention_time() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let retention = studio.service.policy().photo_retention;
    studio.pass(retention / 2).await;
    assert_eq!(studio.keys("photos").len(), 10);
    studio.pass(retention / 2 + Duration::from_hours(1)).await;
    assert!(studio.keys("photos").is_empty() && studio.keys("photo-previews").is_empty());
    assert!(studio.photos(id).await.is_empty());
    assert_eq!(studio.receipts(), [TEN]);
    let ready = studio.look(id).await;
    assert!(ready.can_be_drawn() && studio.keys("weights").len() == 2, "the weights stay");
    studio.pass(retention).await;
    assert_eq!(studio.receipts().len(), 1);
    studio.audit().await;
}

#[tokio::test]
async fn photos_of_a_failed_training_are_kept_for_a_second_try_and_then_go_with_their_packs() {
    let studio = Studio::open().await;
    for _ in 0..10 {
        studio.trainer.fail_next_training(FailureClass::Unavailable, "failed");
    }
    let id = studio.ordered().await;
    studio.work(id).await;
    let policy = *studio.service.policy();
    studio.pass(policy.photo_retention + Duration::from_hours(1)).await;
    assert_eq!(studio.keys("photos").len(), 10);
    assert!(!studio.keys("trainings").is_empty());
    studio.pass(policy.draft_retention).await;
    for kind in ["photos", "photo-previews", "trainings"] {
        assert!(studio.keys(kind).is_empty(), "{kind}");
    }
    assert_eq!(studio.receipts(), [TEN]);
    assert_eq!(studio.look(id).await.state, AvatarState::Failed(TrainingFailure::Unavailable));
    studio.audit().await;
}

#[tokio::test]
async fn photos_of_a_training_that_was_taken_back_go_as_well() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    studio.service.cancel_training(studio.account, id).await.unwrap();
    studio.work(id).await;
    studio.pass(studio.service.policy().draft_retention + Duration::from_hours(1)).await;
    assert!(studio.objects.keys().is_empty());
    assert_eq!(studio.receipts(), [TEN]);
}

#[tokio::test]
async fn an_instant_avatar_keeps_the_photos_that_it_is_drawn_from() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Instant).await;
    studio.fill(id, 3).await;
    studio.service.finish_instant(studio.account, id).await.unwrap();
    studio.pass(studio.service.policy().draft_retention * 2).await;
    assert_eq!(studio.keys("photos").len(), 3);
    assert!(studio.receipts().is_empty());
    assert_eq!(studio.job_state(JobKind::ForgetPhotos, id.uuid()), Some(JobState::Done));
}

#[tokio::test]
async fn photos_of_a_training_under_way_are_not_touched() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    let job = kernel::NewJob::now(studio.account, JobKind::ForgetPhotos, id.uuid());
    let mut unit = avatar::AvatarUnits::begin(&studio.database).await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    studio.run_due().await;
    assert_eq!(studio.keys("photos").len(), 10);
}

#[tokio::test]
async fn photos_of_nobody_are_not_looked_for() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Style).await;
    studio.database.tamper(|tables| tables.avatars.clear());
    studio.clock.advance(studio.service.policy().draft_retention);
    studio.run_due().await;
    assert_eq!(studio.job_state(JobKind::ForgetPhotos, id.uuid()), Some(JobState::Done));
}

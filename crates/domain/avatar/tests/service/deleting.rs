//! Deleting, whatever the avatar does: rows, photos, weights, and what goes on at the trainer.

use std::sync::Arc;
use std::time::Duration;

use avatar::{AvatarState, KindName, News, RemovalCause, RemovalReceipt};
use kernel::{JobKind, JobState, ObjectKey, ObjectStore as _};
use testkit::fakes::fake_weights;
use testkit::weather::Fate;

use crate::calls::Meddling;
use crate::failing::Failing;
use crate::studio::{Studio, fal, picture};

async fn delete(studio: &Studio, id: kernel::AvatarId) -> bool {
    studio.service.delete(studio.account, id).await.unwrap()
}

/// Nothing is left of an avatar but its tombstone, and the job that looked after it is done.
async fn assert_gone(studio: &Studio, id: kernel::AvatarId) {
    studio.pass(studio.service.policy().copy_timeout * 3).await;
    assert!(studio.objects.keys().is_empty(), "{:?}", studio.objects.keys());
    let tombstone = studio.look(id).await;
    assert_eq!((tombstone.state, tombstone.news), (AvatarState::Deleted, News::Told));
    assert_eq!((tombstone.name, tombstone.weights), (None, None));
    assert_eq!(tombstone.kind.map(|kind| kind.traits().to_owned()), Some(String::new()));
    assert!(studio.photos(id).await.is_empty());
    assert_eq!(studio.job_state(JobKind::EraseAvatar, id.uuid()), Some(JobState::Done));
    studio.audit().await;
}

#[tokio::test]
async fn a_deleted_avatar_goes_with_everything_and_a_receipt() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let bytes = u64::try_from(fake_weights(200_000).len()).unwrap();
    assert!(delete(&studio, id).await);
    assert!(!delete(&studio, id).await, "once");
    assert_eq!(studio.service.find(studio.account, id).await.unwrap(), None);
    assert_eq!(studio.service.main(studio.account).await.unwrap(), None);
    studio.run_due().await;
    let receipt = RemovalReceipt { photos: 10, weights_bytes: bytes };
    assert_eq!(studio.receipts(), [(RemovalCause::Deleted, receipt)]);
    assert_gone(&studio, id).await;
    assert_eq!(studio.receipts().len(), 1, "a receipt is given once");
    assert_eq!(studio.credits().await, (20, 0), "what was used is paid");
}

#[tokio::test]
async fn an_avatar_that_is_trained_goes_with_its_training() {
    for is_at_trainer in [false, true] {
        let studio = Studio::open().await;
        let id = if is_at_trainer { studio.at_trainer().await } else { studio.ordered().await };
        assert!(delete(&studio, id).await);
        assert_eq!(studio.credits().await, (40, 0), "the credits are back at once");
        studio.run_due().await;
        assert_eq!(studio.trainer.cancelled().len(), usize::from(is_at_trainer));
        if is_at_trainer {
            assert_eq!(studio.call_back().await, avatar::ParkedTraining::Repeat, "nobody waits for it");
        }
        assert!(studio.endings().is_empty());
        assert_gone(&studio, id).await;
    }
}

#[tokio::test]
async fn deleted_while_it_is_submitted_it_is_stopped_at_the_trainer() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let other = avatar::AvatarService::new(
        studio.ports.clone(),
        crate::studio::registry(),
        avatar::AvatarPolicy::default(),
    );
    let (other, account) = (Arc::new(other.unwrap()), studio.account);
    let trainer = Meddling::with(studio.trainer.clone(), move || {
        let other = Arc::clone(&other);
        Box::pin(async move { assert!(other.delete(account, id).await.unwrap()) })
    });
    let studio = studio.with_ports(|ports| drop(ports.trainers.insert(fal(), trainer)));
    studio.work(id).await;
    assert_eq!((studio.trainer.orders().len(), studio.trainer.cancelled().len()), (1, 1));
    assert_eq!(studio.credits().await, (40, 0));
    assert_gone(&studio, id).await;
}

#[tokio::test]
async fn what_somebody_still_puts_down_is_looked_for_once_more() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    delete(&studio, id).await;
    studio.run_due().await;
    let late = ObjectKey::weights(studio.account, id, 1);
    studio.objects.put(&late, fake_weights(8), "application/octet-stream").await.unwrap();
    assert_gone(&studio, id).await;
}

#[tokio::test]
async fn a_photo_that_was_still_examined_is_looked_for_once_more() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let sent = studio.send(picture("person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    let photo = studio.photos(id).await.pop().unwrap();
    delete(&studio, id).await;
    studio.run_due().await;
    studio.objects.put(&photo.key(), picture("late"), "image/jpeg").await.unwrap();
    assert_gone(&studio, id).await;
}

#[tokio::test]
async fn the_newest_that_can_be_drawn_becomes_the_main_avatar() {
    let studio = Studio::open().await;
    let (first, second) = (studio.ready().await, studio.ready().await);
    let draft = studio.begin(KindName::Style).await;
    delete(&studio, first).await;
    assert_eq!(studio.service.main(studio.account).await.unwrap().map(|main| main.id), Some(second));
    delete(&studio, second).await;
    assert_eq!(studio.service.main(studio.account).await.unwrap(), None, "a draft cannot be drawn");
    delete(&studio, draft).await;
    studio.audit().await;
}

#[tokio::test]
async fn an_object_store_that_is_away_keeps_nothing_for_ever() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let stormy = studio.objects.with_weather(Failing::first(5, "objects.delete", Fate::FailsBefore));
    let studio = studio.with_ports(|ports| ports.objects = Arc::new(stormy));
    delete(&studio, id).await;
    studio.run_due().await;
    assert!(studio.receipts().is_empty(), "there is no receipt for what is not gone");
    studio.pass(Duration::from_mins(1)).await;
    assert_eq!(studio.receipts().len(), 1);
    assert_gone(&studio, id).await;
}

#[tokio::test]
async fn whoever_has_blocked_the_bot_is_erased_without_a_receipt() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    studio.notifier.block();
    delete(&studio, id).await;
    assert_gone(&studio, id).await;
}

#[tokio::test]
async fn an_erasure_of_what_is_not_deleted_erases_nothing() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let job = kernel::NewJob::now(studio.account, JobKind::EraseAvatar, id.uuid());
    let mut unit = avatar::AvatarUnits::begin(&studio.database).await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    let keys = studio.objects.keys();
    studio.run_due().await;
    assert_eq!(studio.objects.keys(), keys);
    assert_eq!(studio.job_state(JobKind::EraseAvatar, id.uuid()), Some(JobState::Done));
}

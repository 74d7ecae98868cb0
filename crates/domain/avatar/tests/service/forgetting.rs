//! Photos go when their time is over, with a receipt.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use avatar::{AvatarState, KindName, RemovalCause, RemovalReceipt, TrainingFailure};
use futures::FutureExt as _;
use kernel::{FailureClass, JobKind, JobState, ObjectStore as _};
use testkit::weather::{Fate, Weather};

use crate::failing::Failing;
use crate::studio::{Studio, audience, picture};

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

/// Somebody acts once, at the first call of one port.
struct Once<A>(&'static str, Mutex<Option<A>>);

impl<A: FnOnce() + Send> Weather for Once<A> {
    fn fate(&self, port: &'static str) -> Fate {
        if port == self.0
            && let Some(act) = self.1.lock().unwrap().take()
        {
            act();
        }
        Fate::Fair
    }

    fn die(&self) {}
}

/// A second try begun while bytes go either has its photos or has none; what is sent for it stays.
#[tokio::test]
async fn a_second_try_begun_while_bytes_go_loses_no_photo() {
    let studio = Studio::open().await;
    studio.trainer.fail_next_training(FailureClass::Refused, "refused");
    let id = studio.ordered().await;
    studio.work(id).await;
    let (account, objects) = (studio.account, studio.objects.clone());
    let person = avatar::AvatarService::new(
        studio.ports.clone(),
        crate::studio::registry(),
        avatar::AvatarPolicy::default(),
    )
    .unwrap();
    let new = avatar::IncomingPhoto {
        file: kernel::IncomingFileId::new("new"),
        unique_file: "new".to_owned(),
        message: kernel::MessageId::new(900),
    };
    let act = move || {
        let acted = async {
            let begun = person.begin_second_try(account, id, audience()).await.unwrap();
            assert!(begun.is_some(), "it can be tried again");
            assert!(person.photos(account, id).await.unwrap().is_empty(), "none that are about to go");
            person.add_photo(account, id, &new).await.unwrap();
            let photo = person.photos(account, id).await.unwrap().remove(0);
            for key in [photo.key(), photo.preview_key()] {
                objects.put(&key, picture("new"), "image/jpeg").await.unwrap();
            }
        };
        acted.now_or_never().expect("fakes never wait");
    };
    let stormy = studio.objects.with_weather(Arc::new(Once("objects.list", Mutex::new(Some(act)))));
    let studio = studio.with_ports(|ports| ports.objects = Arc::new(stormy));
    studio.clock.advance(studio.service.policy().draft_retention + Duration::from_hours(1));
    let job = kernel::JobId::of(JobKind::ForgetPhotos, id.uuid());
    let job = kernel::Jobs::claim(&studio.database, account, job, Duration::from_mins(1)).await.unwrap();
    studio.service.forget_photos(&job.expect("it is due")).await.unwrap();
    let photos = studio.photos(id).await;
    assert_eq!(photos.len(), 1);
    assert_eq!(studio.keys("photos"), [photos[0].key().as_str()]);
    assert_eq!(studio.keys("photo-previews"), [photos[0].preview_key().as_str()]);
    assert_eq!(studio.look(id).await.state, AvatarState::Collecting);
    assert_eq!(studio.receipts(), [TEN]);
}

#[tokio::test]
async fn forgetting_that_was_interrupted_goes_on_with_the_whole_receipt() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let stormy = studio.objects.with_weather(Failing::first(1, "objects.delete", Fate::FailsAfter));
    let studio = studio.with_ports(|ports| ports.objects = Arc::new(stormy));
    studio.clock.advance(studio.service.policy().photo_retention + Duration::from_hours(1));
    let claim = async || {
        let job = kernel::JobId::of(JobKind::ForgetPhotos, id.uuid());
        let minute = Duration::from_mins(1);
        kernel::Jobs::claim(&studio.database, studio.account, job, minute).await.unwrap().expect("it is due")
    };
    studio.service.forget_photos(&claim().await).await.unwrap_err();
    assert!(studio.photos(id).await.is_empty() && studio.receipts().is_empty());
    studio.clock.advance(Duration::from_mins(2));
    studio.service.forget_photos(&claim().await).await.unwrap();
    assert!(studio.keys("photos").is_empty());
    assert_eq!((studio.receipts(), studio.look(id).await.leaving_photos), (vec![TEN], 0));
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

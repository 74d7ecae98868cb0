//! What the messenger answers, and how the result reaches its person all the same.

use std::sync::Arc;
use std::time::Duration;

use gallery::GalleryUnits;
use generation::{AdvanceError, DeliveredAs, Delivery, NotifyError, StateName};
use kernel::{FailureClass, GenerationId, Jobs as _, ObjectStore as _, ProviderError};
use testkit::fakes::FakeModerator;

use crate::scripted_notifier::{Call, ScriptedNotifier};
use crate::workshop::{Workshop, both, kinds};

async fn workshop() -> (Workshop, ScriptedNotifier) {
    let notifier = ScriptedNotifier::default();
    let messenger = notifier.clone();
    let workshop = Workshop::open_with(both(), |ports| ports.notifier = Arc::new(messenger)).await;
    (workshop, notifier)
}

fn answer(class: FailureClass) -> ProviderError {
    ProviderError::new(class, "answer", "the messenger says no")
}

fn lost() -> ProviderError {
    answer(FailureClass::Unavailable).with_unknown_outcome()
}

/// Runs the driver until the messenger fails it; the job is due again.
async fn advance_in_vain(workshop: &Workshop, id: GenerationId) -> AdvanceError {
    let job = workshop.claim(id).await.unwrap();
    let error = workshop.service.advance(&job).await.unwrap_err();
    workshop.database.retry(&job.claim, Duration::ZERO, &error.to_string()).await.unwrap();
    error
}

#[tokio::test]
async fn who_has_blocked_the_bot_keeps_the_images_and_is_left_alone() {
    for (images, blocked) in [(1, Call::ShowInPlace), (2, Call::SendImages), (2, Call::SendControls)] {
        let (workshop, notifier) = workshop().await;
        notifier.fail_next(blocked, NotifyError::Unreachable);
        let id = workshop.begin("a fox", images).await;
        let done = workshop.work(id).await;
        assert_eq!(done.state.name(), StateName::Delivered, "{blocked:?}");
        assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::Unreachable }, "{blocked:?}");
        assert_eq!(workshop.items(id).await.len(), usize::from(images));
        assert_eq!(workshop.credits().await, (40 - 5 * i64::from(images), 0));
        workshop.audit().await;
    }
}

#[tokio::test]
async fn who_has_blocked_the_bot_is_not_told_of_an_end_either() {
    let (workshop, notifier) = workshop().await;
    notifier.fail_next(Call::TellEnding, NotifyError::Unreachable);
    let id = workshop.begin(FakeModerator::FLAGGED, 1).await;
    let done = workshop.work(id).await;
    assert_eq!(done.state.name(), StateName::Failed);
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::Unreachable });
    assert_eq!(workshop.credits().await, (40, 0));

    let (workshop, notifier) = self::workshop().await;
    notifier.fail_next(Call::SendImages, lost());
    notifier.fail_next(Call::PointToGallery, NotifyError::Unreachable);
    let id = workshop.begin("a fox", 2).await;
    assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by: DeliveredAs::Unreachable });
}

#[tokio::test]
async fn the_news_of_an_end_is_repeated_until_it_gets_through() {
    let (workshop, notifier) = workshop().await;
    notifier.fail_next(Call::TellEnding, lost());
    let id = workshop.begin(FakeModerator::FLAGGED, 1).await;
    assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by: DeliveredAs::Told });
    assert_eq!(kinds(&notifier.recorder.heard()), ["ending"]);
}

#[tokio::test]
async fn a_progress_message_that_is_gone_cannot_become_the_image_and_a_new_one_comes() {
    for class in [FailureClass::NotFound, FailureClass::Invalid] {
        let (workshop, notifier) = workshop().await;
        notifier.fail_next(Call::ShowInPlace, answer(class));
        let id = workshop.begin("a fox", 1).await;
        assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by: DeliveredAs::Sent });
        assert_eq!(kinds(&notifier.recorder.heard()), ["images", "controls"]);
    }
}

#[tokio::test]
async fn what_was_surely_not_sent_is_sent_again() {
    let (workshop, notifier) = workshop().await;
    notifier.fail_next(Call::SendImages, answer(FailureClass::Limited { retry_after: None }));
    notifier.fail_next(Call::SendImages, answer(FailureClass::Unavailable));
    let id = workshop.begin("a fox", 2).await;
    advance_in_vain(&workshop, id).await;
    assert_eq!(workshop.look(id).await.delivery, Delivery::NotStarted);
    assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by: DeliveredAs::Sent });
    assert_eq!(kinds(&notifier.recorder.heard()), ["images", "controls"]);
}

#[tokio::test]
async fn what_the_messenger_will_not_take_lies_in_the_gallery() {
    let (workshop, notifier) = workshop().await;
    notifier.fail_next(Call::SendImages, answer(FailureClass::Invalid));
    notifier.fail_next(Call::PointToGallery, lost());
    let id = workshop.begin("a fox", 2).await;
    assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by: DeliveredAs::GalleryMessage });
    assert_eq!(kinds(&notifier.recorder.heard()), ["gallery"]);
}

#[tokio::test]
async fn buttons_that_did_not_come_are_sent_again_and_the_album_is_not() {
    let (workshop, notifier) = workshop().await;
    notifier.fail_next(Call::SendControls, lost());
    let id = workshop.begin("a fox", 2).await;
    advance_in_vain(&workshop, id).await;
    assert_eq!(workshop.look(id).await.delivery, Delivery::Shown);
    assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by: DeliveredAs::Sent });
    assert_eq!(kinds(&notifier.recorder.heard()), ["images", "controls"]);
}

#[tokio::test]
async fn an_image_that_was_deleted_before_it_was_shown_is_not_shown() {
    for (call, failure, by, heard) in [
        (None, None, DeliveredAs::GalleryMessage, vec!["controls"]),
        (Some(Call::SendControls), Some(NotifyError::Unreachable), DeliveredAs::Unreachable, vec![]),
        (Some(Call::SendControls), Some(lost().into()), DeliveredAs::GalleryMessage, vec!["controls"]),
    ] {
        let (workshop, notifier) = workshop().await;
        notifier.fail_next(Call::ShowInPlace, lost());
        let id = workshop.begin("a fox", 1).await;
        advance_in_vain(&workshop, id).await;
        let item = workshop.items(id).await.remove(0);
        let mut unit = GalleryUnits::begin(&workshop.database).await.unwrap();
        assert!(unit.gallery().bury(workshop.account, item.kept.id).await.unwrap());
        unit.commit().await.unwrap();
        workshop.objects.delete(&item.kept.image).await.unwrap();

        if let (Some(call), Some(failure)) = (call, failure) {
            notifier.fail_next(call, failure);
        }
        assert_eq!(workshop.work(id).await.delivery, Delivery::Done { by });
        assert_eq!(kinds(&notifier.recorder.heard()), heard);
        assert_eq!(workshop.credits().await, (35, 0), "a tombstone keeps its price");
        workshop.audit().await;
    }
}

#[tokio::test]
async fn bytes_that_are_gone_though_nobody_deleted_the_image_are_a_failure() {
    let (workshop, notifier) = workshop().await;
    notifier.fail_next(Call::ShowInPlace, lost());
    let id = workshop.begin("a fox", 1).await;
    advance_in_vain(&workshop, id).await;
    let item = workshop.items(id).await.remove(0);
    workshop.objects.delete(&item.kept.image).await.unwrap();
    let error = advance_in_vain(&workshop, id).await;
    assert!(matches!(error, AdvanceError::BytesMissing { slot: 0 }), "{error}");
}

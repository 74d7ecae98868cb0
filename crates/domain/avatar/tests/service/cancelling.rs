//! Taking a training back, wherever it stands.

use avatar::{AvatarState, CancelTraining, NextTraining, StateName, TrainingEnding};
use kernel::{Credits, FailureClass, ProviderError};

use crate::calls::Meddling;
use crate::studio::{PRICE, Studio, audience, fal};

async fn cancel(studio: &Studio, id: kernel::AvatarId) -> CancelTraining {
    studio.service.cancel_training(studio.account, id).await.unwrap()
}

#[tokio::test]
async fn before_a_trainer_heard_of_it_nothing_is_at_one() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    assert_eq!(cancel(&studio, id).await, CancelTraining::Cancelled { returned: PRICE });
    assert_eq!(studio.credits().await, (40, 0));
    let cancelled = studio.work(id).await;
    assert_eq!(cancelled.state, AvatarState::Cancelled);
    assert_eq!(studio.endings(), [TrainingEnding::Cancelled { returned: PRICE }]);
    assert!(studio.trainer.orders().is_empty() && studio.trainer.cancelled().is_empty());
    assert_eq!(studio.keys("photos").len(), 10, "the photos are kept for another try");
    studio.audit().await;
}

#[tokio::test]
async fn at_the_trainer_it_is_stopped_there() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    assert_eq!(cancel(&studio, id).await, CancelTraining::Cancelled { returned: PRICE });
    studio.work(id).await;
    assert_eq!(studio.trainer.cancelled().len(), 1);
    assert_eq!(studio.credits().await, (40, 0));
    studio.call_back().await;
    assert_eq!(studio.work(id).await.state, AvatarState::Cancelled, "what comes late changes nothing");
    assert_eq!(studio.endings().len(), 1);
    studio.audit().await;
}

#[tokio::test]
async fn while_it_is_submitted_it_is_stopped_as_soon_as_it_is_known() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let account = studio.account;
    let other = avatar::AvatarService::new(
        studio.ports.clone(),
        crate::studio::registry(),
        avatar::AvatarPolicy::default(),
    );
    let other = std::sync::Arc::new(other.unwrap());
    let trainer = Meddling::with(studio.trainer.clone(), move || {
        let other = std::sync::Arc::clone(&other);
        Box::pin(async move {
            let cancelled = other.cancel_training(account, id).await.unwrap();
            assert_eq!(cancelled, CancelTraining::Cancelled { returned: PRICE });
        })
    });
    let studio = studio.with_ports(|ports| drop(ports.trainers.insert(fal(), trainer)));
    let cancelled = studio.work(id).await;
    assert_eq!(cancelled.state, AvatarState::Cancelled);
    assert_eq!(studio.trainer.orders().len(), 1);
    assert_eq!(studio.trainer.cancelled().len(), 1, "nobody else knows of the work");
    assert_eq!(studio.credits().await, (40, 0));
    studio.audit().await;
}

#[tokio::test]
async fn once_it_is_copied_or_over_it_is_too_late() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    studio.database.tamper(|tables| {
        for avatar in tables.avatars.values_mut() {
            let files = avatar::TrainedFiles { weights: String::new(), weights_size: None, config: None };
            avatar.state = AvatarState::Copying { since: avatar.updated_at, files, tries: 0 };
        }
    });
    assert_eq!(cancel(&studio, id).await, CancelTraining::TooLate);

    let studio = Studio::open().await;
    let ready = studio.ready().await;
    assert_eq!(cancel(&studio, ready).await, CancelTraining::TooLate);
    let unknown = kernel::AvatarId::new(uuid::Uuid::nil());
    assert_eq!(cancel(&studio, unknown).await, CancelTraining::TooLate);
    assert_eq!(studio.credits().await, (20, 0));
}

#[tokio::test]
async fn a_trainer_that_cannot_be_asked_to_stop_now_is_asked_again() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    let weather = crate::failing::Failing::first(2, "trainer.cancel", testkit::weather::Fate::FailsBefore);
    let stormy = std::sync::Arc::new(studio.trainer.with_weather(weather));
    let studio = studio.with_ports(|ports| drop(ports.trainers.insert(fal(), stormy)));
    cancel(&studio, id).await;
    studio.work(id).await;
    assert_eq!(studio.trainer.cancelled().len(), 1);
    assert_eq!(studio.endings().len(), 1);
}

#[tokio::test]
async fn a_trainer_that_will_not_stop_is_left_alone() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    let mut unwilling = avatar::MockAvatarTrainer::new();
    unwilling
        .expect_cancel()
        .times(1)
        .returning(|_| Err(ProviderError::new(FailureClass::Conflict, "done", "it is done")));
    let studio =
        studio.with_ports(|ports| drop(ports.trainers.insert(fal(), std::sync::Arc::new(unwilling))));
    cancel(&studio, id).await;
    assert_eq!(studio.work(id).await.state, AvatarState::Cancelled);
}

#[tokio::test]
async fn what_was_taken_back_can_be_ordered_again_with_its_photos_at_its_price() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    cancel(&studio, id).await;
    studio.work(id).await;
    let again = studio.service.begin_second_try(studio.account, id, audience()).await.unwrap().unwrap();
    assert_eq!((again.state.name(), again.next_training), (StateName::Collecting, NextTraining::Paid));
    studio.run_due().await;
    let offers = studio.service.presets(&studio.look(id).await).await.unwrap();
    assert_ne!(offers[0].price, Credits::ZERO, "nothing went wrong but the wish");
    studio.order(id).await.unwrap();
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    let training = ready.training.unwrap();
    assert_eq!((training.round, training.attempt, training.attempts_of_round), (2, 2, 1));
    assert_eq!(studio.credits().await, (20, 0));
    studio.audit().await;
}

//! Another training: once for free when it does not look like the person, and after one that came to nothing.

use std::time::Duration;

use avatar::{AvatarState, KindName, NextTraining, Retraining, StateName, TrainingFailure, WizardStep};
use gallery::{GalleryUnits as _, NewGalleryItem, Origin};
use kernel::{
    AspectRatio, AvatarId, Credits, FailureClass, GalleryItemId, GenerationId, ImageFormat, ImageInfo,
    ObjectKey,
};
use uuid::Uuid;

use crate::studio::{PRICE, Studio, audience};

async fn offered(studio: &Studio, id: AvatarId) -> Retraining {
    studio.service.retraining(&studio.look(id).await).await.unwrap()
}

/// The person draws so many pictures of the avatar.
async fn draw(studio: &Studio, avatar: AvatarId, price: Credits, numbers: std::ops::Range<u128>) {
    for number in numbers {
        let generation = GenerationId::new(Uuid::from_u128(0xC000 + number));
        let item = NewGalleryItem {
            id: GalleryItemId::new(Uuid::from_u128(number + 1)),
            account: studio.account,
            generation,
            slot: 0,
            origin: Origin::Avatar,
            avatar: Some(avatar),
            seed: 1,
            prompt: "by a window".to_owned(),
            model: "lora".to_owned(),
            aspect_ratio: AspectRatio::Square,
            price,
            image: ObjectKey::image(studio.account, generation, 0),
            preview: ObjectKey::preview(studio.account, generation, 0),
            info: ImageInfo { format: ImageFormat::Png, width: 1_024, height: 1_024 },
            bytes: 7,
        };
        let mut unit = studio.database.begin().await.unwrap();
        unit.gallery().keep(&item).await.unwrap();
        unit.commit().await.unwrap();
    }
}

async fn begin(studio: &Studio, id: AvatarId) -> Option<avatar::Avatar> {
    studio.service.begin_retraining(studio.account, id, audience()).await.unwrap()
}

/// Ten other photos for an avatar that is trained again.
async fn fill_anew(studio: &Studio, id: AvatarId) {
    for number in 0..10 {
        studio.photo(id, &format!("{number} another time person=anna")).await;
    }
}

#[tokio::test]
async fn within_seven_days_and_before_five_images_it_is_offered() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let until = studio.look(id).await.ready_at.unwrap() + studio.service.policy().retraining_window;
    assert_eq!(offered(&studio, id).await, Retraining::Offered { until, images_left: 5 });
    draw(&studio, id, Credits::ZERO, 0..2).await;
    assert_eq!(
        offered(&studio, id).await,
        Retraining::Offered { until, images_left: 5 },
        "previews are free"
    );
    draw(&studio, id, Credits::of(5), 2..6).await;
    assert_eq!(offered(&studio, id).await, Retraining::Offered { until, images_left: 1 });
    draw(&studio, id, Credits::of(5), 6..7).await;
    assert_eq!(offered(&studio, id).await, Retraining::Over);
    assert_eq!(begin(&studio, id).await, None);
}

#[tokio::test]
async fn after_seven_days_it_is_over() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let window = studio.service.policy().retraining_window;
    studio.clock.advance(window / 2);
    assert!(matches!(offered(&studio, id).await, Retraining::Offered { .. }));
    studio.clock.advance(window / 2);
    assert_eq!(offered(&studio, id).await, Retraining::Over);
}

#[tokio::test]
async fn a_retraining_is_free_once_with_new_photos_while_the_former_weights_stay_in_use() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let former = studio.look(id).await.weights.unwrap();
    let begun = begin(&studio, id).await.unwrap();
    assert_eq!((begun.state.name(), begun.step), (StateName::Collecting, WizardStep::Photos));
    assert_eq!((begun.next_training, begun.weights.as_ref()), (NextTraining::FreeRetraining, Some(&former)));
    assert!(studio.photos(id).await.is_empty() && begun.compared.is_empty());
    assert!(studio.keys("photos").is_empty(), "the photos that taught it wrong are gone");
    fill_anew(&studio, id).await;
    let offers = studio.service.presets(&studio.look(id).await).await.unwrap();
    assert!(offers.iter().all(|offer| offer.price == Credits::ZERO));
    let ordered = studio.service.order_training(studio.account, id, Credits::ZERO).await.unwrap();
    assert!(ordered.can_be_drawn(), "with its former weights");
    assert_eq!(studio.credits().await, (20, 0));
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    let weights = ready.weights.unwrap();
    assert_ne!(weights.key, former.key);
    assert_eq!(studio.keys("weights").len(), 2, "the former weights are gone");
    assert_eq!((studio.credits().await, studio.endings().len()), ((20, 0), 2));
    assert_eq!(offered(&studio, id).await, Retraining::Over, "once");
    studio.audit().await;
}

#[tokio::test]
async fn a_retraining_that_is_dropped_leaves_the_avatar_as_it_was() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    begin(&studio, id).await.unwrap();
    studio.photo(id, "another person=anna").await;
    assert!(studio.service.discard_draft(studio.account, id).await.unwrap());
    let ready = studio.look(id).await;
    assert_eq!((ready.state.clone(), ready.next_training), (AvatarState::Ready, NextTraining::Paid));
    assert!(ready.can_be_drawn());
    assert!(matches!(offered(&studio, id).await, Retraining::Offered { .. }), "nothing was used up");
    studio.pass(studio.service.policy().draft_retention * 2).await;
    assert!(studio.keys("photos").is_empty());
    studio.audit().await;
}

#[tokio::test]
async fn a_retraining_that_was_taken_back_leaves_the_former_weights() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    studio.clock.advance(Duration::from_secs(1));
    begin(&studio, id).await.unwrap();
    fill_anew(&studio, id).await;
    studio.service.order_training(studio.account, id, Credits::ZERO).await.unwrap();
    studio.service.cancel_training(studio.account, id).await.unwrap();
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert!(ready.can_be_drawn());
    let last = studio.endings().pop().unwrap();
    assert_eq!(last, avatar::TrainingEnding::Cancelled { returned: Credits::ZERO });
    assert_eq!(studio.credits().await, (20, 0));
    studio.audit().await;
}

#[tokio::test]
async fn a_retraining_is_used_up_once_a_trainer_has_it_and_not_before() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    for reaches_trainer in [false, true] {
        studio.clock.advance(Duration::from_secs(1));
        begin(&studio, id).await.expect("nothing was used up");
        fill_anew(&studio, id).await;
        studio.service.order_training(studio.account, id, Credits::ZERO).await.unwrap();
        if reaches_trainer {
            studio.run_due().await;
            assert_eq!(studio.look(id).await.state.name(), StateName::Training);
        }
        studio.service.cancel_training(studio.account, id).await.unwrap();
        let ready = studio.work(id).await;
        assert_eq!((&ready.state, ready.next_training), (&AvatarState::Ready, NextTraining::Paid));
    }
    assert_eq!(offered(&studio, id).await, Retraining::Over);
    assert_eq!(studio.credits().await, (20, 0));
    studio.audit().await;
}

#[tokio::test]
async fn a_retraining_that_nobody_went_on_with_leaves_the_avatar_as_it_was() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    begin(&studio, id).await.unwrap();
    studio.photo(id, "another person=anna").await;
    studio.pass(studio.service.policy().draft_retention * 2).await;
    let ready = studio.look(id).await;
    assert_eq!((&ready.state, ready.next_training), (&AvatarState::Ready, NextTraining::Paid));
    assert!(ready.can_be_drawn() && studio.keys("photos").is_empty());
    studio.audit().await;
}

#[tokio::test]
async fn a_retraining_that_failed_keeps_its_photos_for_a_second_try() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    begin(&studio, id).await.unwrap();
    fill_anew(&studio, id).await;
    studio.trainer.fail_next_training(FailureClass::Refused, "refused");
    studio.service.order_training(studio.account, id, Credits::ZERO).await.unwrap();
    let failed = studio.work(id).await;
    assert_eq!(failed.state, AvatarState::Failed(TrainingFailure::Refused));
    assert!(failed.can_be_drawn(), "with its former weights");
    let again = studio.service.begin_second_try(studio.account, id, audience()).await.unwrap().unwrap();
    assert_eq!(again.next_training, NextTraining::FreeRetraining);
    assert_eq!(studio.photos(id).await.len(), 10, "nobody has to send them again");
    studio.run_due().await;
    studio.service.order_training(studio.account, id, Credits::ZERO).await.unwrap();
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
    assert_eq!(studio.credits().await, (20, 0));
    studio.audit().await;
}

#[tokio::test]
async fn a_second_try_is_free_with_the_photos_that_are_there() {
    let studio = Studio::open().await;
    studio.trainer.fail_next_training(FailureClass::Invalid, "archive_file_count_below_minimum");
    let id = studio.ordered().await;
    studio.work(id).await;
    let second = async || studio.service.begin_second_try(studio.account, id, audience()).await.unwrap();
    let again = second().await.unwrap();
    assert_eq!(
        (again.state.name(), again.next_training),
        (StateName::Collecting, NextTraining::FreeSecondTry)
    );
    assert_eq!(second().await, None, "it is under way");
    studio.run_due().await;
    assert_eq!(studio.photos(id).await.len(), 10);
    let refused = studio.order(id).await.unwrap_err();
    assert!(matches!(refused, avatar::OrderError::PriceChanged(Credits::ZERO)), "{refused}");
    studio.service.order_training(studio.account, id, Credits::ZERO).await.unwrap();
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
    assert_eq!(studio.credits().await, (40, 0));
    assert_eq!(offered(&studio, id).await, Retraining::Over, "what was free is not followed by more");
    studio.audit().await;
}

#[tokio::test]
async fn only_portraits_that_are_ready_are_trained_again() {
    let studio = Studio::open().await;
    let style = studio.prepare(KindName::Style).await;
    studio.order(style).await.unwrap();
    studio.work(style).await;
    assert_eq!(offered(&studio, style).await, Retraining::Over);
    let draft = studio.begin(KindName::Portrait).await;
    assert_eq!(offered(&studio, draft).await, Retraining::Over);
    assert_eq!(begin(&studio, draft).await, None);
    let unknown = AvatarId::new(Uuid::nil());
    assert_eq!(begin(&studio, unknown).await, None);
    assert_eq!(studio.service.begin_second_try(studio.account, unknown, audience()).await.unwrap(), None);
    assert_eq!(PRICE, Credits::of(20));
}

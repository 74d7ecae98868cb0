//! Ordering: what stands in its way, and that it happens once.

use std::sync::Arc;

use avatar::{
    AvatarName, AvatarState, DraftChange, KindName, News, OrderError, PhotoProblem, PresetName, StateName,
};
use kernel::{Credits, Pausable, PauseCause, Pauses as _};
use testkit::weather::Fate;

use crate::failing::Failing;
use crate::studio::{PRICE, Studio, picture};

#[tokio::test]
async fn an_order_sets_its_price_aside() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    let ordered = studio.order(id).await.unwrap();
    assert_eq!(ordered.state.name(), StateName::Queued);
    let training = ordered.training.unwrap();
    assert_eq!((training.price, training.round, training.attempt), (PRICE, 1, 0));
    assert_eq!(studio.credits().await, (20, 20));
    studio.audit().await;
}

#[tokio::test]
async fn presets_are_offered_with_their_prices() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    let offers = studio.service.presets(&studio.look(id).await).await.unwrap();
    let told: Vec<_> = offers.iter().map(|offer| (offer.preset, offer.price.get(), offer.steps)).collect();
    assert_eq!(told, [(PresetName::Standard, 20, 1_000), (PresetName::Thorough, 50, 2_500)]);
    assert_eq!((offers[0].trainer.as_str(), offers[0].usual_duration), ("The trainer portraits", None));
}

#[tokio::test]
async fn two_orders_at_once_are_one() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    let (first, second) = futures::join!(studio.order(id), studio.order(id));
    assert_eq!(first.unwrap().training, second.unwrap().training);
    assert_eq!(studio.credits().await, (20, 20));
    studio.audit().await;
}

#[tokio::test]
async fn a_balance_for_one_pays_for_one() {
    let studio = Studio::open().await;
    let first = studio.prepare(KindName::Portrait).await;
    let preset = DraftChange::Preset(PresetName::Thorough);
    studio.service.change_draft(studio.account, first, &preset).await.unwrap();
    let price = Credits::of(50);
    let refused = studio.service.order_training(studio.account, first, price).await.unwrap_err();
    let OrderError::Insufficient { missing, price: asked } = refused else { panic!("{refused}") };
    assert_eq!((missing, asked), (Credits::of(10), price));
    assert_eq!(studio.look(first).await.state, AvatarState::Collecting);

    let preset = DraftChange::Preset(PresetName::Standard);
    studio.service.change_draft(studio.account, first, &preset).await.unwrap();
    let (second, third) = (studio.prepare(KindName::Style).await, studio.prepare(KindName::Style).await);
    let orders = futures::join!(studio.order(first), studio.order(second), studio.order(third));
    let refused = [orders.0.is_err(), orders.1.is_err(), orders.2.is_err()];
    assert_eq!(refused.iter().filter(|is_refused| **is_refused).count(), 1, "40 are enough for two of 20");
    assert_eq!(studio.credits().await, (0, 40));
    studio.audit().await;
}

#[tokio::test]
async fn another_price_than_was_shown_is_refused() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    let refused = studio.service.order_training(studio.account, id, Credits::of(19)).await.unwrap_err();
    assert!(matches!(refused, OrderError::PriceChanged(price) if price == PRICE), "{refused}");
    assert_eq!(studio.credits().await, (40, 0));
}

#[tokio::test]
async fn photos_must_be_enough_looked_at_and_compared() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 9).await;
    let preset = DraftChange::Preset(PresetName::Standard);
    studio.service.change_draft(studio.account, id, &preset).await.unwrap();
    assert!(matches!(studio.order(id).await.unwrap_err(), OrderError::TooFewPhotos { have: 9, need: 10 }));

    let sent = studio.send(picture("the tenth person=anna"));
    studio.service.add_photo(studio.account, id, &sent).await.unwrap();
    assert!(matches!(studio.order(id).await.unwrap_err(), OrderError::PhotosWaiting(1)));
    let photo = studio.photos(id).await.pop().unwrap();
    let job = studio.claim(kernel::JobKind::CheckPhoto, photo.id.uuid()).await.unwrap();
    studio.run(&job).await.unwrap();
    assert!(matches!(studio.order(id).await.unwrap_err(), OrderError::PhotosWaiting(10)), "not compared");
    studio.run_due().await;
    studio.order(id).await.unwrap();
}

#[tokio::test]
async fn somebody_else_among_the_photos_is_out_before_anything_is_paid() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 9).await;
    assert_eq!(studio.problem(id, "a stranger person=boris").await, PhotoProblem::AnotherPerson);
    let preset = DraftChange::Preset(PresetName::Standard);
    studio.service.change_draft(studio.account, id, &preset).await.unwrap();
    assert!(matches!(studio.order(id).await.unwrap_err(), OrderError::TooFewPhotos { have: 9, .. }));
}

#[tokio::test]
async fn with_every_trainer_paused_nothing_is_offered() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    let cause = PauseCause { code: "locked".to_owned(), detail: "the account is locked".to_owned() };
    studio.database.pause(&Pausable::Model("portraits".to_owned()), &cause).await.unwrap();
    let offers = studio.service.presets(&studio.look(id).await).await.unwrap();
    assert_eq!(offers[0].trainer, "The trainer portraits-too");
    studio.database.pause(&Pausable::Provider("fal".to_owned()), &cause).await.unwrap();
    assert!(studio.service.presets(&studio.look(id).await).await.unwrap().is_empty());
    assert!(matches!(studio.order(id).await.unwrap_err(), OrderError::NoTrainer));
    assert_eq!(studio.credits().await, (40, 0));
}

#[tokio::test]
async fn only_a_complete_draft_of_ones_own_can_be_ordered() {
    let studio = Studio::open().await;
    let unknown = kernel::AvatarId::new(uuid::Uuid::nil());
    assert!(matches!(studio.order(unknown).await.unwrap_err(), OrderError::NotADraft));
    let without_preset = studio.begin(KindName::Portrait).await;
    studio.fill(without_preset, 10).await;
    assert!(matches!(studio.order(without_preset).await.unwrap_err(), OrderError::NotADraft));
    let instant = studio.begin(KindName::Instant).await;
    studio.fill(instant, 1).await;
    assert!(matches!(studio.order(instant).await.unwrap_err(), OrderError::NotADraft));
    let ready = studio.ready().await;
    assert!(matches!(studio.order(ready).await.unwrap_err(), OrderError::NotADraft));
}

#[tokio::test]
async fn an_instant_avatar_is_ready_with_its_photos_and_costs_nothing() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Instant).await;
    let finish = async || studio.service.finish_instant(studio.account, id).await;
    assert!(matches!(finish().await.unwrap_err(), OrderError::TooFewPhotos { have: 0, need: 1 }));
    studio.fill(id, 2).await;
    let ready = finish().await.unwrap();
    assert_eq!((ready.state.clone(), ready.news), (AvatarState::Ready, News::None));
    assert!(ready.can_be_drawn() && ready.ready_at == Some(studio.now()));
    assert_eq!(finish().await.unwrap(), ready, "pressed twice");
    assert_eq!(studio.service.main(studio.account).await.unwrap().map(|main| main.id), Some(id));
    let portrait = studio.prepare(KindName::Portrait).await;
    let refused = studio.service.finish_instant(studio.account, portrait).await.unwrap_err();
    assert!(matches!(refused, OrderError::NotADraft));
    assert_eq!(studio.credits().await, (40, 0));
    studio.audit().await;
}

#[tokio::test]
async fn a_lost_wake_up_loses_no_order() {
    let queue = testkit::fakes::MemoryQueue::under(Failing::first(100, "queue.push", Fate::FailsBefore));
    let studio = Studio::open_with(|ports| ports.queue = Arc::new(queue)).await;
    let id = studio.ordered().await;
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
}

#[tokio::test]
async fn what_has_no_name_cannot_be_ordered() {
    let studio = Studio::open().await;
    let begun = studio.service.begin_draft(studio.account, String::new(), crate::studio::audience()).await;
    let avatar::DraftOutcome::Begun(draft) = begun.unwrap() else { panic!("too many") };
    assert!(matches!(studio.order(draft.id).await.unwrap_err(), OrderError::NotADraft));
    let kind = DraftChange::Kind(KindName::Style);
    studio.service.change_draft(studio.account, draft.id, &kind).await.unwrap();
    studio.fill(draft.id, 10).await;
    let preset = DraftChange::Preset(PresetName::Standard);
    studio.service.change_draft(studio.account, draft.id, &preset).await.unwrap();
    assert!(matches!(studio.order(draft.id).await.unwrap_err(), OrderError::NotADraft));
    let name = DraftChange::Name(AvatarName::new("Watercolours").unwrap());
    studio.service.change_draft(studio.account, draft.id, &name).await.unwrap();
    studio.order(draft.id).await.unwrap();
}

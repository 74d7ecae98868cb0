//! Somebody in the picture: words that call for them, weights by a link that ends, photos as the provider takes them.

use std::sync::Arc;
use std::time::Duration;

use avatar::{AvatarKind, AvatarState};
use gallery::Origin;
use generation::{
    FailureReason, Likeness, ReferencePhoto, RequestError, State, StateName, SubmittedLikeness,
};
use kernel::{AvatarId, Credits, FailureClass, ImageCount, Percent, ProviderError};
use testkit::fakes::{FakeGenerator, FakeImaging, FakeModerator, Style};
use testkit::weather::Fate;
use uuid::Uuid;

use crate::failing::Failing;
use crate::sitters::{change, instant, portrait, trained};
use crate::workshop::{Workshop, both, generators};

fn of(avatar: AvatarId) -> Likeness {
    Likeness::Avatar { avatar }
}

async fn begin(workshop: &Workshop, avatar: AvatarId, images: u8) -> kernel::GenerationId {
    workshop.begin_of("by a window", images, of(avatar)).await
}

#[tokio::test]
async fn a_trained_avatar_is_drawn_with_its_weights_and_words() {
    let fal = FakeGenerator::new(Style::Queued { polls: 1 });
    let workshop = Workshop::open(generators(FakeGenerator::new(Style::Inline), fal.clone())).await;
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 2).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.model.as_str()), (StateName::Delivered, "lora"));
    let likenesses = fal.likenesses();
    let [SubmittedLikeness::Weights { address, strength }] = &likenesses[..] else { panic!("no weights") };
    assert_eq!(*strength, Percent::FULL);
    assert!(workshop.lender.read(address).is_some());
    let items = workshop.items(id).await;
    assert!(items.iter().all(|item| (item.kept.origin, item.kept.avatar) == (Origin::Avatar, Some(avatar))));
    assert_eq!(items[0].kept.prompt, "by a window", "the person's words are theirs");
    assert_eq!(workshop.credits().await, (26, 0), "at the price of the model that draws it");
    let raw = kernel::ObjectStore::get(&workshop.objects, &items[0].kept.image).await.unwrap().unwrap();
    let drawn = String::from_utf8_lossy(&raw).into_owned();
    assert!(drawn.contains("sks person, woman, dark hair"), "{drawn}");
    workshop.audit().await;
}

#[tokio::test]
async fn a_link_to_weights_lives_as_long_as_the_request_may_run_and_no_longer() {
    let fal = FakeGenerator::new(Style::Queued { polls: 1 });
    let workshop = Workshop::open(generators(FakeGenerator::new(Style::Inline), fal.clone())).await;
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 1).await;
    workshop.advance(id).await;
    let likenesses = fal.likenesses();
    let [SubmittedLikeness::Weights { address, .. }] = &likenesses[..] else { panic!("no weights") };
    let policy = generation::GenerationPolicy::default();
    workshop.clock.advance(policy.lifetime);
    assert!(workshop.lender.read(address).is_some());
    workshop.clock.advance(policy.provider_timeout + Duration::from_secs(1));
    assert_eq!(workshop.lender.read(address), None);
    assert!(workshop.lender.lent().is_empty());
}

#[tokio::test]
async fn an_instant_avatar_is_drawn_from_small_photos_within_the_request() {
    let google = FakeGenerator::new(Style::Inline);
    let workshop = Workshop::open(generators(google.clone(), FakeGenerator::new(Style::Inline))).await;
    let avatar = instant(&workshop, 3).await;
    let id = begin(&workshop, avatar, 1).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.model.as_str()), (StateName::Delivered, "banana-edit"));
    let likenesses = google.likenesses();
    let [SubmittedLikeness::References(photos)] = &likenesses[..] else { panic!("no photos") };
    assert_eq!(photos.len(), 3);
    for photo in photos {
        let ReferencePhoto::Inline { bytes, .. } = photo else { panic!("not within the request") };
        let info = kernel::Imaging::inspect(&FakeImaging, bytes.clone(), kernel::ImageLimits::UPLOAD);
        assert_eq!(info.await.unwrap().width, 1_280);
    }
    assert_eq!(workshop.items(id).await[0].kept.origin, Origin::InstantAvatar);
    assert!(workshop.lender.lent().is_empty());
    workshop.audit().await;
}

#[tokio::test]
async fn a_provider_that_reads_addresses_is_lent_the_photos() {
    let google = FakeGenerator::new(Style::Inline);
    let fal = FakeGenerator::new(Style::Queued { polls: 0 });
    google.fail_next(ProviderError::new(FailureClass::Misconfigured, "retired", "it is gone"));
    let workshop = Workshop::open(generators(google, fal.clone())).await;
    let avatar = instant(&workshop, 2).await;
    let id = begin(&workshop, avatar, 1).await;
    assert_eq!(workshop.work(id).await.plan.model.as_str(), "flux-edit");
    let likenesses = fal.likenesses();
    let [SubmittedLikeness::References(photos)] = &likenesses[..] else { panic!("no photos") };
    assert!(photos.iter().all(|photo| matches!(photo, ReferencePhoto::Address(_))));
    assert_eq!(workshop.lender.lent().len(), 2);
}

#[tokio::test]
async fn a_style_is_called_for_by_its_word() {
    let workshop = Workshop::open(both()).await;
    let avatar = trained(&workshop, 3, AvatarKind::Style).await;
    let id = begin(&workshop, avatar, 1).await;
    workshop.work(id).await;
    let image = workshop.items(id).await[0].kept.image.clone();
    let raw = kernel::ObjectStore::get(&workshop.objects, &image).await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&raw).contains("In the style of sks person"));
}

#[tokio::test]
async fn a_quote_is_that_of_the_model_that_draws_the_avatar() {
    let workshop = Workshop::open(both()).await;
    let avatar = portrait(&workshop).await;
    let count = ImageCount::new(2).unwrap();
    let quote = workshop.service.quote(workshop.account, of(avatar), count).await.unwrap();
    assert_eq!((quote.unit_price, quote.total), (Credits::of(7), Credits::of(14)));
    let nobody = of(AvatarId::new(Uuid::nil()));
    let refused = workshop.service.quote(workshop.account, nobody, count).await.unwrap_err();
    assert!(matches!(refused, RequestError::NoAvatar));
}

#[tokio::test]
async fn what_cannot_be_drawn_is_not_asked_for() {
    let workshop = Workshop::open(both()).await;
    let avatar = portrait(&workshop).await;
    change(&workshop, avatar, |avatar| avatar.state = AvatarState::Collecting).await;
    let request = workshop.request_of("by a window", 1, of(avatar));
    assert!(matches!(workshop.service.request(&request).await.unwrap_err(), RequestError::NoAvatar));
    assert_eq!(workshop.credits().await, (40, 0));
}

#[tokio::test]
async fn an_avatar_that_is_deleted_before_it_is_drawn_costs_nothing() {
    let workshop = Workshop::open(both()).await;
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 1).await;
    change(&workshop, avatar, |avatar| avatar.state = AvatarState::Deleted).await;
    let ended = workshop.work(id).await;
    assert_eq!(ended.state, State::Failed(FailureReason::NoAvatar));
    assert_eq!(workshop.credits().await, (40, 0));

    let workshop = Workshop::open(both()).await;
    let without_photos = instant(&workshop, 0).await;
    let id = begin(&workshop, without_photos, 1).await;
    assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::NoAvatar));
    workshop.audit().await;
}

#[tokio::test]
async fn a_lender_that_is_away_is_tried_again_and_is_no_attempt() {
    let workshop = Workshop::open(both()).await;
    let stormy = workshop.lender.with_weather(
        Arc::new(workshop.objects.clone()),
        Failing::first(2, "lender.lend", Fate::FailsBefore),
    );
    let workshop = workshop.with_ports(|ports| ports.lender = Arc::new(stormy));
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 1).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.attempt), (StateName::Delivered, 1));
}

#[tokio::test]
async fn with_the_safety_check_away_nobody_is_drawn_and_it_costs_nothing() {
    let away = Arc::new(FakeModerator::under(Failing::always("moderator.review")));
    let workshop = Workshop::open_with(both(), |ports| ports.moderator = Some(away)).await;
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 1).await;
    workshop.advance(id).await;
    assert_eq!(workshop.look(id).await.state.name(), StateName::Held, "it waits");
    let began = workshop.look(id).await.created_at;
    let ended = workshop.work(id).await;
    assert_eq!(ended.state, State::Failed(FailureReason::NoSafetyCheck));
    let waited = kernel::Clock::now(&workshop.clock).since(began);
    assert!(waited >= generation::GenerationPolicy::default().safety_patience);
    assert_eq!(workshop.credits().await, (40, 0));
    let fox = workshop.begin_under("a fox", 1, 2).await;
    assert_eq!(workshop.work(fox).await.state.name(), StateName::Delivered, "text alone goes on");
    workshop.audit().await;
}

#[tokio::test]
async fn a_safety_check_that_comes_back_lets_the_picture_go_on() {
    let weather = Failing::first(3, "moderator.review", Fate::FailsBefore);
    let moderator = Arc::new(FakeModerator::under(weather));
    let workshop = Workshop::open_with(both(), |ports| ports.moderator = Some(moderator)).await;
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn without_any_safety_check_no_real_person_is_drawn() {
    let workshop = Workshop::open_with(both(), |ports| ports.moderator = None).await;
    let avatar = portrait(&workshop).await;
    let id = begin(&workshop, avatar, 1).await;
    assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::NoSafetyCheck));
    assert_eq!(workshop.credits().await, (40, 0));
}

#[tokio::test]
async fn the_seed_of_an_earlier_picture_is_used_again() {
    let workshop = Workshop::open(both()).await;
    let mut request = workshop.request("a fox", 1);
    request.seed = Some(77);
    let generation::RequestOutcome::Started(generation) = workshop.service.request(&request).await.unwrap()
    else {
        panic!("repeated")
    };
    assert_eq!(generation.request.seed, 77);
    workshop.work(generation.id).await;
    assert_eq!(workshop.items(generation.id).await[0].kept.seed, 77);
}

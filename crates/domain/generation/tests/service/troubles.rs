//! Providers that fail, lose answers, call back early, late or never.

use std::sync::Arc;
use std::time::Duration;

use generation::{DeliveredAs, Delivery, GenerationUnits as _, Parked, StateName};
use kernel::{
    FailureClass, Jobs as _, ObjectKey, ObjectStore as _, Pausable, PauseCause, Pauses as _, ProviderError,
};
use testkit::fakes::{FakeCallbackUrls, FakeGenerator, Heard, MemoryObjects, Style};
use testkit::weather::Fate;

use crate::failing::Failing;
use crate::workshop::{Workshop, generators, parked};

fn unavailable() -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "503", "the provider is away")
}

fn lost_answer() -> ProviderError {
    unavailable().with_unknown_outcome()
}

struct Providers {
    google: FakeGenerator,
    fal: FakeGenerator,
}

fn providers() -> Providers {
    Providers {
        google: FakeGenerator::new(Style::Inline),
        fal: FakeGenerator::new(Style::Queued { polls: 2 }),
    }
}

impl Providers {
    async fn workshop(&self) -> Workshop {
        Workshop::open(generators(self.google.clone(), self.fal.clone())).await
    }

    /// Google is out of the way from the beginning.
    async fn fal_workshop(&self) -> Workshop {
        let workshop = self.workshop().await;
        let cause = PauseCause { code: "bad-key".to_owned(), detail: "the key is refused".to_owned() };
        workshop.database.pause(&Pausable::Provider("google".to_owned()), &cause).await.unwrap();
        workshop
    }
}

/// Delivers the next callback that is on its way.
async fn call_back(workshop: &Workshop, fal: &FakeGenerator) -> Parked {
    let (address, event) = fal.take_callback().expect("a callback is on its way");
    let route = FakeCallbackUrls::route(&address).expect("the address names its route");
    workshop.service.park_callback(&parked("fal", &route, event)).await.unwrap()
}

#[tokio::test]
async fn a_failing_provider_is_tried_again_and_left_for_the_next() {
    let providers = providers();
    providers.google.fail_next(unavailable());
    providers.google.fail_next(unavailable());
    let workshop = providers.workshop().await;
    let id = workshop.begin("a fox", 1).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.model.as_str()), (StateName::Delivered, "flux"));
    assert_eq!((providers.google.submissions(), providers.fal.submissions()), (0, 1));
    assert_eq!(workshop.credits().await, (35, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn images_held_back_are_not_paid_for() {
    let providers = providers();
    providers.fal.withhold_next(2);
    let workshop = providers.fal_workshop().await;
    let id = workshop.begin("a fox", 4).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(workshop.items(id).await.len(), 2);
    assert_eq!(workshop.credits().await, (30, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn a_lost_answer_costs_one_more_attempt_and_not_more() {
    let providers = providers();
    providers.google.fail_next(lost_answer());
    let workshop = providers.workshop().await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(providers.google.submissions(), 2);

    providers.google.fail_next(lost_answer());
    providers.google.fail_next(lost_answer());
    let mut request = workshop.request("a fox", 1);
    request.intent = generation::Intent::button(2);
    workshop.service.request(&request).await.unwrap();
    let second = workshop.service.answer_to(workshop.account, &request.intent).await.unwrap().unwrap().id;
    assert_eq!(workshop.work(second).await.state.name(), StateName::Failed);
    assert_eq!(providers.google.submissions(), 4);
    assert_eq!(workshop.credits().await, (35, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn bytes_stored_before_a_crash_are_found_again() {
    let providers = providers();
    providers.google.fail_next(lost_answer());
    let workshop = providers.workshop().await;
    let id = workshop.begin("a fox", 1).await;
    workshop.claim(id).await.unwrap();
    // The process dies after it stored what the provider had sent, before it could say so.
    let key = ObjectKey::attempt(workshop.account, id, 0, 1);
    let picture = testkit::fakes::fake_image(kernel::ImageFormat::Png, 64, 64, "a fox");
    workshop.objects.put(&key, picture, "image/png").await.unwrap();
    let mut submitting = workshop.look(id).await;
    submitting.plan.attempt = 1;
    submitting.plan.attempts_at_model = 1;
    submitting.state = generation::State::Submitting { since: submitting.created_at };
    let mut unit = workshop.database.begin().await.unwrap();
    unit.generations().update(&submitting).await.unwrap();
    unit.commit().await.unwrap();

    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(providers.google.submissions(), 0);
    assert_eq!(workshop.credits().await, (35, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn nothing_is_in_the_gallery_or_paid_before_its_bytes_are_stored() {
    // First the bytes of the attempt are stored, then the image and its preview.
    for failing in [0..1, 1..2, 2..3] {
        let providers = providers();
        let objects = MemoryObjects::under(Failing::calls(failing, "objects.put", Fate::FailsBefore));
        let workshop =
            Workshop::open_with(generators(providers.google.clone(), providers.fal.clone()), |ports| {
                ports.objects = Arc::new(objects);
            })
            .await;
        let id = workshop.begin("a fox", 1).await;
        let job = workshop.claim(id).await.unwrap();
        let error = workshop.service.advance(&job).await.unwrap_err();
        assert_eq!(error.class(), FailureClass::Unavailable);
        assert!(workshop.look(id).await.state.name().is_under_way());
        assert!(workshop.items(id).await.is_empty());
        assert_eq!(workshop.credits().await, (35, 5));

        workshop.database.retry(&job.claim, Duration::ZERO, &error.to_string()).await.unwrap();
        assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
        assert_eq!(workshop.credits().await, (35, 0));
        workshop.audit().await;
    }
}

#[tokio::test]
async fn polling_alone_is_enough() {
    let providers = providers();
    let workshop = providers.fal_workshop().await;
    let id = workshop.begin("a fox", 2).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(workshop.credits().await, (30, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn a_callback_moves_it_on_at_once_and_a_repeat_changes_nothing() {
    let providers = Providers { fal: FakeGenerator::new(Style::Queued { polls: 1_000 }), ..providers() };
    let workshop = providers.fal_workshop().await;
    let id = workshop.begin("a fox", 2).await;
    let job = workshop.claim(id).await.unwrap();
    workshop.service.advance(&job).await.unwrap();
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitted);

    let (address, event) = providers.fal.take_callback().unwrap();
    let route = FakeCallbackUrls::route(&address).unwrap();
    let first = workshop.service.park_callback(&parked("fal", &route, event.clone())).await.unwrap();
    let second = workshop.service.park_callback(&parked("fal", &route, event)).await.unwrap();
    assert_eq!((first, second), (Parked::New, Parked::Repeat));
    let job = workshop.claim(id).await.expect("the callback makes the job due");
    workshop.service.advance(&job).await.unwrap();
    assert_eq!(workshop.look(id).await.state.name(), StateName::Delivered);
    assert_eq!(workshop.credits().await, (30, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn a_lost_answer_is_found_by_its_callback() {
    let providers = providers();
    let workshop = providers.fal_workshop().await;
    let id = workshop.begin("a fox", 1).await;
    providers.fal.fail_next(lost_answer());
    let job = workshop.claim(id).await.unwrap();
    workshop.service.advance(&job).await.unwrap();
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitting);
    call_back(&workshop, &providers.fal).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(providers.fal.submissions(), 1);
    workshop.audit().await;
}

#[tokio::test]
async fn what_takes_too_long_expires_and_comes_late_for_free() {
    let providers = Providers { fal: FakeGenerator::new(Style::Queued { polls: 100_000 }), ..providers() };
    let workshop = providers.fal_workshop().await;
    let id = workshop.begin("a fox", 2).await;
    let job = workshop.claim(id).await.unwrap();
    workshop.service.advance(&job).await.unwrap();
    let (address, event) = providers.fal.take_callback().unwrap();
    workshop.clock.advance(Duration::from_mins(16));

    let ended = workshop.work(id).await;
    assert_eq!(ended.state.name(), StateName::Expired);
    assert_eq!(ended.delivery, Delivery::Done { by: DeliveredAs::Told });
    assert_eq!(workshop.credits().await, (40, 0));

    let route = FakeCallbackUrls::route(&address).unwrap();
    workshop.service.park_callback(&parked("fal", &route, event)).await.unwrap();
    let late = workshop.work(id).await;
    assert_eq!(late.state.name(), StateName::Expired);
    let items = workshop.items(id).await;
    assert_eq!(items.iter().map(|item| item.kept.price.get()).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(workshop.credits().await, (40, 0));
    assert_eq!(workshop.notifier.heard().last(), Some(&Heard::Late(2)));
    workshop.audit().await;
}

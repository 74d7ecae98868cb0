//! What providers answer beside the usual: addresses, places in a queue, things that are no images, silence.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use generation::{
    CallbackSupport, FailureReason, GeneratedImage, ImageGenerator, ImageSource, MockImageGenerator,
    ParkedCallback, ProgressStage, ProviderHandle, ProviderName, State, StateName, SubmissionOutcome,
    WorkProgress,
};
use kernel::{
    FailureClass, GenerationId, ImageFormat, Pausable, PauseCause, Pauses as _, ProviderError, ProviderEvent,
};
use testkit::fakes::{FakeGenerator, Style, fake_image};

use crate::workshop::{Workshop, generators};

const ADDRESS: &str = "https://results.example/1.png";

fn picture() -> Bytes {
    fake_image(ImageFormat::Png, 1024, 1024, "a fox")
}

fn failure(class: FailureClass) -> ProviderError {
    ProviderError::new(class, "answer", "the provider says no")
}

fn made() -> WorkProgress {
    WorkProgress::Ready(vec![GeneratedImage::Made(ImageSource::Inline(picture()))])
}

fn event(request_id: &str) -> ProviderEvent {
    ProviderEvent { request_id: request_id.to_owned(), body: "news".to_owned() }
}

/// A provider that accepts work so many times.
fn accepting(times: usize, support: CallbackSupport) -> MockImageGenerator {
    let mut mock = MockImageGenerator::new();
    mock.expect_submit()
        .times(times)
        .returning(|_| Ok(SubmissionOutcome::Accepted(ProviderHandle::new("work"))));
    mock.expect_callback_support().return_const(support);
    mock.expect_concerns_model().return_const(false);
    mock
}

/// A workshop in which FAL alone draws.
async fn fal_alone(fal: impl ImageGenerator + 'static) -> Workshop {
    Workshop::open(only_fal(fal)).await
}

fn only_fal(fal: impl ImageGenerator + 'static) -> BTreeMap<ProviderName, Arc<dyn ImageGenerator>> {
    let mut both = generators(FakeGenerator::new(Style::Inline), fal);
    both.remove(&ProviderName::new("google"));
    both
}

async fn park(workshop: &Workshop, id: GenerationId, attempt: u32, event: ProviderEvent) {
    let (provider, account) = (ProviderName::new("fal"), workshop.account);
    let callback = ParkedCallback { provider, account, generation: id, attempt, event };
    workshop.service.park_callback(&callback).await.unwrap();
}

#[tokio::test]
async fn images_at_an_address_are_fetched() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll().times(1).returning(|_| {
        Ok(WorkProgress::Ready(vec![GeneratedImage::Made(ImageSource::Remote(ADDRESS.to_owned()))]))
    });
    fal.expect_fetch().times(1).withf(|address| address == ADDRESS).returning(|_| Ok(picture()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(workshop.credits().await, (35, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn a_finished_image_that_cannot_be_fetched_for_now_is_asked_for_again() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll().times(3).returning(|_| {
        Ok(WorkProgress::Ready(vec![GeneratedImage::Made(ImageSource::Remote(ADDRESS.to_owned()))]))
    });
    fal.expect_fetch().times(2).returning(|_| Err(failure(FailureClass::Unavailable)));
    fal.expect_fetch().times(1).returning(|_| Ok(picture()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn the_place_in_a_queue_is_shown() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll().times(1).returning(|_| Ok(WorkProgress::Queued { position: Some(2) }));
    fal.expect_poll().times(1).returning(|_| Ok(WorkProgress::Queued { position: Some(0) }));
    fal.expect_poll().times(1).returning(|_| Ok(made()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    let waiting = ProgressStage::Waiting { position: Some(2) };
    assert_eq!(
        workshop.notifier.progress(),
        [ProgressStage::Drawing, waiting, ProgressStage::Keeping],
        "whoever is next hears nothing new"
    );
}

#[tokio::test]
async fn a_question_that_fails_says_nothing_about_the_work() {
    let mut fal = accepting(1, CallbackSupport::Never);
    let limited = FailureClass::Limited { retry_after: None };
    fal.expect_poll().times(1).returning(move |_| Err(failure(limited).with_unknown_outcome()));
    fal.expect_poll().times(1).returning(|_| Ok(made()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn a_locked_account_pauses_the_provider_and_leaves_the_work_alone() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll()
        .times(1)
        .returning(|_| Err(failure(FailureClass::Misconfigured).with_unknown_outcome()));
    fal.expect_poll().times(1).returning(|_| Ok(made()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    let paused = workshop.database.active().await.unwrap();
    assert_eq!(paused.len(), 1);
    assert_eq!(paused[0].subject, Pausable::Provider("fal".to_owned()));
}

#[tokio::test]
async fn work_that_failed_at_the_provider_is_submitted_again() {
    let mut fal = accepting(2, CallbackSupport::Never);
    fal.expect_poll().times(1).returning(|_| Err(failure(FailureClass::Unavailable)));
    fal.expect_poll().times(1).returning(|_| Ok(made()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.attempt), (StateName::Delivered, 2));
    assert_eq!(workshop.notifier.progress()[1], ProgressStage::TryingAgain);
}

#[tokio::test]
async fn work_that_the_provider_refuses_afterwards_ends_for_free() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll().times(1).returning(|_| Err(failure(FailureClass::Refused)));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 2).await;
    assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::Refused));
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn what_is_no_image_is_not_kept_and_another_model_draws() {
    let huge = fake_image(ImageFormat::Png, 20_000, 20_000, "a fox");
    for answer in [
        vec![GeneratedImage::Made(ImageSource::Inline(Bytes::from_static(b"<html>sorry</html>")))],
        vec![GeneratedImage::Made(ImageSource::Inline(huge))],
        vec![],
    ] {
        let mut google = MockImageGenerator::new();
        google.expect_submit().times(2).returning(move |_| Ok(SubmissionOutcome::Ready(answer.clone())));
        google.expect_callback_support().return_const(CallbackSupport::Never);
        let fal = FakeGenerator::new(Style::Queued { polls: 0 });
        let workshop = Workshop::open(generators(google, fal.clone())).await;
        let id = workshop.begin("a fox", 1).await;
        let done = workshop.work(id).await;
        assert_eq!((done.state.name(), done.plan.model.as_str()), (StateName::Delivered, "flux"));
        assert_eq!(fal.submissions(), 1);
        assert_eq!(workshop.credits().await, (35, 0));
        workshop.audit().await;
    }
}

#[tokio::test]
async fn images_that_the_provider_leaves_out_are_not_paid_for() {
    let mut fal = MockImageGenerator::new();
    let image = || GeneratedImage::Made(ImageSource::Inline(picture()));
    fal.expect_submit().times(1).returning(move |submission| {
        assert_eq!(submission.count, 4);
        Ok(SubmissionOutcome::Ready(vec![image(), image()]))
    });
    fal.expect_callback_support().return_const(CallbackSupport::Never);
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 4).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(workshop.items(id).await.len(), 2);
    assert_eq!(workshop.credits().await, (30, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn work_that_takes_too_long_is_cancelled_at_the_provider() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll().returning(|_| Ok(WorkProgress::Running));
    fal.expect_cancel().times(1).returning(|_| Err(failure(FailureClass::Unavailable)));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Expired);
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn work_at_a_provider_that_an_operator_took_away_waits_for_it_until_the_deadline() {
    let mut fal = accepting(1, CallbackSupport::Never);
    fal.expect_poll().times(1).returning(|_| Ok(WorkProgress::Running));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    workshop.clock.advance(Duration::from_secs(3));
    workshop.advance(id).await;

    let workshop = workshop.with_generators(BTreeMap::new());
    workshop.clock.advance(Duration::from_secs(3));
    workshop.advance(id).await;
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitted);
    assert_eq!(workshop.work(id).await.state.name(), StateName::Expired);
    assert_eq!(workshop.credits().await, (40, 0));

    let mut back = MockImageGenerator::new();
    back.expect_poll().returning(|_| Ok(made()));
    back.expect_submit().times(1).returning(|_| Ok(SubmissionOutcome::Accepted(ProviderHandle::new("work"))));
    back.expect_callback_support().return_const(CallbackSupport::Never);
    let workshop = workshop.with_generators(only_fal(back));
    let mut request = workshop.request("a fox", 1);
    request.intent = generation::Intent::button(2);
    workshop.service.request(&request).await.unwrap();
    let next = workshop.service.answer_to(workshop.account, &request.intent).await.unwrap().unwrap().id;
    assert_eq!(workshop.work(next).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn a_lost_answer_of_a_provider_that_an_operator_took_away_ends_without_a_model() {
    let fal = FakeGenerator::new(Style::Queued { polls: 0 });
    fal.fail_next(failure(FailureClass::Unavailable).with_unknown_outcome());
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitting);
    let workshop = workshop.with_generators(BTreeMap::new());
    assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::NoModel));
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

/// A provider whose answer to the submission is lost, and whose callbacks say what `says` says.
fn lost_then(
    says: impl Fn() -> Result<WorkProgress, ProviderError> + Send + 'static,
    submissions: usize,
) -> MockImageGenerator {
    let mut fal = MockImageGenerator::new();
    fal.expect_submit()
        .times(1)
        .returning(|_| Err(failure(FailureClass::Unavailable).with_unknown_outcome()));
    fal.expect_submit().times(submissions - 1).returning(|_| {
        Ok(SubmissionOutcome::Ready(vec![GeneratedImage::Made(ImageSource::Inline(picture()))]))
    });
    fal.expect_interpret().returning(move |_, _| Ok((ProviderHandle::new("work"), says())));
    fal.expect_callback_support().return_const(CallbackSupport::WhenAsked);
    fal.expect_concerns_model().return_const(false);
    fal
}

#[tokio::test]
async fn after_a_lost_answer_a_callback_says_that_the_work_was_accepted() {
    let mut fal = lost_then(|| Ok(WorkProgress::Running), 1);
    fal.expect_poll().times(1).returning(|_| Ok(made()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    park(&workshop, id, 1, event("work")).await;
    workshop.advance(id).await;
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitted);
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn after_a_lost_answer_a_callback_says_that_the_work_failed() {
    let fal = lost_then(|| Err(failure(FailureClass::Unavailable)), 2);
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    park(&workshop, id, 1, event("work")).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.attempt), (StateName::Delivered, 2));
    assert_eq!(done.plan.unknown_outcomes, 0, "it is known what became of it");
}

#[tokio::test]
async fn a_callback_of_another_attempt_is_not_taken_for_this_one() {
    let fal = lost_then(|| Ok(made()), 2);
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    park(&workshop, id, 7, event("other")).await;
    workshop.advance(id).await;
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitting);
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.attempt), (StateName::Delivered, 2));
    assert_eq!(workshop.items(id).await.len(), 1);
}

#[tokio::test]
async fn a_callback_that_cannot_be_read_or_brings_nothing_only_makes_us_ask() {
    let mut fal = accepting(1, CallbackSupport::WhenAsked);
    fal.expect_interpret().times(1).returning(|_, _| Err(failure(FailureClass::Bug)));
    fal.expect_interpret()
        .returning(|_, _| Ok((ProviderHandle::new("work"), Ok(WorkProgress::Queued { position: None }))));
    fal.expect_poll().times(1).returning(|_| Ok(WorkProgress::Running));
    fal.expect_poll().times(1).returning(|_| Ok(made()));
    let workshop = fal_alone(fal).await;
    let id = workshop.begin("a fox", 1).await;
    workshop.advance(id).await;
    park(&workshop, id, 1, event("work")).await;
    workshop.advance(id).await;
    assert_eq!(workshop.look(id).await.state.name(), StateName::Submitted);
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
}

#[tokio::test]
async fn with_every_model_paused_meanwhile_what_was_not_drawn_ends_for_free() {
    let workshop = fal_alone(accepting(0, CallbackSupport::Never)).await;
    let id = workshop.begin("a fox", 1).await;
    let cause = PauseCause { code: "bad-key".to_owned(), detail: "the key is refused".to_owned() };
    workshop.database.pause(&Pausable::Model("flux".to_owned()), &cause).await.unwrap();
    assert_eq!(workshop.work(id).await.state, State::Failed(FailureReason::NoModel));
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

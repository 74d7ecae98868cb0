//! What every [`ImageGenerator`] must do.

use std::error::Error;
use std::iter::successors;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    GeneratedImage, ImageGenerator, ImageSource, ModelEntry, ModelKind, Prompt, ProviderHandle,
    ReferenceForm, ReferencePhoto, Submission, SubmissionOutcome, SubmittedLikeness, WorkProgress,
};
use kernel::{AspectRatio, CallOutcome, FailureClass, ImageFormat, Percent, ProviderError, ProviderEvent};

/// What a provider does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// It draws what is asked for.
    Draws,
    /// Its safety policy refuses the request as a whole.
    RefusesAll,
    /// Its safety policy keeps one of the images back.
    WithholdsOne,
    /// It does not know the key.
    BadKey,
    /// The account has nothing left to pay with.
    ExhaustedBalance,
    /// The model is gone.
    RetiredModel,
    /// Too many requests; it names [`NAMED_WAIT`].
    TooManyRequests,
    /// It answers with an error of its own.
    ServerError,
    /// It takes the request and hangs up without an answer.
    HangsUp,
    /// It takes the request, says that it is done, and breaks off within its answer.
    BreaksOff,
    /// Something else answers, with nonsense.
    TalksNonsense,
    /// Nobody is there.
    Away,
    /// It accepts work, and the work fails.
    WorkFails,
    /// It accepts work and knows nothing of it afterwards.
    WorkForgotten,
    /// It accepts work, and later questions fail like this.
    QuestionFails(FailingQuestion),
}

/// How a question about accepted work fails, which says nothing about the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailingQuestion {
    /// No answer.
    NoAnswer,
    /// An error of the server's own.
    ServerError,
    /// Too many requests.
    RateLimit,
    /// A key that it does not know any more.
    RefusedKey,
    /// An account that is locked.
    LockedAccount,
}

/// The wait that [`Scenario::TooManyRequests`] names.
pub const NAMED_WAIT: Duration = Duration::from_secs(7);

/// Counts requests that may cost something.
pub type CostlyRequests = Arc<dyn Fn() -> u32 + Send + Sync>;

/// A generator in front of a provider that does what a [`Scenario`] says.
pub struct Stage {
    /// The generator under test, with a key that contains [`KEY`].
    pub generator: Arc<dyn ImageGenerator>,
    /// A model that it takes.
    pub model: ModelEntry,
    /// How many requests that may cost something reached the provider.
    pub costly_requests: CostlyRequests,
}

/// Addresses for `fetch`.
pub struct Addresses {
    /// Addresses outside of the provider's own hosts, each serving an image that must not be fetched.
    pub foreign: Vec<String>,
    /// Addresses of the provider that lead on to another one.
    pub redirecting: Vec<String>,
    /// Addresses of the provider with more bytes than an image may have.
    pub too_large: Vec<String>,
}

/// Sets the stage. What a provider cannot do (one that answers at once accepts no work) has no stage.
#[async_trait]
pub trait Bench: Sync {
    /// A stage for a scenario.
    async fn stage(&self, scenario: Scenario) -> Option<Stage>;

    /// What the provider says in a verified callback about finished or failed work that it accepted on this stage.
    async fn callback(&self, stage: &Stage, handle: &ProviderHandle) -> Option<ProviderEvent>;

    /// Addresses for a generator of [`Scenario::Draws`], when its images lie at addresses.
    async fn addresses(&self, stage: &Stage) -> Option<Addresses>;
}

/// A part of every key, which stands out in any message.
pub const KEY: &str = "key-with-a-magpie";
/// A description that stands out in any message.
const PROMPT: &str = "a cockatrice under a crimson umbrella";
/// Longer than any local provider works.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(10);

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    submit_must_bring_the_images_in_order(bench).await;
    submit_must_send_one_request_that_may_cost_something_and_must_not_repeat_it_by_itself(bench).await;
    submit_must_say_unknown_when_the_request_may_have_been_accepted_without_our_knowing(bench).await;
    a_safety_refusal_of_the_whole_request_must_have_the_class_refused(bench).await;
    a_safety_refusal_of_single_images_must_be_withheld(bench).await;
    a_bad_key_an_exhausted_balance_and_a_retired_model_must_have_the_class_misconfigured(bench).await;
    too_many_requests_must_have_the_class_limited_with_the_wait_that_the_provider_named(bench).await;
    a_likeness_for_a_model_that_takes_none_must_fail_with_the_class_bug(bench).await;
    poll_of_work_that_failed_must_report_the_failure_with_not_done(bench).await;
    poll_of_work_that_the_provider_no_longer_knows_must_be_not_found(bench).await;
    poll_whose_question_itself_failed_must_say_unknown(bench).await;
    interpret_must_say_of_a_callback_what_poll_would_say(bench).await;
    fetch_must_refuse_foreign_addresses_redirects_and_more_than_the_size_limit(bench).await;
    probe_must_show_whether_the_model_can_be_used(bench).await;
    no_key_and_no_prompt_must_appear_in_any_error(bench).await;
}

/// `submit`, with `poll` and `fetch` where the provider works so, brings as many images as were asked for.
pub async fn submit_must_bring_the_images_in_order(bench: &dyn Bench) {
    let stage = expect_stage(bench, Scenario::Draws).await;
    let count = stage.model.images_per_call.min(4);
    for count in 1..=count {
        let images = images(&stage, count).await.expect("images");
        assert_eq!(images.len(), usize::from(count));
        for image in images {
            let bytes = match image {
                GeneratedImage::Made(ImageSource::Inline(bytes)) => bytes,
                GeneratedImage::Made(ImageSource::Remote(address)) => {
                    stage.generator.fetch(&address).await.expect("the bytes of an image")
                }
                GeneratedImage::Withheld => panic!("an image was kept back"),
            };
            assert!(!bytes.is_empty(), "an image has bytes");
        }
    }
}

/// `submit` MUST send one request that may cost something, and MUST NOT repeat it by itself.
pub async fn submit_must_send_one_request_that_may_cost_something_and_must_not_repeat_it_by_itself(
    bench: &dyn Bench,
) {
    for scenario in [
        Scenario::Draws,
        Scenario::RefusesAll,
        Scenario::TooManyRequests,
        Scenario::ServerError,
        Scenario::HangsUp,
        Scenario::BreaksOff,
        Scenario::TalksNonsense,
    ] {
        let Some(stage) = bench.stage(scenario).await else {
            continue;
        };
        let before = (stage.costly_requests)();
        // What came of it is another test's.
        drop(stage.generator.submit(&submission(&stage, 1)).await);
        let requests = (stage.costly_requests)() - before;
        assert!(requests <= 1, "{scenario:?}: {requests} requests for one submission");
        assert!(requests == 1 || scenario != Scenario::Draws, "the images came from somewhere");
    }
}

/// `submit` MUST say `CallOutcome::Unknown` when the request may have been accepted without our knowing; it says
/// `NotDone` when the provider refused it or was never reached.
pub async fn submit_must_say_unknown_when_the_request_may_have_been_accepted_without_our_knowing(
    bench: &dyn Bench,
) {
    for (scenario, outcome) in [
        (Scenario::HangsUp, CallOutcome::Unknown),
        (Scenario::BreaksOff, CallOutcome::Unknown),
        (Scenario::Away, CallOutcome::NotDone),
        (Scenario::BadKey, CallOutcome::NotDone),
        (Scenario::ExhaustedBalance, CallOutcome::NotDone),
        (Scenario::RetiredModel, CallOutcome::NotDone),
        (Scenario::TooManyRequests, CallOutcome::NotDone),
    ] {
        let Some(stage) = bench.stage(scenario).await else {
            continue;
        };
        let error = submission_error(&stage, scenario).await;
        assert_eq!(error.outcome, outcome, "{scenario:?}: {error:?}");
    }
}

/// A safety refusal of the whole request MUST have the class `Refused`.
pub async fn a_safety_refusal_of_the_whole_request_must_have_the_class_refused(bench: &dyn Bench) {
    let stage = expect_stage(bench, Scenario::RefusesAll).await;
    match images(&stage, 1).await {
        Err(error) => {
            assert_eq!(
                (error.class, error.outcome),
                (FailureClass::Refused, CallOutcome::NotDone),
                "{error:?}"
            );
        }
        Ok(images) => assert_eq!(images, [GeneratedImage::Withheld], "where one image is the whole request"),
    }
}

/// A safety refusal of single images MUST be `Withheld`.
pub async fn a_safety_refusal_of_single_images_must_be_withheld(bench: &dyn Bench) {
    let Some(stage) = bench.stage(Scenario::WithholdsOne).await else {
        return;
    };
    let count = stage.model.images_per_call.min(4);
    let images = images(&stage, count).await.expect("images");
    assert_eq!(images.len(), usize::from(count));
    let withheld = images.iter().filter(|image| **image == GeneratedImage::Withheld).count();
    assert_eq!(withheld, 1, "{images:?}");
}

/// A bad key, an exhausted balance and a retired model MUST have the class `Misconfigured`; the code MUST tell them
/// apart, and `concerns_model` MUST be true for the last alone.
pub async fn a_bad_key_an_exhausted_balance_and_a_retired_model_must_have_the_class_misconfigured(
    bench: &dyn Bench,
) {
    let mut codes = Vec::new();
    for (scenario, is_about_the_model) in
        [(Scenario::BadKey, false), (Scenario::ExhaustedBalance, false), (Scenario::RetiredModel, true)]
    {
        let Some(stage) = bench.stage(scenario).await else {
            continue;
        };
        let error = submission_error(&stage, scenario).await;
        assert_eq!(error.class, FailureClass::Misconfigured, "{scenario:?}: {error:?}");
        assert_eq!(stage.generator.concerns_model(&error), is_about_the_model, "{scenario:?}: {error:?}");
        assert!(!codes.contains(&error.code), "{scenario:?} has a code of its own, not {:?}", error.code);
        codes.push(error.code);
    }
}

/// Too many requests MUST have the class `Limited`, with the wait that the provider named.
pub async fn too_many_requests_must_have_the_class_limited_with_the_wait_that_the_provider_named(
    bench: &dyn Bench,
) {
    let stage = expect_stage(bench, Scenario::TooManyRequests).await;
    let error = submission_error(&stage, Scenario::TooManyRequests).await;
    assert_eq!(error.class, FailureClass::Limited { retry_after: Some(NAMED_WAIT) }, "{error:?}");
}

/// A likeness for a model that takes none MUST fail with the class `Bug`, and nothing MUST be sent.
pub async fn a_likeness_for_a_model_that_takes_none_must_fail_with_the_class_bug(bench: &dyn Bench) {
    let mut stage = expect_stage(bench, Scenario::Draws).await;
    stage.model.kind = ModelKind::TextToImage;
    let address = "https://files.example/one".to_owned();
    let photo = match stage.generator.reference_form() {
        ReferenceForm::Address => ReferencePhoto::Address(address.clone()),
        ReferenceForm::Inline => ReferencePhoto::Inline {
            format: ImageFormat::Jpeg,
            bytes: Bytes::from_static(b"\xff\xd8\xff\xe0 a photo"),
        },
    };
    for (what, likeness) in [
        ("weights", SubmittedLikeness::Weights { address, strength: Percent::FULL }),
        ("photos", SubmittedLikeness::References(vec![photo])),
    ] {
        let outcome = stage.generator.submit(&Submission { likeness, ..submission(&stage, 1) }).await;
        let error = outcome.err().unwrap_or_else(|| panic!("{what} were taken"));
        assert_eq!(
            (error.class, error.outcome),
            (FailureClass::Bug, CallOutcome::NotDone),
            "{what}: {error}"
        );
    }
    assert_eq!((stage.costly_requests)(), 0, "nothing was sent");
}

/// `poll` of work that failed MUST report the failure as an error of its class with `CallOutcome::NotDone`.
pub async fn poll_of_work_that_failed_must_report_the_failure_with_not_done(bench: &dyn Bench) {
    let Some(stage) = bench.stage(Scenario::WorkFails).await else {
        return;
    };
    let handle = accepted(&stage).await;
    let error = finished(&stage, &handle).await.expect_err("the work failed");
    assert_eq!(error.outcome, CallOutcome::NotDone, "{error:?}");
}

/// `poll` of work that the provider no longer knows MUST be `NotFound`.
pub async fn poll_of_work_that_the_provider_no_longer_knows_must_be_not_found(bench: &dyn Bench) {
    let Some(stage) = bench.stage(Scenario::WorkForgotten).await else {
        return;
    };
    let handle = accepted(&stage).await;
    let error = finished(&stage, &handle).await.expect_err("the work is forgotten");
    assert_eq!((error.class, error.outcome), (FailureClass::NotFound, CallOutcome::NotDone), "{error:?}");
}

/// `poll` whose question itself failed MUST say `CallOutcome::Unknown`: it says nothing about the work.
pub async fn poll_whose_question_itself_failed_must_say_unknown(bench: &dyn Bench) {
    for (question, is_configuration) in [
        (FailingQuestion::NoAnswer, false),
        (FailingQuestion::ServerError, false),
        (FailingQuestion::RateLimit, false),
        (FailingQuestion::RefusedKey, true),
        (FailingQuestion::LockedAccount, true),
    ] {
        let Some(stage) = bench.stage(Scenario::QuestionFails(question)).await else {
            continue;
        };
        let handle = accepted(&stage).await;
        let error = stage.generator.poll(&handle).await.expect_err("the question failed");
        assert_eq!(error.outcome, CallOutcome::Unknown, "{question:?}: {error:?}");
        assert_eq!(error.class == FailureClass::Misconfigured, is_configuration, "{question:?}: {error:?}");
    }
}

/// `interpret` MUST say of a callback what `poll` would say.
pub async fn interpret_must_say_of_a_callback_what_poll_would_say(bench: &dyn Bench) {
    for scenario in [Scenario::Draws, Scenario::RefusesAll, Scenario::WithholdsOne, Scenario::WorkFails] {
        let Some(stage) = bench.stage(scenario).await else {
            continue;
        };
        let Ok(SubmissionOutcome::Accepted(handle)) = stage.generator.submit(&submission(&stage, 1)).await
        else {
            continue;
        };
        let polled = finished(&stage, &handle).await;
        let Some(event) = bench.callback(&stage, &handle).await else {
            continue;
        };
        let (about, told) =
            stage.generator.interpret(&stage.model.id, &event).expect("a callback that can be read");
        assert_eq!(about, handle, "{scenario:?}");
        match (polled, told) {
            (Ok(images), Ok(WorkProgress::Ready(told))) => assert_eq!(told, images, "{scenario:?}"),
            (Err(polled), Err(told)) => {
                assert_eq!((told.class, told.outcome), (polled.class, polled.outcome), "{scenario:?}");
            }
            (polled, told) => panic!("{scenario:?}: asked {polled:?}, told {told:?}"),
        }
        let nonsense = ProviderEvent { body: "no callback of any provider".to_owned(), ..event };
        let error = stage.generator.interpret(&stage.model.id, &nonsense);
        assert!(!matches!(error, Ok((_, Ok(_)))), "nonsense is no progress: {error:?}");
    }
}

/// `fetch` MUST refuse addresses outside the provider's own hosts, redirects, and more than the size limit.
pub async fn fetch_must_refuse_foreign_addresses_redirects_and_more_than_the_size_limit(bench: &dyn Bench) {
    let stage = expect_stage(bench, Scenario::Draws).await;
    let addresses = bench.addresses(&stage).await;
    let known = addresses
        .into_iter()
        .flat_map(|addresses| [addresses.foreign, addresses.redirecting, addresses.too_large])
        .flatten();
    let never =
        ["http://127.0.0.1:9/image.png", "file:///etc/passwd", "http://[::1]/", "no address at all", ""];
    for address in known.chain(never.map(str::to_owned)) {
        let fetched = stage.generator.fetch(&address).await;
        assert!(fetched.is_err(), "{address} gave {:?} bytes", fetched.map(|bytes| bytes.len()));
    }
}

/// `probe` is a free call that shows whether the model can be used.
pub async fn probe_must_show_whether_the_model_can_be_used(bench: &dyn Bench) {
    for (scenario, works) in [
        (Scenario::Draws, true),
        (Scenario::BadKey, false),
        (Scenario::RetiredModel, false),
        (Scenario::Away, false),
    ] {
        let Some(stage) = bench.stage(scenario).await else {
            continue;
        };
        let before = (stage.costly_requests)();
        let outcome = stage.generator.probe(&stage.model).await;
        assert_eq!(outcome.is_ok(), works, "{scenario:?}: {outcome:?}");
        assert_eq!((stage.costly_requests)(), before, "{scenario:?}: a probe is free");
    }
}

/// No key and no prompt MUST appear in any error.
pub async fn no_key_and_no_prompt_must_appear_in_any_error(bench: &dyn Bench) {
    for scenario in [
        Scenario::RefusesAll,
        Scenario::BadKey,
        Scenario::ExhaustedBalance,
        Scenario::RetiredModel,
        Scenario::TooManyRequests,
        Scenario::ServerError,
        Scenario::HangsUp,
        Scenario::BreaksOff,
        Scenario::TalksNonsense,
        Scenario::Away,
        Scenario::WorkFails,
        Scenario::WorkForgotten,
        Scenario::QuestionFails(FailingQuestion::NoAnswer),
        Scenario::QuestionFails(FailingQuestion::ServerError),
        Scenario::QuestionFails(FailingQuestion::RefusedKey),
    ] {
        let Some(stage) = bench.stage(scenario).await else {
            continue;
        };
        let submitted = stage.generator.submit(&submission(&stage, 1)).await;
        let polled = match &submitted {
            Ok(SubmissionOutcome::Accepted(handle)) => stage.generator.poll(handle).await.err(),
            _ => None,
        };
        let probed = stage.generator.probe(&stage.model).await.err();
        for error in [submitted.err(), polled, probed].into_iter().flatten() {
            let said = everything_said(&error);
            for secret in [KEY, "cockatrice", "crimson", "umbrella"] {
                assert!(!said.contains(secret), "{scenario:?} gives {secret} away: {said}");
            }
        }
    }
}

async fn expect_stage(bench: &dyn Bench, scenario: Scenario) -> Stage {
    bench.stage(scenario).await.unwrap_or_else(|| panic!("every provider can be in {scenario:?}"))
}

fn submission(stage: &Stage, count: u8) -> Submission {
    Submission {
        model: stage.model.clone(),
        prompt: Prompt::new(PROMPT).expect("a description"),
        likeness: SubmittedLikeness::Nobody,
        aspect_ratio: AspectRatio::Square,
        count,
        seed: 7,
        callback: None,
    }
}

async fn submission_error(stage: &Stage, scenario: Scenario) -> ProviderError {
    match stage.generator.submit(&submission(stage, 1)).await {
        Err(error) => error,
        Ok(outcome) => panic!("{scenario:?}, and the submission gave {outcome:?}"),
    }
}

/// The images of a submission, waited for where the provider takes its time.
async fn images(stage: &Stage, count: u8) -> Result<Vec<GeneratedImage>, ProviderError> {
    match stage.generator.submit(&submission(stage, count)).await? {
        SubmissionOutcome::Ready(images) => Ok(images),
        SubmissionOutcome::Accepted(handle) => finished(stage, &handle).await,
    }
}

async fn accepted(stage: &Stage) -> ProviderHandle {
    match stage.generator.submit(&submission(stage, 1)).await.expect("the provider accepts") {
        SubmissionOutcome::Accepted(handle) => handle,
        SubmissionOutcome::Ready(images) => panic!("{} images came at once", images.len()),
    }
}

/// What becomes of accepted work in the end.
async fn finished(stage: &Stage, handle: &ProviderHandle) -> Result<Vec<GeneratedImage>, ProviderError> {
    let asking = async {
        loop {
            if let WorkProgress::Ready(images) = stage.generator.poll(handle).await? {
                return Ok(images);
            }
            tokio::time::sleep(BETWEEN_QUESTIONS).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("the work comes to an end")
}

/// The error with its causes, for people and for programmers.
fn everything_said(error: &ProviderError) -> String {
    let causes = successors(error.source(), |cause: &&dyn Error| (*cause).source());
    let mut said = vec![format!("{error} {error:?}")];
    said.extend(causes.map(|cause| format!("{cause} {cause:?}")));
    said.join(" ")
}

//! What every [`AvatarTrainer`] must do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use avatar::{
    AvatarTrainer, PresetName, TrainedFiles, TrainerEntry, TrainingOrder, TrainingPreset, TrainingProgress,
    TrainingStanding,
};
use bytes::Bytes;
use futures::StreamExt as _;
use kernel::{CallOutcome, Credits, FailureClass, ProviderError, ProviderEvent, ProviderHandle};

pub use super::image_generator::FailingQuestion;
use super::said::assert_silent;

/// What a provider does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// It trains.
    Trains,
    /// It cannot use the photos.
    RefusesPhotos,
    /// Its safety policy forbids the training.
    Refuses,
    /// It does not know the key.
    BadKey,
    /// The account has nothing left to pay with.
    ExhaustedBalance,
    /// The trainer is gone.
    RetiredTrainer,
    /// Too many requests.
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
    /// It accepts the training, and the training fails.
    TrainingFails,
    /// It accepts the training and knows nothing of it afterwards.
    TrainingForgotten,
    /// It completes the training and names no weights.
    WithoutWeights,
    /// It accepts the training, and later questions fail like this.
    QuestionFails(FailingQuestion),
}

/// A trainer in front of a provider that does what a [`Scenario`] says.
pub struct Stage {
    /// The trainer under test, with a key that contains [`KEY`].
    pub trainer: Arc<dyn AvatarTrainer>,
    /// An entry of the registry that it takes.
    pub entry: TrainerEntry,
    /// How many requests that may cost something reached the provider.
    pub costly_requests: Arc<dyn Fn() -> u32 + Send + Sync>,
}

/// Addresses for `open` and `fetch`.
#[derive(Default)]
pub struct Addresses {
    /// Addresses outside of the provider's own hosts, each serving a file that must not be read.
    pub foreign: Vec<String>,
    /// Addresses of the provider that lead on to another one.
    pub redirecting: Vec<String>,
    /// Addresses of the provider that serve bytes without end.
    pub endless: Vec<String>,
    /// An address of the provider that serves 1,000 bytes.
    pub small: Option<String>,
}

/// Sets the stage.
#[async_trait]
pub trait Bench: Sync {
    /// A stage for a scenario.
    async fn stage(&self, scenario: Scenario) -> Stage;

    /// What the provider says in a verified callback about the training that it accepted on this stage.
    async fn callback(&self, stage: &Stage, handle: &ProviderHandle) -> Option<ProviderEvent>;

    /// Addresses for a trainer of [`Scenario::Trains`].
    async fn addresses(&self, stage: &Stage) -> Addresses;
}

/// A part of every key, which stands out in any message.
pub const KEY: &str = "key-with-a-magpie";
/// A part of every address of a file, which stands out in any message.
pub const FILE: &str = "cockatrice";
/// The address of the photos in every order.
const ARCHIVE: &str = "https://files.example/crimson/cockatrice.zip";
/// Longer than any local provider trains.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(10);

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    a_training_ends_with_files_that_can_be_read(bench).await;
    submit_must_send_one_request_that_may_cost_something_and_must_not_repeat_it_by_itself(bench).await;
    submit_must_say_unknown_when_the_request_may_have_been_accepted_without_our_knowing(bench).await;
    photos_that_cannot_be_used_must_have_the_class_invalid_and_a_safety_refusal_refused(bench).await;
    a_bad_key_an_exhausted_balance_and_a_retired_trainer_must_have_the_class_misconfigured(bench).await;
    poll_of_a_training_that_failed_must_report_it_with_not_done_and_of_an_unknown_one_not_found(bench).await;
    poll_of_a_training_that_was_completed_without_weights_must_say_no_weights(bench).await;
    poll_whose_question_itself_failed_must_say_unknown(bench).await;
    interpret_must_say_of_a_callback_what_poll_would_say(bench).await;
    open_must_refuse_foreign_addresses_and_redirects_and_must_hold_no_more_than_a_few_pieces(bench).await;
    fetch_must_refuse_what_open_refuses_and_more_than_the_limit(bench).await;
    probe_must_show_whether_the_trainer_can_be_used(bench).await;
    no_key_and_no_address_of_a_file_must_appear_in_any_error(bench).await;
}

/// A training that is ordered ends with files that `open` and `fetch` read.
pub async fn a_training_ends_with_files_that_can_be_read(bench: &dyn Bench) {
    let stage = bench.stage(Scenario::Trains).await;
    let handle = stage.trainer.submit(&order(&stage)).await.expect("the provider accepts");
    let files = finished(&stage, &handle).await.expect("weights");
    let mut weights = stage.trainer.open(&files.weights).await.expect("weights that can be read");
    let mut length = 0;
    while let Some(piece) = weights.bytes.next().await {
        length += u64::try_from(piece.expect("a piece").len()).expect("a length");
    }
    assert!(length > 0, "weights have bytes");
    for told in [weights.size, files.weights_size].into_iter().flatten() {
        assert_eq!(told, length, "what is told of the size is true");
    }
    if let Some(config) = &files.config {
        stage.trainer.fetch(config, 1_000_000).await.expect("a description of the weights");
    }
}

/// `submit` MUST send one request that may cost something, and MUST NOT repeat it by itself.
pub async fn submit_must_send_one_request_that_may_cost_something_and_must_not_repeat_it_by_itself(
    bench: &dyn Bench,
) {
    for scenario in [
        Scenario::Trains,
        Scenario::TooManyRequests,
        Scenario::ServerError,
        Scenario::HangsUp,
        Scenario::BreaksOff,
        Scenario::TalksNonsense,
    ] {
        let stage = bench.stage(scenario).await;
        // What came of it is another test's.
        drop(stage.trainer.submit(&order(&stage)).await);
        let requests = (stage.costly_requests)();
        assert!(requests <= 1, "{scenario:?}: {requests} requests for one order");
        assert!(requests == 1 || scenario != Scenario::Trains, "the training came from somewhere");
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
        (Scenario::TalksNonsense, CallOutcome::Unknown),
        (Scenario::Away, CallOutcome::NotDone),
        (Scenario::BadKey, CallOutcome::NotDone),
        (Scenario::ExhaustedBalance, CallOutcome::NotDone),
        (Scenario::RetiredTrainer, CallOutcome::NotDone),
        (Scenario::TooManyRequests, CallOutcome::NotDone),
    ] {
        let stage = bench.stage(scenario).await;
        let error = submission_error(&stage, scenario).await;
        assert_eq!(error.outcome, outcome, "{scenario:?}: {error:?}");
    }
}

/// Photos that cannot be used MUST have the class `Invalid`; a safety refusal MUST have the class `Refused`.
pub async fn photos_that_cannot_be_used_must_have_the_class_invalid_and_a_safety_refusal_refused(
    bench: &dyn Bench,
) {
    for (scenario, class) in
        [(Scenario::RefusesPhotos, FailureClass::Invalid), (Scenario::Refuses, FailureClass::Refused)]
    {
        let stage = bench.stage(scenario).await;
        let error = trained(&stage).await.expect_err("it came to nothing");
        assert_eq!((error.class, error.outcome), (class, CallOutcome::NotDone), "{scenario:?}: {error:?}");
    }
}

/// A bad key, an exhausted balance and a retired trainer MUST have the class `Misconfigured`; `concerns_trainer` is true
/// for the last alone.
pub async fn a_bad_key_an_exhausted_balance_and_a_retired_trainer_must_have_the_class_misconfigured(
    bench: &dyn Bench,
) {
    let mut codes = Vec::new();
    for (scenario, is_about_the_trainer) in
        [(Scenario::BadKey, false), (Scenario::ExhaustedBalance, false), (Scenario::RetiredTrainer, true)]
    {
        let stage = bench.stage(scenario).await;
        let error = submission_error(&stage, scenario).await;
        assert_eq!(error.class, FailureClass::Misconfigured, "{scenario:?}: {error:?}");
        assert_eq!(stage.trainer.concerns_trainer(&error), is_about_the_trainer, "{scenario:?}: {error:?}");
        assert!(!codes.contains(&error.code), "{scenario:?} has a code of its own, not {:?}", error.code);
        codes.push(error.code);
    }
}

/// `poll` of a training that failed MUST report the failure as an error of its class with `CallOutcome::NotDone`; of one
/// that the provider no longer knows it MUST be `NotFound`.
pub async fn poll_of_a_training_that_failed_must_report_it_with_not_done_and_of_an_unknown_one_not_found(
    bench: &dyn Bench,
) {
    let stage = bench.stage(Scenario::TrainingFails).await;
    let error = trained(&stage).await.expect_err("the training failed");
    assert_eq!((error.class, error.outcome), (FailureClass::Unavailable, CallOutcome::NotDone), "{error:?}");

    let stage = bench.stage(Scenario::TrainingForgotten).await;
    let error = trained(&stage).await.expect_err("the training is forgotten");
    assert_eq!((error.class, error.outcome), (FailureClass::NotFound, CallOutcome::NotDone), "{error:?}");
}

/// `poll` of a training that was completed without weights MUST be an error with the code `no-weights`.
pub async fn poll_of_a_training_that_was_completed_without_weights_must_say_no_weights(bench: &dyn Bench) {
    let stage = bench.stage(Scenario::WithoutWeights).await;
    let error = trained(&stage).await.expect_err("there are no weights");
    assert_eq!((error.code.as_str(), error.outcome), ("no-weights", CallOutcome::NotDone), "{error:?}");
}

/// `poll` whose question itself failed MUST say `CallOutcome::Unknown`: it says nothing about the training.
pub async fn poll_whose_question_itself_failed_must_say_unknown(bench: &dyn Bench) {
    for (question, is_configuration) in [
        (FailingQuestion::NoAnswer, false),
        (FailingQuestion::ServerError, false),
        (FailingQuestion::RateLimit, false),
        (FailingQuestion::RefusedKey, true),
        (FailingQuestion::LockedAccount, true),
    ] {
        let stage = bench.stage(Scenario::QuestionFails(question)).await;
        let handle = stage.trainer.submit(&order(&stage)).await.expect("the provider accepts");
        let error = stage.trainer.poll(&handle).await.expect_err("the question failed");
        assert_eq!(error.outcome, CallOutcome::Unknown, "{question:?}: {error:?}");
        assert_eq!(error.class == FailureClass::Misconfigured, is_configuration, "{question:?}: {error:?}");
    }
}

/// `interpret` MUST say of a callback what `poll` would say.
pub async fn interpret_must_say_of_a_callback_what_poll_would_say(bench: &dyn Bench) {
    for scenario in [
        Scenario::Trains,
        Scenario::RefusesPhotos,
        Scenario::Refuses,
        Scenario::TrainingFails,
        Scenario::WithoutWeights,
    ] {
        let stage = bench.stage(scenario).await;
        let Ok(handle) = stage.trainer.submit(&order(&stage)).await else { continue };
        let polled = finished(&stage, &handle).await;
        let Some(event) = bench.callback(&stage, &handle).await else { continue };
        let (about, told) =
            stage.trainer.interpret(&stage.entry, &event).expect("a callback that can be read");
        assert_eq!(about, handle, "{scenario:?}");
        match (polled, told) {
            (Ok(files), Ok(TrainingStanding::Trained(told))) => assert_eq!(told, files, "{scenario:?}"),
            (Err(polled), Err(told)) => {
                assert_eq!(
                    (told.class, told.outcome, told.code),
                    (polled.class, polled.outcome, polled.code),
                    "{scenario:?}"
                );
            }
            (polled, told) => panic!("{scenario:?}: asked {polled:?}, told {told:?}"),
        }
        let nonsense = ProviderEvent { body: "no callback of any provider".to_owned(), ..event };
        let error = stage.trainer.interpret(&stage.entry, &nonsense);
        assert!(!matches!(error, Ok((_, Ok(_)))), "nonsense is no progress: {error:?}");
    }
}

/// `open` MUST refuse addresses outside the provider's own hosts and redirects, and MUST hold no more than a few pieces in
/// memory: of bytes without end, one can be had after the other.
pub async fn open_must_refuse_foreign_addresses_and_redirects_and_must_hold_no_more_than_a_few_pieces(
    bench: &dyn Bench,
) {
    const MANY: usize = 64 * 1024 * 1024;
    let stage = bench.stage(Scenario::Trains).await;
    let addresses = bench.addresses(&stage).await;
    for address in refused(&addresses) {
        assert!(stage.trainer.open(&address).await.is_err(), "{address} was opened");
    }
    for address in &addresses.endless {
        let mut opened = stage.trainer.open(address).await.expect("bytes without end");
        let mut length = 0;
        while length < MANY {
            let piece: Bytes = opened.bytes.next().await.expect("there is no end").expect("a piece");
            assert!(piece.len() <= 4 * 1024 * 1024, "a piece of {} bytes", piece.len());
            length += piece.len();
        }
    }
}

/// `fetch` MUST refuse what `open` refuses, and more than the limit.
pub async fn fetch_must_refuse_what_open_refuses_and_more_than_the_limit(bench: &dyn Bench) {
    let stage = bench.stage(Scenario::Trains).await;
    let addresses = bench.addresses(&stage).await;
    for address in refused(&addresses).chain(addresses.endless.iter().cloned()) {
        let fetched = stage.trainer.fetch(&address, 1_000).await;
        assert!(fetched.is_err(), "{address} gave {:?} bytes", fetched.map(|bytes| bytes.len()));
    }
    if let Some(small) = &addresses.small {
        assert_eq!(stage.trainer.fetch(small, 1_000).await.expect("exactly the limit").len(), 1_000);
        assert!(stage.trainer.fetch(small, 999).await.is_err(), "more than the limit");
    }
}

/// `probe` is a free call that shows whether the trainer can be used.
pub async fn probe_must_show_whether_the_trainer_can_be_used(bench: &dyn Bench) {
    for (scenario, works) in [
        (Scenario::Trains, true),
        (Scenario::BadKey, false),
        (Scenario::RetiredTrainer, false),
        (Scenario::Away, false),
    ] {
        let stage = bench.stage(scenario).await;
        let outcome = stage.trainer.probe(&stage.entry).await;
        assert_eq!(outcome.is_ok(), works, "{scenario:?}: {outcome:?}");
        assert_eq!((stage.costly_requests)(), 0, "{scenario:?}: a probe is free");
    }
}

/// No key and no address of a file MUST appear in any error.
pub async fn no_key_and_no_address_of_a_file_must_appear_in_any_error(bench: &dyn Bench) {
    for scenario in [
        Scenario::RefusesPhotos,
        Scenario::Refuses,
        Scenario::BadKey,
        Scenario::ExhaustedBalance,
        Scenario::RetiredTrainer,
        Scenario::TooManyRequests,
        Scenario::ServerError,
        Scenario::HangsUp,
        Scenario::BreaksOff,
        Scenario::TalksNonsense,
        Scenario::Away,
        Scenario::TrainingFails,
        Scenario::TrainingForgotten,
        Scenario::WithoutWeights,
        Scenario::QuestionFails(FailingQuestion::NoAnswer),
        Scenario::QuestionFails(FailingQuestion::RefusedKey),
    ] {
        let stage = bench.stage(scenario).await;
        let submitted = stage.trainer.submit(&order(&stage)).await;
        let polled = match &submitted {
            Ok(handle) => stage.trainer.poll(handle).await.err(),
            Err(_) => None,
        };
        let probed = stage.trainer.probe(&stage.entry).await.err();
        for error in [submitted.err(), polled, probed].into_iter().flatten() {
            assert_silent(&format!("{scenario:?}"), &error, &[KEY, FILE, "crimson"]);
        }
    }
    let stage = bench.stage(Scenario::Trains).await;
    for address in refused(&bench.addresses(&stage).await) {
        for error in [stage.trainer.open(&address).await.err(), stage.trainer.fetch(&address, 9).await.err()]
        {
            let error = error.unwrap_or_else(|| panic!("{address} was read"));
            assert_silent(&address, &error, &[KEY, FILE]);
        }
    }
}

/// Addresses that must not be read.
fn refused(addresses: &Addresses) -> impl Iterator<Item = String> + use<> {
    let never = [
        "http://127.0.0.1:9/cockatrice",
        "file:///etc/cockatrice",
        "http://[::1]/cockatrice",
        "no address of a cockatrice",
        "",
    ];
    let known = [addresses.foreign.clone(), addresses.redirecting.clone()].into_iter().flatten();
    known.chain(never.map(str::to_owned))
}

fn order(stage: &Stage) -> TrainingOrder {
    let usual = TrainingPreset { steps: 1_000, price: Credits::of(100), cost_micro_usd: 2_400_000 };
    TrainingOrder {
        trainer: stage.entry.clone(),
        preset: stage.entry.presets.get(&PresetName::Standard).copied().unwrap_or(usual),
        archive: ARCHIVE.to_owned(),
        keep_for: Duration::from_hours(2),
        callback: None,
    }
}

async fn submission_error(stage: &Stage, scenario: Scenario) -> ProviderError {
    match stage.trainer.submit(&order(stage)).await {
        Err(error) => error,
        Ok(handle) => panic!("{scenario:?}, and the order was accepted: {handle:?}"),
    }
}

/// What becomes of an order in the end.
async fn trained(stage: &Stage) -> Result<TrainedFiles, ProviderError> {
    let handle = stage.trainer.submit(&order(stage)).await?;
    finished(stage, &handle).await
}

/// What becomes of an accepted order in the end. Meanwhile the share that is done never falls.
async fn finished(stage: &Stage, handle: &ProviderHandle) -> Result<TrainedFiles, ProviderError> {
    let asking = async {
        let mut latest = TrainingProgress::default();
        loop {
            match stage.trainer.poll(handle).await? {
                TrainingStanding::Trained(files) => return Ok(files),
                TrainingStanding::UnderWay(progress) => {
                    assert!(progress.done >= latest.done, "{progress:?} after {latest:?}");
                    latest = progress;
                }
            }
            tokio::time::sleep(BETWEEN_QUESTIONS).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("the training comes to an end")
}

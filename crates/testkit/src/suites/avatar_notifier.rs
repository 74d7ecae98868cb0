//! What every [`AvatarNotifier`] must do.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use avatar::{
    Avatar, AvatarKind, AvatarName, AvatarNotifier, AvatarState, Collection, Consent, ConsentVersion,
    KindName, MissingShot, News, NextTraining, PhotoProblem, PresetName, RemovalCause, RemovalReceipt,
    SetScore, TrainerId, Training, TrainingEnding, TrainingFailure, TrainingProgress, TrainingStage,
    WizardStep,
};
use kernel::{
    AccountId, Audience, AvatarId, CallOutcome, Credits, HoldId, MessageId, NotifyError, Percent, Timestamp,
};
use uuid::Uuid;

use super::notifier::{Condition, Conversation, SeenMessage, Shows};

/// A notifier and the conversation that it speaks into.
pub struct Stage {
    /// The notifier under test.
    pub notifier: Arc<dyn AvatarNotifier>,
    /// Whose conversation it is.
    pub account: AccountId,
    /// The conversation, with the id that its progress message has or had.
    pub audience: Audience,
    /// What the person sees.
    pub conversation: Arc<dyn Conversation>,
}

/// Sets the stage.
#[async_trait]
pub trait Bench: Sync {
    /// A stage.
    async fn stage(&self, condition: Condition) -> Stage;
}

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    every_call_but_send_receipt_must_edit_the_progress_message_so_that_repeating_it_shows_one_message(bench)
        .await;
    when_the_progress_message_is_gone_show_collection_and_tell_ending_must_send_a_new_one_and_answer_its_id(
        bench,
    )
    .await;
    when_the_progress_message_is_gone_show_stage_must_succeed_and_send_nothing(bench).await;
    tell_ending_of_a_training_that_took_longer_than_a_minute_must_be_a_new_message(bench).await;
    send_receipt_must_leave_the_progress_message_as_it_is(bench).await;
    a_person_who_blocked_the_bot_must_be_unreachable(bench).await;
    unknown_must_be_reported_whenever_a_message_may_have_been_sent(bench).await;
}

/// Every call but `send_receipt` MUST edit the avatar's progress message when there is one, so that repeating it shows
/// one message; that it is unchanged MUST count as success.
pub async fn every_call_but_send_receipt_must_edit_the_progress_message_so_that_repeating_it_shows_one_message(
    bench: &dyn Bench,
) {
    for call in Call::edits() {
        let stage = bench.stage(Condition::Well).await;
        for round in 1..=2 {
            let told = call
                .make(&stage, Took::Seconds)
                .await
                .unwrap_or_else(|error| panic!("{call:?}, round {round}: {error:?}"));
            let messages = stage.conversation.messages();
            assert_eq!(ids(&messages), [progress(&stage)], "{call:?}, round {round}: {messages:?}");
            assert_eq!(messages[0].shows, Shows::Words, "{call:?}, round {round}: {messages:?}");
            if call.answers_an_id() {
                assert_eq!(told, Some(progress(&stage)), "{call:?}, round {round}");
            }
        }
    }
}

/// When the progress message is gone, `show_collection` and `tell_ending` MUST send a new one and answer its id.
pub async fn when_the_progress_message_is_gone_show_collection_and_tell_ending_must_send_a_new_one_and_answer_its_id(
    bench: &dyn Bench,
) {
    for call in Call::edits().into_iter().filter(Call::answers_an_id) {
        let stage = bench.stage(Condition::ProgressGone).await;
        assert_eq!(stage.conversation.messages(), []);
        let told =
            call.make(&stage, Took::Seconds).await.unwrap_or_else(|error| panic!("{call:?}: {error:?}"));
        let messages = stage.conversation.messages();
        assert_eq!(messages.len(), 1, "{call:?}: {messages:?}");
        assert_ne!(messages[0].id, progress(&stage), "{call:?}");
        assert_eq!(told, Some(messages[0].id), "{call:?}");
    }
}

/// When the progress message is gone, `show_stage` MUST succeed and send nothing.
pub async fn when_the_progress_message_is_gone_show_stage_must_succeed_and_send_nothing(bench: &dyn Bench) {
    for call in Call::edits().into_iter().filter(|call| !call.answers_an_id()) {
        let stage = bench.stage(Condition::ProgressGone).await;
        call.make(&stage, Took::Seconds).await.expect("nobody wants to know");
        assert_eq!(stage.conversation.messages(), [], "{call:?}");
    }
}

/// `tell_ending` of a training that took longer than a minute MUST be a new message, because an edit rings no bell.
pub async fn tell_ending_of_a_training_that_took_longer_than_a_minute_must_be_a_new_message(
    bench: &dyn Bench,
) {
    for condition in [Condition::Well, Condition::ProgressGone] {
        for ending in endings() {
            let stage = bench.stage(condition).await;
            let call = Call::Ending(ending);
            let told =
                call.make(&stage, Took::Minutes).await.unwrap_or_else(|error| panic!("{call:?}: {error:?}"));
            let messages = stage.conversation.messages();
            let new: Vec<MessageId> =
                ids(&messages).into_iter().filter(|message| *message != progress(&stage)).collect();
            assert_eq!(new.len(), 1, "{condition:?}, {call:?}: {messages:?}");
            assert_eq!(told, Some(new[0]), "{condition:?}, {call:?}");
        }
    }
}

/// `send_receipt` is about what is over: it MUST NOT edit the progress message.
pub async fn send_receipt_must_leave_the_progress_message_as_it_is(bench: &dyn Bench) {
    for call in receipts() {
        let stage = bench.stage(Condition::Well).await;
        call.make(&stage, Took::Seconds).await.unwrap_or_else(|error| panic!("{call:?}: {error:?}"));
        let messages = stage.conversation.messages();
        let new = messages.iter().filter(|message| message.id != progress(&stage)).count();
        assert_eq!(new, 1, "{call:?}: {messages:?}");
    }
}

/// A person who blocked the bot MUST be `Unreachable`.
pub async fn a_person_who_blocked_the_bot_must_be_unreachable(bench: &dyn Bench) {
    for call in Call::edits().into_iter().chain(receipts()) {
        for took in [Took::Seconds, Took::Minutes] {
            let stage = bench.stage(Condition::Blocked).await;
            let outcome = call.make(&stage, took).await;
            assert!(matches!(outcome, Err(NotifyError::Unreachable)), "{call:?}, {took:?}: {outcome:?}");
        }
    }
}

/// `CallOutcome::Unknown` MUST be reported whenever a message may have been sent.
pub async fn unknown_must_be_reported_whenever_a_message_may_have_been_sent(bench: &dyn Bench) {
    for call in endings().into_iter().map(Call::Ending).chain(receipts()) {
        let stage = bench.stage(Condition::AnswersLost).await;
        let outcome = call.make(&stage, Took::Minutes).await;
        assert!(
            matches!(&outcome, Err(NotifyError::Failed(error)) if error.outcome == CallOutcome::Unknown),
            "{call:?}: {outcome:?}"
        );
        let messages = stage.conversation.messages();
        let new = messages.iter().filter(|message| message.id != progress(&stage)).count();
        assert!(new <= 1, "nothing is sent again by itself: {messages:?}");
    }
}

/// How long a training took.
#[derive(Debug, Clone, Copy)]
enum Took {
    Seconds,
    Minutes,
}

/// A call of the port.
#[derive(Debug, Clone)]
enum Call {
    Collection,
    Stage(TrainingStage),
    Ending(TrainingEnding),
    Receipt(RemovalCause, RemovalReceipt),
}

impl Call {
    /// Every call that edits the progress message.
    fn edits() -> Vec<Self> {
        let progress = TrainingProgress { position: None, done: Some(Percent::new(40)) };
        let waiting = TrainingProgress { position: Some(2), done: None };
        let remaining = Some(Duration::from_mins(9));
        let stages = [
            TrainingStage::Preparing,
            TrainingStage::Training { progress, remaining },
            TrainingStage::Training { progress: waiting, remaining: None },
            TrainingStage::TryingAgain,
            TrainingStage::Copying,
        ];
        [Self::Collection]
            .into_iter()
            .chain(stages.map(Self::Stage))
            .chain(endings().map(Self::Ending))
            .collect()
    }

    fn answers_an_id(&self) -> bool {
        matches!(self, Self::Collection | Self::Ending(_))
    }

    async fn make(&self, stage: &Stage, took: Took) -> Result<Option<MessageId>, NotifyError> {
        let avatar = avatar(stage, took);
        match self {
            Self::Collection => stage.notifier.show_collection(&avatar, &collection()).await,
            Self::Stage(training) => stage.notifier.show_stage(&avatar, *training).await.map(|()| None),
            Self::Ending(ending) => stage.notifier.tell_ending(&avatar, ending).await,
            Self::Receipt(why, receipt) => {
                stage.notifier.send_receipt(&avatar, *why, *receipt).await.map(|()| None)
            }
        }
    }
}

fn endings() -> [TrainingEnding; 4] {
    let reason = TrainingFailure::Internal { reference: "R-<1>".to_owned() };
    let returned = Credits::of(20);
    [
        TrainingEnding::Ready { photos_until: Timestamp::from_seconds(1_795_600_000) },
        TrainingEnding::Failed { reason, returned },
        TrainingEnding::Failed { reason: TrainingFailure::NoWeights, returned: Credits::ZERO },
        TrainingEnding::Cancelled { returned },
    ]
}

fn receipts() -> [Call; 2] {
    [
        Call::Receipt(RemovalCause::Retention, RemovalReceipt { photos: 12, weights_bytes: 0 }),
        Call::Receipt(RemovalCause::Deleted, RemovalReceipt { photos: 12, weights_bytes: 180_000_000 }),
    ]
}

fn collection() -> Collection {
    Collection {
        accepted: 11,
        waiting: 1,
        rejected: vec![
            (MessageId::new(900), PhotoProblem::TooDark),
            (MessageId::new(901), PhotoProblem::SeveralFaces),
        ],
        score: SetScore {
            score: Percent::new(64),
            missing: vec![MissingShot::Profile, MissingShot::OtherLight],
        },
    }
}

/// An avatar of the stage's person, whose name is nasty.
fn avatar(stage: &Stage, took: Took) -> Avatar {
    let now = stage.conversation.now();
    let ago = match took {
        Took::Seconds => Duration::from_secs(20),
        Took::Minutes => Duration::from_mins(20),
    };
    let id = AvatarId::new(Uuid::from_u128(0xA1));
    Avatar {
        id,
        account: stage.account,
        consent: Consent { version: ConsentVersion::CURRENT, text_digest: "0".repeat(64), given_at: now },
        name: Some(AvatarName::new("</b>Anna & <Co>").expect("a name")),
        kind: Some(AvatarKind::new(KindName::Portrait)),
        step: WizardStep::Photos,
        preset: Some(PresetName::Standard),
        state: AvatarState::Collecting,
        audience: stage.audience,
        leafing_message: None,
        compared: BTreeSet::new(),
        next_training: NextTraining::Paid,
        training: Some(Training {
            round: 1,
            trainer: TrainerId::new("trainer"),
            preset: PresetName::Standard,
            price: Credits::of(20),
            hold: HoldId::new(id.uuid()),
            ordered_at: now.before(ago),
            deadline: now,
            attempt: 1,
            attempts_of_round: 1,
            unknown_outcomes: 0,
            last_failure: None,
            unwanted: None,
        }),
        weights: None,
        news: News::Due,
        leaving_photos: 0,
        ready_at: None,
        created_at: now.before(ago),
        updated_at: now.before(ago),
        version: 1,
    }
}

fn progress(stage: &Stage) -> MessageId {
    stage.audience.progress_message.expect("the stage has, or had, a progress message")
}

fn ids(messages: &[SeenMessage]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

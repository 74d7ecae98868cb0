//! What every [`HelpNotifier`] must do.

use async_trait::async_trait;
use generation::{HelpFailure, HelpNotifier, HelpRequest, HelpState, HelpTask, NotifyError, Prompt};
use kernel::{AccountId, HelpId, IncomingFileId, Intent, Language, MessageId, Timestamp};
use std::sync::Arc;
use uuid::Uuid;

use super::notifier::{Buttons, Condition, Conversation, SeenMessage};

/// A notifier and the conversation that it speaks into.
pub struct Stage {
    /// The notifier under test.
    pub notifier: Arc<dyn HelpNotifier>,
    /// Where the person waits, with the id that the progress message has or had.
    pub audience: kernel::Audience,
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
    show_answer_and_tell_failure_must_edit_the_progress_message_so_that_repeating_them_shows_one_message(
        bench,
    )
    .await;
    when_the_progress_message_is_gone_they_must_send_a_new_one(bench).await;
    a_person_who_blocked_the_bot_must_be_unreachable(bench).await;
}

/// `show_answer` and `tell_failure` MUST edit the progress message when there is one, so that repeating them shows one
/// message.
pub async fn show_answer_and_tell_failure_must_edit_the_progress_message_so_that_repeating_them_shows_one_message(
    bench: &dyn Bench,
) {
    for task in tasks() {
        for news in News::ALL {
            let stage = bench.stage(Condition::Well).await;
            for round in 1..=2 {
                news.tell(&stage, &task)
                    .await
                    .unwrap_or_else(|error| panic!("{news:?}, round {round}: {error:?}"));
                let messages = stage.conversation.messages();
                assert_eq!(ids(&messages), [progress(&stage)], "{news:?}, round {round}: {messages:?}");
                assert_eq!(messages[0].buttons, Buttons::Some, "{task:?}, {news:?}: there is a way on");
            }
        }
    }
}

/// When the progress message is gone they MUST send a new one.
pub async fn when_the_progress_message_is_gone_they_must_send_a_new_one(bench: &dyn Bench) {
    for news in News::ALL {
        let stage = bench.stage(Condition::ProgressGone).await;
        assert_eq!(stage.conversation.messages(), []);
        let [task, ..] = tasks();
        news.tell(&stage, &task).await.unwrap_or_else(|error| panic!("{news:?}: {error:?}"));
        let messages = stage.conversation.messages();
        assert_eq!(messages.len(), 1, "{news:?}: {messages:?}");
        assert_ne!(messages[0].id, progress(&stage), "{news:?}");
    }
}

/// A person who blocked the bot MUST be `Unreachable`.
pub async fn a_person_who_blocked_the_bot_must_be_unreachable(bench: &dyn Bench) {
    for news in News::ALL {
        let stage = bench.stage(Condition::Blocked).await;
        let [task, ..] = tasks();
        let outcome = news.tell(&stage, &task).await;
        assert!(matches!(outcome, Err(NotifyError::Unreachable)), "{news:?}: {outcome:?}");
    }
}

/// What a person is told.
#[derive(Debug, Clone, Copy)]
enum News {
    Answer,
    Failure,
}

impl News {
    const ALL: [Self; 2] = [Self::Answer, Self::Failure];

    async fn tell(self, stage: &Stage, task: &HelpTask) -> Result<(), NotifyError> {
        let request = request(stage, task);
        match self {
            Self::Answer => stage.notifier.show_answer(&request, "a <red> fox & *snow*").await,
            Self::Failure => stage.notifier.tell_failure(&request, &HelpFailure::Unavailable).await,
        }
    }
}

fn tasks() -> [HelpTask; 5] {
    let prompt = Prompt::new("рыжая <лиса> & снег").expect("a description");
    let file = IncomingFileId::new("file-1");
    [
        HelpTask::Improve { prompt: prompt.clone(), avatar: None, variation: 0 },
        HelpTask::Translate { prompt, avatar: None, variation: 0 },
        HelpTask::Transcribe { file: file.clone() },
        HelpTask::DescribePhoto { file: file.clone() },
        HelpTask::PromptFromPhoto { file, avatar: None },
    ]
}

fn request(stage: &Stage, task: &HelpTask) -> HelpRequest {
    HelpRequest {
        id: HelpId::new(Uuid::from_u128(0xA1)),
        account: AccountId::new(Uuid::from_u128(0xA2)),
        intent: Intent::button(7),
        task: task.clone(),
        language: Language::English,
        state: HelpState::Waiting,
        audience: stage.audience,
        created_at: Timestamp::from_seconds(1_795_478_400),
        version: 1,
    }
}

fn progress(stage: &Stage) -> MessageId {
    stage.audience.progress_message.expect("the stage has, or had, a progress message")
}

fn ids(messages: &[SeenMessage]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

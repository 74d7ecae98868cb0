//! What every [`PrivacyNotifier`] must do.

use std::sync::Arc;

use account::{Erasure, ErasureState, ExportRequest, ExportScope, ExportState, PrivacyNotifier};
use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    AccountId, Audience, CallOutcome, DataKind, ExportId, Intent, Inventory, Language, MessageId,
    NotifyError, Timestamp,
};
use uuid::Uuid;

use super::notifier::Condition;

/// A notifier and the conversation that it speaks into.
pub struct Stage {
    /// The notifier under test.
    pub notifier: Arc<dyn PrivacyNotifier>,
    /// Where the person waits, with the id that the progress message has or had.
    pub audience: Audience,
    /// What the person sees.
    pub conversation: Arc<dyn Conversation>,
}

/// A message as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenMessage {
    /// Its id.
    pub id: MessageId,
    /// Its words.
    pub words: String,
    /// Its file, if it has one.
    pub file: Option<SeenFile>,
}

/// A file as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What the person sees.
pub trait Conversation: Send + Sync {
    /// The messages that are there now, the oldest first.
    fn messages(&self) -> Vec<SeenMessage>;
}

/// Sets the stage.
#[async_trait]
pub trait Bench: Sync {
    /// A stage.
    async fn stage(&self, condition: Condition) -> Stage;
}

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    send_part_must_send_the_bytes_as_a_file_with_a_name_of_its_own(bench).await;
    send_part_must_report_unknown_whenever_it_may_have_been_sent(bench).await;
    tell_export_failed_must_edit_the_progress_message_when_there_is_one(bench).await;
    tell_export_failed_must_send_a_new_message_when_there_is_no_other(bench).await;
    send_receipt_must_say_how_much_of_what_was_removed_and_what_stays(bench).await;
    a_person_who_blocked_the_bot_must_be_unreachable(bench).await;
}

/// `send_part` MUST send the bytes as a file of that name.
pub async fn send_part_must_send_the_bytes_as_a_file_with_a_name_of_its_own(bench: &dyn Bench) {
    for condition in [Condition::Well, Condition::ProgressGone] {
        for scope in scopes() {
            let stage = bench.stage(condition).await;
            let request = request(&stage, scope);
            for part in 1..=2 {
                let sent = stage.notifier.send_part(&request, part, 2, bytes(part)).await;
                sent.unwrap_or_else(|error| panic!("{condition:?}, part {part}: {error:?}"));
            }
            let messages = stage.conversation.messages();
            let files: Vec<&SeenFile> = messages.iter().filter_map(|message| message.file.as_ref()).collect();
            assert_eq!(files.len(), 2, "{condition:?}: {messages:?}");
            assert_eq!((&files[0].bytes, &files[1].bytes), (&bytes(1), &bytes(2)));
            assert_ne!(files[0].name, files[1].name);
            assert!(files.iter().all(|file| file.name.to_ascii_lowercase().ends_with(".zip")), "{files:?}");
        }
    }
}

/// `send_part` MUST report `CallOutcome::Unknown` whenever it may have been sent.
pub async fn send_part_must_report_unknown_whenever_it_may_have_been_sent(bench: &dyn Bench) {
    let stage = bench.stage(Condition::AnswersLost).await;
    let request = request(&stage, ExportScope::Everything);
    let outcome = stage.notifier.send_part(&request, 1, 1, bytes(1)).await;
    assert!(
        matches!(&outcome, Err(NotifyError::Failed(error)) if error.outcome == CallOutcome::Unknown),
        "{outcome:?}"
    );
    let files = stage.conversation.messages().iter().filter(|message| message.file.is_some()).count();
    assert!(files <= 1, "nothing is sent again by itself: {files}");
}

/// `tell_export_failed` MUST edit the progress message when there is one.
pub async fn tell_export_failed_must_edit_the_progress_message_when_there_is_one(bench: &dyn Bench) {
    let stage = bench.stage(Condition::Well).await;
    let request = request(&stage, ExportScope::Everything);
    for round in 1..=2 {
        stage.notifier.tell_export_failed(&request, "r-17").await.expect("the person is told");
        let messages = stage.conversation.messages();
        assert_eq!(messages.len(), 1, "round {round}: {messages:?}");
        assert_eq!(Some(messages[0].id), stage.audience.progress_message, "round {round}");
        assert!(messages[0].words.contains("r-17"), "{messages:?}");
    }
}

/// `tell_export_failed` MUST send a new message when there is none to edit.
pub async fn tell_export_failed_must_send_a_new_message_when_there_is_no_other(bench: &dyn Bench) {
    let stage = bench.stage(Condition::ProgressGone).await;
    let request = request(&stage, ExportScope::Everything);
    stage.notifier.tell_export_failed(&request, "r-17").await.expect("the person is told");
    let messages = stage.conversation.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_ne!(Some(messages[0].id), stage.audience.progress_message);
}

/// `send_receipt` MUST say how much of what was removed, and what stays.
pub async fn send_receipt_must_say_how_much_of_what_was_removed_and_what_stays(bench: &dyn Bench) {
    let stage = bench.stage(Condition::ProgressGone).await;
    let erasure = erasure(&stage);
    stage.notifier.send_receipt(stage.audience.chat, &erasure).await.expect("the receipt is sent");
    let messages = stage.conversation.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    for (kind, count) in &erasure.inventory {
        assert!(messages[0].words.contains(&count.to_string()), "{kind:?}: {messages:?}");
    }
}

/// A person who blocked the bot MUST be `Unreachable`.
pub async fn a_person_who_blocked_the_bot_must_be_unreachable(bench: &dyn Bench) {
    let stage = bench.stage(Condition::Blocked).await;
    let request = request(&stage, ExportScope::Everything);
    let outcomes = [
        stage.notifier.send_part(&request, 1, 1, bytes(1)).await,
        stage.notifier.tell_export_failed(&request, "r-17").await,
        stage.notifier.send_receipt(stage.audience.chat, &erasure(&stage)).await,
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(NotifyError::Unreachable)), "{outcome:?}");
    }
}

fn scopes() -> [ExportScope; 2] {
    [ExportScope::Everything, ExportScope::Images { items: Vec::new() }]
}

fn bytes(part: u32) -> Bytes {
    Bytes::from(format!("the bytes of part {part}"))
}

fn request(stage: &Stage, scope: ExportScope) -> ExportRequest {
    ExportRequest {
        id: ExportId::new(Uuid::from_u128(0xB1)),
        account: AccountId::new(Uuid::from_u128(0xB2)),
        intent: Intent::button(8),
        scope,
        language: Language::English,
        state: ExportState::Waiting,
        audience: stage.audience,
        created_at: Timestamp::from_seconds(1_795_478_400),
        version: 1,
    }
}

fn erasure(stage: &Stage) -> Erasure {
    Erasure {
        account: AccountId::new(Uuid::from_u128(0xB2)),
        state: ErasureState::Erased,
        chat: Some(stage.audience.chat),
        language: Language::English,
        inventory: Inventory::from([
            (DataKind::Images, 1234),
            (DataKind::Avatars, 23),
            (DataKind::LedgerEntries, 45),
        ]),
        requested_at: Timestamp::from_seconds(1_795_478_400),
        version: 1,
    }
}

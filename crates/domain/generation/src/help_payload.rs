//! The stored form of a request for help: a versioned JSON text, so that rows written by an earlier release can be read.

use kernel::{AccountId, Audience, HelpId, Intent, Language, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{HelpRequest, HelpState, HelpTask};

/// The version that this release writes. Every version ever written can be read.
pub const HELP_PAYLOAD_VERSION: u32 = 1;

/// A stored request for help that cannot be read.
#[derive(Debug, Error)]
pub enum HelpPayloadError {
    /// It was written by a release after this one.
    #[error("a request for help was stored in version {0}, which this release does not know")]
    Newer(u32),
    /// It is damaged.
    #[error("a stored request for help cannot be read")]
    Damaged(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    task: HelpTask,
    language: Language,
    state: HelpState,
    audience: Audience,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// What the row of a request for help says beside its payload.
#[derive(Debug, Clone)]
pub struct HelpColumns {
    /// Its id.
    pub id: HelpId,
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// How often it was changed.
    pub version: u64,
}

impl HelpRequest {
    /// Everything about the request that has no column of its own, as JSON.
    ///
    /// # Errors
    /// Never in practice: every field can be written as JSON.
    pub fn to_payload(&self) -> Result<String, HelpPayloadError> {
        Ok(serde_json::to_string(&Stored {
            version: HELP_PAYLOAD_VERSION,
            task: self.task.clone(),
            language: self.language,
            state: self.state.clone(),
            audience: self.audience,
        })?)
    }

    /// Takes over what a payload says; the columns are the caller's.
    ///
    /// # Errors
    /// When the payload is newer than this release or damaged.
    pub fn from_payload(columns: HelpColumns, payload: &str) -> Result<Self, HelpPayloadError> {
        let VersionOnly { version } = serde_json::from_str(payload)?;
        if version > HELP_PAYLOAD_VERSION {
            return Err(HelpPayloadError::Newer(version));
        }
        let stored: Stored = serde_json::from_str(payload)?;
        Ok(Self {
            id: columns.id,
            account: columns.account,
            intent: columns.intent,
            task: stored.task,
            language: stored.language,
            state: stored.state,
            audience: stored.audience,
            created_at: columns.created_at,
            version: columns.version,
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{ChatId, IncomingFileId, UpdateId};
    use uuid::Uuid;

    use super::*;
    use crate::{HelpFailure, Prompt};

    fn request() -> HelpRequest {
        HelpRequest {
            id: HelpId::new(Uuid::from_u128(1)),
            account: AccountId::new(Uuid::from_u128(2)),
            intent: Intent::message(UpdateId::new(3)),
            task: HelpTask::PromptFromPhoto { file: IncomingFileId::new("AgAC"), avatar: None },
            language: Language::Russian,
            state: HelpState::Failed(HelpFailure::Internal { reference: "K7QM-2F9X".to_owned() }),
            audience: Audience { chat: ChatId::new(5), progress_message: None },
            created_at: Timestamp::from_seconds(7),
            version: 4,
        }
    }

    fn columns() -> HelpColumns {
        let HelpRequest { id, account, intent, created_at, version, .. } = request();
        HelpColumns { id, account, intent, created_at, version }
    }

    #[test]
    fn what_was_written_is_read() {
        let payload = request().to_payload().unwrap();
        assert_eq!(HelpRequest::from_payload(columns(), &payload).unwrap(), request());
    }

    #[test]
    fn what_the_first_version_wrote_can_be_read() {
        let first = r#"{"version":1,"task":{"task":"prompt-from-photo","file":"AgAC","avatar":null},"language":"russian",
            "state":{"state":"failed","reason":"internal","reference":"K7QM-2F9X"},
            "audience":{"chat":5,"progress_message":null}}"#;
        assert_eq!(HelpRequest::from_payload(columns(), first).unwrap(), request());
    }

    #[test]
    fn a_translation_was_once_asked_for_without_an_avatar() {
        let earlier = r#"{"version":1,"task":{"task":"translate","prompt":"a fox","variation":1},"language":"russian",
            "state":{"state":"waiting"},"audience":{"chat":5,"progress_message":null}}"#;
        let read = HelpRequest::from_payload(columns(), earlier).unwrap();
        assert_eq!(
            read.task,
            HelpTask::Translate { prompt: Prompt::new("a fox").unwrap(), avatar: None, variation: 1 }
        );
    }

    #[test]
    fn what_a_later_release_wrote_is_not_guessed_at() {
        let payload = r#"{"version":2,"task":"something new"}"#;
        let outcome = HelpRequest::from_payload(columns(), payload);
        assert!(matches!(outcome, Err(HelpPayloadError::Newer(2))), "{outcome:?}");
        let outcome = HelpRequest::from_payload(columns(), r#"{"version":1}"#);
        assert!(matches!(outcome, Err(HelpPayloadError::Damaged(_))), "{outcome:?}");
    }
}

//! The stored forms of requests for files and of erasures: versioned JSON texts, so that rows written by an earlier
//! release can be read.

use kernel::{AccountId, Audience, ChatId, ExportId, Intent, Inventory, Language, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Erasure, ErasureState, ExportRequest, ExportScope, ExportState};

/// The version that this release writes. Every version ever written can be read.
pub const PRIVACY_PAYLOAD_VERSION: u32 = 1;

/// A stored request that cannot be read.
#[derive(Debug, Error)]
pub enum PrivacyPayloadError {
    /// It was written by a release after this one.
    #[error("a request was stored in version {0}, which this release does not know")]
    Newer(u32),
    /// It is damaged.
    #[error("a stored request cannot be read")]
    Damaged(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct StoredExport {
    version: u32,
    scope: ExportScope,
    language: Language,
    state: ExportState,
    audience: Audience,
}

#[derive(Serialize, Deserialize)]
struct StoredErasure {
    version: u32,
    state: ErasureState,
    chat: Option<ChatId>,
    language: Language,
    inventory: Inventory,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// What the row of a request for a file says beside its payload.
#[derive(Debug, Clone)]
pub struct ExportColumns {
    /// Its id.
    pub id: ExportId,
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// How often it was changed.
    pub version: u64,
}

/// What the row of an erasure says beside its payload.
#[derive(Debug, Clone, Copy)]
pub struct ErasureColumns {
    /// The account that is erased.
    pub account: AccountId,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// How often it was changed.
    pub version: u64,
}

impl ExportRequest {
    /// Everything about the request that has no column of its own, as JSON.
    ///
    /// # Errors
    /// Never in practice: every field can be written as JSON.
    pub fn to_payload(&self) -> Result<String, PrivacyPayloadError> {
        Ok(serde_json::to_string(&StoredExport {
            version: PRIVACY_PAYLOAD_VERSION,
            scope: self.scope.clone(),
            language: self.language,
            state: self.state.clone(),
            audience: self.audience,
        })?)
    }

    /// Takes over what a payload says; the columns are the caller's.
    ///
    /// # Errors
    /// When the payload is newer than this release or damaged.
    pub fn from_payload(columns: ExportColumns, payload: &str) -> Result<Self, PrivacyPayloadError> {
        let stored: StoredExport = read(payload)?;
        Ok(Self {
            id: columns.id,
            account: columns.account,
            intent: columns.intent,
            scope: stored.scope,
            language: stored.language,
            state: stored.state,
            audience: stored.audience,
            created_at: columns.created_at,
            version: columns.version,
        })
    }
}

impl Erasure {
    /// Everything about the erasure that has no column of its own, as JSON.
    ///
    /// # Errors
    /// Never in practice: every field can be written as JSON.
    pub fn to_payload(&self) -> Result<String, PrivacyPayloadError> {
        Ok(serde_json::to_string(&StoredErasure {
            version: PRIVACY_PAYLOAD_VERSION,
            state: self.state,
            chat: self.chat,
            language: self.language,
            inventory: self.inventory.clone(),
        })?)
    }

    /// Takes over what a payload says; the columns are the caller's.
    ///
    /// # Errors
    /// When the payload is newer than this release or damaged.
    pub fn from_payload(columns: ErasureColumns, payload: &str) -> Result<Self, PrivacyPayloadError> {
        let stored: StoredErasure = read(payload)?;
        Ok(Self {
            account: columns.account,
            state: stored.state,
            chat: stored.chat,
            language: stored.language,
            inventory: stored.inventory,
            requested_at: columns.requested_at,
            version: columns.version,
        })
    }
}

fn read<T: DeserializeOwned>(payload: &str) -> Result<T, PrivacyPayloadError> {
    let VersionOnly { version } = serde_json::from_str(payload)?;
    if version > PRIVACY_PAYLOAD_VERSION {
        return Err(PrivacyPayloadError::Newer(version));
    }
    Ok(serde_json::from_str(payload)?)
}

#[cfg(test)]
mod tests {
    use kernel::{DataKind, UpdateId};
    use uuid::Uuid;

    use super::*;

    fn export() -> ExportRequest {
        ExportRequest {
            id: ExportId::new(Uuid::from_u128(1)),
            account: AccountId::new(Uuid::from_u128(2)),
            intent: Intent::message(UpdateId::new(3)),
            scope: ExportScope::Everything,
            language: Language::English,
            state: ExportState::Packed { archive: "exports/a/b.zip".parse().unwrap(), bytes: 9, sent: 1 },
            audience: Audience { chat: ChatId::new(5), progress_message: None },
            created_at: Timestamp::from_seconds(7),
            version: 4,
        }
    }

    fn export_columns() -> ExportColumns {
        let ExportRequest { id, account, intent, created_at, version, .. } = export();
        ExportColumns { id, account, intent, created_at, version }
    }

    fn erasure() -> Erasure {
        Erasure {
            account: AccountId::new(Uuid::from_u128(2)),
            state: ErasureState::Erasing,
            chat: Some(ChatId::new(5)),
            language: Language::Russian,
            inventory: [(DataKind::Images, 12), (DataKind::LedgerEntries, 30)].into_iter().collect(),
            requested_at: Timestamp::from_seconds(7),
            version: 4,
        }
    }

    fn erasure_columns() -> ErasureColumns {
        let Erasure { account, requested_at, version, .. } = erasure();
        ErasureColumns { account, requested_at, version }
    }

    #[test]
    fn what_was_written_is_read() {
        let payload = export().to_payload().unwrap();
        assert_eq!(ExportRequest::from_payload(export_columns(), &payload).unwrap(), export());
        let payload = erasure().to_payload().unwrap();
        assert_eq!(Erasure::from_payload(erasure_columns(), &payload).unwrap(), erasure());
    }

    #[test]
    fn what_the_first_version_wrote_can_be_read() {
        let first = r#"{"version":1,"scope":{"scope":"everything"},"language":"english",
            "state":{"state":"packed","archive":"exports/a/b.zip","bytes":9,"sent":1},
            "audience":{"chat":5,"progress_message":null}}"#;
        assert_eq!(ExportRequest::from_payload(export_columns(), first).unwrap(), export());
        let first = r#"{"version":1,"state":"erasing","chat":5,"language":"russian",
            "inventory":{"images":12,"ledger-entries":30}}"#;
        assert_eq!(Erasure::from_payload(erasure_columns(), first).unwrap(), erasure());
    }

    #[test]
    fn what_a_later_release_wrote_is_not_guessed_at() {
        let outcome = ExportRequest::from_payload(export_columns(), r#"{"version":2,"scope":7}"#);
        assert!(matches!(outcome, Err(PrivacyPayloadError::Newer(2))), "{outcome:?}");
        let outcome = Erasure::from_payload(erasure_columns(), r#"{"version":1}"#);
        assert!(matches!(outcome, Err(PrivacyPayloadError::Damaged(_))), "{outcome:?}");
    }
}

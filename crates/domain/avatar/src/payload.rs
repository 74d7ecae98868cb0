//! The stored form of an avatar: a versioned JSON text, so that rows written by an earlier release can be read.

use std::collections::BTreeSet;

use kernel::{AccountId, Audience, AvatarId, MessageId, PhotoId, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    Avatar, AvatarKind, AvatarName, AvatarState, Consent, News, NextTraining, PresetName, Training, Weights,
    WizardStep,
};

/// The version that this release writes. Every version ever written can be read.
pub const PAYLOAD_VERSION: u32 = 1;

/// A stored avatar that cannot be read.
#[derive(Debug, Error)]
pub enum PayloadError {
    /// It was written by a release after this one.
    #[error("an avatar was stored in version {0}, which this release does not know")]
    Newer(u32),
    /// It is damaged.
    #[error("a stored avatar cannot be read")]
    Damaged(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    consent: Consent,
    name: Option<AvatarName>,
    kind: Option<AvatarKind>,
    step: WizardStep,
    preset: Option<PresetName>,
    state: AvatarState,
    audience: Audience,
    leafing_message: Option<MessageId>,
    compared: BTreeSet<PhotoId>,
    next_training: NextTraining,
    training: Option<Training>,
    weights: Option<Weights>,
    news: News,
    #[serde(default)]
    leaving_photos: u32,
    ready_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

/// What an avatar's row says beside its payload.
#[derive(Debug, Clone, Copy)]
pub struct PayloadColumns {
    /// Its id.
    pub id: AvatarId,
    /// Whose.
    pub account: AccountId,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// How often it was changed.
    pub version: u64,
}

impl Avatar {
    /// Everything about the avatar that has no column of its own, as JSON.
    ///
    /// # Errors
    /// Never in practice: every field can be written as JSON.
    pub fn to_payload(&self) -> Result<String, PayloadError> {
        Ok(serde_json::to_string(&Stored {
            version: PAYLOAD_VERSION,
            consent: self.consent.clone(),
            name: self.name.clone(),
            kind: self.kind.clone(),
            step: self.step,
            preset: self.preset,
            state: self.state.clone(),
            audience: self.audience,
            leafing_message: self.leafing_message,
            compared: self.compared.clone(),
            next_training: self.next_training,
            training: self.training.clone(),
            weights: self.weights.clone(),
            news: self.news,
            leaving_photos: self.leaving_photos,
            ready_at: self.ready_at,
        })?)
    }

    /// Takes over what a payload says; the columns are the caller's.
    ///
    /// # Errors
    /// When the payload is newer than this release or damaged.
    pub fn from_payload(columns: PayloadColumns, payload: &str) -> Result<Self, PayloadError> {
        let VersionOnly { version } = serde_json::from_str(payload)?;
        if version > PAYLOAD_VERSION {
            return Err(PayloadError::Newer(version));
        }
        let stored: Stored = serde_json::from_str(payload)?;
        Ok(Self {
            id: columns.id,
            account: columns.account,
            consent: stored.consent,
            name: stored.name,
            kind: stored.kind,
            step: stored.step,
            preset: stored.preset,
            state: stored.state,
            audience: stored.audience,
            leafing_message: stored.leafing_message,
            compared: stored.compared,
            next_training: stored.next_training,
            training: stored.training,
            weights: stored.weights,
            news: stored.news,
            leaving_photos: stored.leaving_photos,
            ready_at: stored.ready_at,
            created_at: columns.created_at,
            updated_at: columns.updated_at,
            version: columns.version,
        })
    }
}

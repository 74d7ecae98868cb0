//! The stored form of a generation: a versioned JSON text, so that rows written by an earlier release can be read.

use kernel::{Credits, HoldId};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Audience, Delivery, Generation, ImageRequest, Plan, Slot, State};

/// The version that this release writes. Every version ever written can be read.
pub const PAYLOAD_VERSION: u32 = 1;

/// A stored generation that cannot be read.
#[derive(Debug, Error)]
pub enum PayloadError {
    /// It was written by a release after this one.
    #[error("a generation was stored in version {0}, which this release does not know")]
    Newer(u32),
    /// It is damaged.
    #[error("a stored generation cannot be read")]
    Damaged(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    request: ImageRequest,
    unit_price: Credits,
    hold: HoldId,
    plan: Plan,
    slots: Vec<Slot>,
    state: State,
    audience: Audience,
    delivery: Delivery,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

impl Generation {
    /// Everything about the generation that has no column of its own, as JSON.
    ///
    /// # Errors
    /// Never in practice: every field can be written as JSON.
    pub fn to_payload(&self) -> Result<String, PayloadError> {
        Ok(serde_json::to_string(&Stored {
            version: PAYLOAD_VERSION,
            request: self.request.clone(),
            unit_price: self.unit_price,
            hold: self.hold,
            plan: self.plan.clone(),
            slots: self.slots.clone(),
            state: self.state.clone(),
            audience: self.audience,
            delivery: self.delivery.clone(),
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
            intent: columns.intent,
            request: stored.request,
            unit_price: stored.unit_price,
            hold: stored.hold,
            plan: stored.plan,
            slots: stored.slots,
            state: stored.state,
            audience: stored.audience,
            delivery: stored.delivery,
            created_at: columns.created_at,
            deadline: columns.deadline,
            version: columns.version,
        })
    }
}

/// What a generation's row says beside its payload.
#[derive(Debug, Clone)]
pub struct PayloadColumns {
    /// Its id.
    pub id: kernel::GenerationId,
    /// Whose.
    pub account: kernel::AccountId,
    /// The wish that it answers.
    pub intent: crate::Intent,
    /// When it was asked for.
    pub created_at: kernel::Timestamp,
    /// When it is given up.
    pub deadline: kernel::Timestamp,
    /// How often it was changed.
    pub version: u64,
}

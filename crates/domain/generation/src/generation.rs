//! One request for images, with everything that is known of it.

use kernel::{AccountId, AspectRatio, Credits, CreditsError, GenerationId, HoldId, ImageCount, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Audience, Delivery, Intent, Likeness, ModelId, Prompt, Slot, State};

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageRequest {
    /// The description.
    pub prompt: Prompt,
    /// The shape.
    pub aspect_ratio: AspectRatio,
    /// How many.
    pub count: ImageCount,
    /// The seed, for models that take one.
    pub seed: u64,
    /// Who is to be in the picture.
    #[serde(default)]
    pub likeness: Likeness,
}

/// What has been tried, and what will be tried next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The model of the latest attempt, or of the first one to come.
    pub model: ModelId,
    /// The latest attempt at a provider; 0 before the first.
    pub attempt: u32,
    /// Attempts at this model, so that a failing one is left.
    pub attempts_at_model: u32,
    /// Attempts of which it is unknown whether they cost anything.
    pub unknown_outcomes: u32,
    /// What the latest attempt ended with, for operators.
    pub last_failure: Option<String>,
}

/// One request for one to four images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its id.
    pub id: GenerationId,
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// What was asked for.
    pub request: ImageRequest,
    /// The price of one image, as it was shown.
    pub unit_price: Credits,
    /// The credits set aside for it.
    pub hold: HoldId,
    /// What was and will be tried.
    pub plan: Plan,
    /// The images, in order.
    pub slots: Vec<Slot>,
    /// Where it stands.
    pub state: State,
    /// Where the person waits.
    pub audience: Audience,
    /// How far it has got to them.
    pub delivery: Delivery,
    /// When it was asked for, by the database's clock.
    pub created_at: Timestamp,
    /// When it is given up, by the database's clock.
    pub deadline: Timestamp,
    /// Counts the changes; a writer that loaded another version loses.
    pub version: u64,
}

impl Generation {
    /// The price of everything that was asked for.
    ///
    /// # Errors
    /// When it is out of range.
    pub fn full_price(&self) -> Result<Credits, CreditsError> {
        self.unit_price.times(u32::from(self.request.count.get()))
    }

    /// Whether it costs nothing: such a one has no hold in the ledger.
    pub const fn is_free(&self) -> bool {
        self.unit_price.is_zero()
    }

    /// The slots that still wait for an image.
    pub fn open_slots(&self) -> Vec<u8> {
        self.numbered_slots().filter(|(_, slot)| slot.is_open()).map(|(number, _)| number).collect()
    }

    /// The slots whose bytes lie in the object store, with the attempt that brought them.
    pub fn arrived_slots(&self) -> Vec<(u8, u32)> {
        self.numbered_slots()
            .filter_map(|(number, slot)| slot.arrived.map(|attempt| (number, attempt)))
            .collect()
    }

    /// Every slot with its number.
    pub fn numbered_slots(&self) -> impl Iterator<Item = (u8, &Slot)> {
        (0..=u8::MAX).zip(&self.slots)
    }
}

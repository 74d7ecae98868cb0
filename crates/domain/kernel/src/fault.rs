//! What a failed call means, as a value that decisions are taken from.

use crate::{CallOutcome, FailureClass, ProviderError, Timestamp};

/// What a failed call means for the work that it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The class.
    pub class: FailureClass,
    /// Whether the call may have had its effect.
    pub outcome: CallOutcome,
    /// The code, for operators.
    pub code: String,
}

impl From<&ProviderError> for Fault {
    fn from(error: &ProviderError) -> Self {
        Self { class: error.class, outcome: error.outcome, code: error.code.clone() }
    }
}

impl Fault {
    /// A fault of the provider that may pass.
    pub fn unavailable(code: &str) -> Self {
        Self { class: FailureClass::Unavailable, outcome: CallOutcome::NotDone, code: code.to_owned() }
    }

    /// An answer that never came.
    pub fn no_answer() -> Self {
        Self { class: FailureClass::Unavailable, outcome: CallOutcome::Unknown, code: "no-answer".to_owned() }
    }

    /// How much it says about what to do, so that of several faults the weightiest decides.
    pub const fn weight(&self) -> u8 {
        match (self.outcome, self.class) {
            (CallOutcome::Unknown, _) => 7,
            (_, FailureClass::Misconfigured) => 6,
            (_, FailureClass::Limited { .. }) => 5,
            (_, FailureClass::Unavailable | FailureClass::NotFound | FailureClass::Conflict) => 4,
            (_, FailureClass::Bug) => 3,
            (_, FailureClass::Invalid) => 2,
            (_, FailureClass::Refused) => 1,
        }
    }
}

/// Until when a callback may still bring what a lost answer did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackHope {
    /// None will come.
    None,
    /// It may come until then.
    Until(Timestamp),
}

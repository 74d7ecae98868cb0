//! The classes of failure, and the error that every provider port reports.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a failure means for whoever has to act on it. Adapters decide the class from the wire; services decide what to
/// do from the class alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailureClass {
    /// The caller's input is wrong. Tell the person; trying again is useless.
    Invalid,
    /// A safety policy forbids it. Tell the person; it is free of charge and moves to no other provider.
    Refused,
    /// There is no such thing.
    NotFound,
    /// Somebody else was first.
    Conflict,
    /// Too many requests.
    Limited {
        /// How long to wait, when the other side said so.
        retry_after: Option<Duration>,
    },
    /// It may work later.
    Unavailable,
    /// Bad key, exhausted balance, retired model: an operator must act; the feature is paused meanwhile.
    Misconfigured,
    /// A mistake of ours.
    Bug,
}

/// Whether a failed call may have had its effect all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallOutcome {
    /// The other side answered, or was never reached: there is no effect.
    NotDone,
    /// The request went out and no answer came back: the effect may be there.
    Unknown,
}

/// A failure of a call to a provider of images, words or safety checks.
#[derive(Debug, Error)]
pub struct ProviderError {
    /// What it means.
    pub class: FailureClass,
    /// Whether the call may have had its effect.
    pub outcome: CallOutcome,
    /// The provider's own machine-readable code, or ours, such as `content_policy_violation`. Never a secret.
    pub code: String,
    /// What happened, for operators. Holds no secret and no prompt.
    pub detail: String,
    /// The error underneath, if any.
    #[source]
    pub source: Option<crate::BoxError>,
}

impl ProviderError {
    /// A failure without an effect.
    pub fn new(class: FailureClass, code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { class, outcome: CallOutcome::NotDone, code: code.into(), detail: detail.into(), source: None }
    }

    /// The same failure, of which it is not known whether it had its effect.
    #[must_use]
    pub fn with_unknown_outcome(mut self) -> Self {
        self.outcome = CallOutcome::Unknown;
        self
    }

    /// The same failure with the error underneath.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<crate::BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.detail)
    }
}

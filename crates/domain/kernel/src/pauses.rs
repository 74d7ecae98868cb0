//! Features paused because an operator must act: rows that all processes read.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;

use crate::{StoreError, Timestamp};

/// What can be paused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pausable {
    /// Everything of a provider, such as `google`, as after a refused key.
    Provider(String),
    /// One model, by its id in the registry, as after its retirement.
    Model(String),
}

impl fmt::Display for Pausable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(name) => write!(formatter, "provider:{name}"),
            Self::Model(id) => write!(formatter, "model:{id}"),
        }
    }
}

impl FromStr for Pausable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("provider", name)) if !name.is_empty() => Ok(Self::Provider(name.to_owned())),
            Some(("model", id)) if !id.is_empty() => Ok(Self::Model(id.to_owned())),
            _ => Err(format!("neither provider:NAME nor model:ID: {text:?}")),
        }
    }
}

/// Why it is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseCause {
    /// The provider's code, such as `API_KEY_INVALID`; operators are told once an hour per code.
    pub code: String,
    /// What happened, for operators. Holds no secret and no prompt.
    pub detail: String,
}

/// A pause in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// What is paused.
    pub subject: Pausable,
    /// Why.
    pub cause: PauseCause,
    /// Since when, by the database's clock.
    pub since: Timestamp,
}

/// Whether operators are to be told of a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseNews {
    /// They have not heard of this cause within the hour: tell them.
    Tell,
    /// They know.
    Known,
}

/// Keeps pauses.
///
/// **Contract**
/// - A pause MUST be seen by every process at once.
/// - `pause` MUST answer `Tell` once an hour at most per subject and code, however many processes call it.
/// - `lift` MUST answer whether there was a pause to lift.
#[async_trait]
pub trait Pauses: Send + Sync {
    /// Pauses `subject`, or confirms the pause.
    async fn pause(&self, subject: &Pausable, cause: &PauseCause) -> Result<PauseNews, StoreError>;

    /// Lifts the pause.
    async fn lift(&self, subject: &Pausable) -> Result<bool, StoreError>;

    /// Every pause in force, in the order of their subjects.
    async fn active(&self) -> Result<Vec<Pause>, StoreError>;
}

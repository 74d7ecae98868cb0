//! Features paused because an operator must act: rows that all processes read.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;

use crate::{StoreError, Timestamp};

/// Something that people can do and that operators can pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Asking for images.
    Images,
    /// Ordering trainings of avatars.
    Trainings,
    /// Help with words, voice and photos.
    Help,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 3] = [Self::Images, Self::Trainings, Self::Help];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Images => "images",
            Self::Trainings => "trainings",
            Self::Help => "help",
        }
    }
}

/// What can be paused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pausable {
    /// Everything of a provider, such as `google`, as after a refused key.
    Provider(String),
    /// One model, by its id in the registry, as after its retirement.
    Model(String),
    /// Something that people can do: nothing new is taken on, and what is under way goes on.
    Feature(Feature),
    /// Everything: people are asked to come back later, and what is under way goes on.
    Maintenance,
}

impl fmt::Display for Pausable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider(name) => write!(formatter, "provider:{name}"),
            Self::Model(id) => write!(formatter, "model:{id}"),
            Self::Feature(feature) => write!(formatter, "feature:{}", feature.as_str()),
            Self::Maintenance => formatter.write_str("maintenance"),
        }
    }
}

impl FromStr for Pausable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let feature = |name: &str| Feature::ALL.into_iter().find(|feature| feature.as_str() == name);
        let read = match text.split_once(':') {
            Some(("provider", name)) if !name.is_empty() => Some(Self::Provider(name.to_owned())),
            Some(("model", id)) if !id.is_empty() => Some(Self::Model(id.to_owned())),
            Some(("feature", name)) => feature(name).map(Self::Feature),
            None if text == "maintenance" => Some(Self::Maintenance),
            _ => None,
        };
        read.ok_or_else(|| {
            let features = Feature::ALL.map(Feature::as_str).join(", ");
            format!("{text:?} is none of: provider:NAME, model:ID, feature:NAME (of {features}), maintenance")
        })
    }
}

/// The code of a pause that a person made. Nothing but a person lifts it.
const BY_OPERATOR: &str = "operator";

/// Why it is paused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseCause {
    /// The provider's code, such as `API_KEY_INVALID`; operators are told once an hour per code.
    pub code: String,
    /// What happened, for operators. Holds no secret and no prompt.
    pub detail: String,
}

impl PauseCause {
    /// An operator wants it so.
    pub fn by_operator(reason: &str) -> Self {
        Self { code: BY_OPERATOR.to_owned(), detail: reason.to_owned() }
    }

    /// Whether an operator wants it so, and no probe may lift it.
    pub fn is_by_operator(&self) -> bool {
        self.code == BY_OPERATOR
    }
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
/// - `first_news` MUST answer `Tell` once for ever per subject and code, however many processes call it.
#[async_trait]
pub trait Pauses: Send + Sync {
    /// Pauses `subject`, or confirms the pause.
    async fn pause(&self, subject: &Pausable, cause: &PauseCause) -> Result<PauseNews, StoreError>;

    /// Lifts the pause.
    async fn lift(&self, subject: &Pausable) -> Result<bool, StoreError>;

    /// Notes that operators hear of something about `subject`, such as a shutdown that is near.
    async fn first_news(&self, subject: &Pausable, code: &str) -> Result<PauseNews, StoreError>;

    /// Every pause in force, in the order of their subjects.
    async fn active(&self) -> Result<Vec<Pause>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_paused_is_read_as_it_is_written() {
        let subjects = [
            Pausable::Provider("google".to_owned()),
            Pausable::Model("fal-ai/flux-2: pro".to_owned()),
            Pausable::Maintenance,
        ];
        for subject in subjects.into_iter().chain(Feature::ALL.map(Pausable::Feature)) {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
        for wrong in ["", "maintenance:on", "provider:", "model:", "feature:", "feature:everything", "images"]
        {
            assert!(wrong.parse::<Pausable>().is_err(), "{wrong:?}");
        }
    }
}

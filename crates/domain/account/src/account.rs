//! A person.

use std::str::FromStr;

use kernel::{AccountId, AspectRatio, ImageCount, Language, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ZoneName;

/// Whether a person may use the bot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// May.
    #[default]
    Active,
    /// Was blocked by an operator.
    Blocked,
}

/// A stored standing that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown standing {0:?}")]
pub struct UnknownStanding(pub String);

impl Standing {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
        }
    }
}

impl FromStr for Standing {
    type Err = UnknownStanding;

    fn from_str(name: &str) -> Result<Self, UnknownStanding> {
        [Self::Active, Self::Blocked]
            .into_iter()
            .find(|standing| standing.as_str() == name)
            .ok_or_else(|| UnknownStanding(name.to_owned()))
    }
}

/// Which terms a person accepted. A higher version asks everybody again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermsVersion(pub u32);

impl TermsVersion {
    /// The terms in force.
    pub const CURRENT: Self = Self(1);
}

/// Whether this account is to be given the welcome credits. A person who erased their account and comes back is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WelcomeGrant {
    /// Once the terms are accepted, under the one welcome key, so that asking twice gives once.
    Due,
    /// This person had them under an earlier account.
    GivenBefore,
}

/// What a person's requests look like unless they say otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageDefaults {
    /// The shape.
    pub aspect_ratio: AspectRatio,
    /// How many images.
    pub count: ImageCount,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The language of the interface.
    pub language: Language,
    /// The zone in which times are shown.
    pub zone: ZoneName,
    /// Whether they may come in.
    pub standing: Standing,
    /// The terms that they accepted last.
    pub accepted_terms: Option<TermsVersion>,
    /// The welcome credits.
    pub welcome: WelcomeGrant,
    /// The shape and number of their images.
    pub defaults: ImageDefaults,
    /// Since when, by the database's clock.
    pub created_at: Timestamp,
}

impl Account {
    /// Whether the terms in force were accepted.
    pub fn has_accepted_terms(&self) -> bool {
        self.accepted_terms.is_some_and(|version| version >= TermsVersion::CURRENT)
    }
}

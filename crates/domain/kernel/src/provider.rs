//! Words about providers that several domains use.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a model in the registry, which is also its name at the provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ModelId(String);

/// The name of a provider, such as `google`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderName(String);

macro_rules! name {
    ($name:ident) => {
        impl $name {
            /// Wraps a name.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}
name!(ModelId);
name!(ProviderName);

/// A provider's own words for work that it accepted; only its adapter reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderHandle(String);

impl ProviderHandle {
    /// Wraps the adapter's words.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The adapter's words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a provider can call back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackSupport {
    /// It answers at once, or must be asked.
    Never,
    /// It calls the address that a submission names.
    WhenAsked,
}

//! A safety check that knows a few words.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{FailureClass, ModerationVerdict, Moderator, ProviderError, UnsafeCategory};

use crate::weather::{FairWeather, Weather, weathered};

/// Flags every text with the word `moderate-me`.
#[derive(Clone)]
pub struct FakeModerator {
    weather: Arc<dyn Weather>,
}

impl Default for FakeModerator {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl FakeModerator {
    /// The word that is flagged.
    pub const FLAGGED: &'static str = "moderate-me";

    /// A check under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { weather }
    }
}

#[async_trait]
impl Moderator for FakeModerator {
    async fn review(&self, text: &str) -> Result<ModerationVerdict, ProviderError> {
        let verdict = if text.contains(Self::FLAGGED) {
            ModerationVerdict::Flagged(vec![UnsafeCategory::Violence])
        } else {
            ModerationVerdict::Allowed
        };
        weathered(&self.weather, "moderator.review", || Ok(verdict), away).await
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        weathered(&self.weather, "moderator.probe", || Ok(()), away).await
    }
}

fn away(source: kernel::BoxError) -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "away", "the safety check is away").caused_by(source)
}

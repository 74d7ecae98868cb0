//! A safety check that knows a few words.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{FailureClass, ModerationVerdict, Moderator, ProviderError, UnsafeCategory};

use crate::weather::{FairWeather, Weather, weathered};

/// Flags every text and photo with the word `moderate-me`, or whatever it is told to.
#[derive(Clone)]
pub struct FakeModerator {
    objection: Objection,
    weather: Arc<dyn Weather>,
}

/// What a safety check objects to.
#[derive(Debug, Clone)]
enum Objection {
    /// Texts and photos with the word.
    Word,
    /// Every text and photo, for these categories.
    Everything(Vec<UnsafeCategory>),
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
        Self { objection: Objection::Word, weather }
    }

    /// A check that flags everything for these categories; for none that it names when there are none.
    pub fn flagging(categories: &[UnsafeCategory]) -> Self {
        let mut categories = categories.to_vec();
        categories.sort_unstable();
        categories.dedup();
        if categories.is_empty() {
            categories.push(UnsafeCategory::Other);
        }
        Self { objection: Objection::Everything(categories), ..Self::default() }
    }

    fn verdict(&self, words: &str) -> ModerationVerdict {
        match &self.objection {
            Objection::Everything(categories) => ModerationVerdict::Flagged(categories.clone()),
            Objection::Word if words.contains(Self::FLAGGED) => {
                ModerationVerdict::Flagged(vec![UnsafeCategory::Violence])
            }
            Objection::Word => ModerationVerdict::Allowed,
        }
    }
}

#[async_trait]
impl Moderator for FakeModerator {
    async fn review(&self, text: &str) -> Result<ModerationVerdict, ProviderError> {
        let verdict = self.verdict(text);
        weathered(&self.weather, "moderator.review", || Ok(verdict), away).await
    }

    async fn review_photo(&self, photo: &Bytes) -> Result<ModerationVerdict, ProviderError> {
        let verdict = self.verdict(&String::from_utf8_lossy(photo));
        weathered(&self.weather, "moderator.review_photo", || Ok(verdict), away).await
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        weathered(&self.weather, "moderator.probe", || Ok(()), away).await
    }
}

fn away(source: kernel::BoxError) -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "away", "the safety check is away").caused_by(source)
}

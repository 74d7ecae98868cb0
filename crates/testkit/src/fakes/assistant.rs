//! Help with words and voice, of a simple kind.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use generation::{Prompt, PromptAssistant, Transcriber, Wording, WordingGoal};
use kernel::{FailureClass, Language, ProviderError};

use crate::weather::{FairWeather, Weather, weathered};

/// What every recording begins with.
const VOICE: &str = "voice:";

type Script = Arc<Mutex<VecDeque<ProviderError>>>;

/// Rewords by adding a few words, and refuses descriptions with the word `forbidden`. Clones are one assistant.
#[derive(Clone)]
pub struct FakePromptAssistant {
    script: Script,
    weather: Arc<dyn Weather>,
}

/// Writes down what [`fake_recording`] says. Clones are one transcriber.
#[derive(Clone)]
pub struct FakeTranscriber {
    script: Script,
    weather: Arc<dyn Weather>,
}

/// A recording that says this.
pub fn fake_recording(words: &str) -> Bytes {
    Bytes::from(format!("{VOICE}{words}"))
}

impl Default for FakePromptAssistant {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl FakePromptAssistant {
    /// The word that is refused.
    pub const REFUSED: &'static str = "forbidden";

    /// An assistant under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { script: Arc::default(), weather }
    }

    /// The same assistant under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    /// The next call fails like this.
    pub fn fail_next(&self, error: ProviderError) {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).push_back(error);
    }
}

#[async_trait]
impl PromptAssistant for FakePromptAssistant {
    async fn reword(&self, wording: &Wording) -> Result<Prompt, ProviderError> {
        let scripted = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let effect = || match scripted {
            Some(error) => Err(error),
            None if wording.prompt.as_str().contains(Self::REFUSED) => {
                Err(ProviderError::new(FailureClass::Refused, "refused", "the assistant declines"))
            }
            None => reworded(wording),
        };
        weathered(&self.weather, "assistant.reword", effect, away).await
    }
}

fn reworded(wording: &Wording) -> Result<Prompt, ProviderError> {
    let english = in_english(wording.prompt.as_str());
    let words = match &wording.goal {
        WordingGoal::Translate { traits } if traits.is_empty() => english,
        WordingGoal::Translate { traits } => format!("{traits}, {english}"),
        WordingGoal::Improve { traits } => {
            let traits = if traits.is_empty() { String::new() } else { format!("{traits}, ") };
            format!("{traits}in soft light, try {}, {english}", wording.variation)
        }
    };
    let fitting: String = words.chars().take(Prompt::MAX_CHARACTERS).collect();
    Prompt::new(&fitting).map_err(|error| {
        ProviderError::new(FailureClass::Unavailable, "garbage", "the assistant has no words")
            .caused_by(error)
    })
}

/// The words, or as much as can be said of them in English.
fn in_english(words: &str) -> String {
    if words.is_ascii() {
        return words.to_owned();
    }
    let sum = words.chars().fold(0_u32, |sum, letter| sum.wrapping_mul(31).wrapping_add(u32::from(letter)));
    format!("a foreign scene number {sum}")
}

impl Default for FakeTranscriber {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl FakeTranscriber {
    /// A transcriber under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { script: Arc::default(), weather }
    }

    /// The same transcriber under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    /// The next call fails like this.
    pub fn fail_next(&self, error: ProviderError) {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).push_back(error);
    }
}

#[async_trait]
impl Transcriber for FakeTranscriber {
    async fn transcribe(&self, recording: &Bytes, _hint: Language) -> Result<String, ProviderError> {
        let scripted = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let heard = std::str::from_utf8(recording).ok().and_then(|text| text.strip_prefix(VOICE));
        let effect = || match (scripted, heard) {
            (Some(error), _) => Err(error),
            (None, Some(words)) => Ok(words.to_owned()),
            (None, None) => Err(ProviderError::new(FailureClass::Invalid, "noise", "this is no recording")),
        };
        weathered(&self.weather, "transcriber.transcribe", effect, away).await
    }
}

fn away(source: kernel::BoxError) -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "away", "the help is away").caused_by(source)
}

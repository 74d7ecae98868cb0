//! Recordings in words (OpenAI's documentation, "Create transcription").

use async_trait::async_trait;
use bytes::Bytes;
use generation::Transcriber;
use kernel::{Discretion, FailureClass, Language, ProviderError};
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;

use crate::OpenAi;
use crate::complaint::code_of;

/// The code of the error about a recording that is too short for anything to be said in it.
const TOO_SHORT: &str = "audio_too_short";
/// Models whose names begin so take a list of the languages that are to be expected.
const TAKES_LANGUAGES: &str = "gpt-transcribe";

#[derive(Deserialize)]
struct Transcript {
    text: String,
}

#[async_trait]
impl Transcriber for OpenAi {
    async fn transcribe(&self, recording: &Bytes, hint: Language) -> Result<String, ProviderError> {
        let answer = self.post_transcriptions(self.form(recording, hint)?).await?;
        if !answer.status.is_success() && code_of(&answer).as_deref() == Some(TOO_SHORT) {
            return Ok(String::new());
        }
        // What is said in a recording is not known before, so that no word of an error is safe.
        let transcript: Transcript = answer.into_success(&Discretion::silent())?;
        Ok(transcript.text.trim().to_owned())
    }
}

impl OpenAi {
    fn form(&self, recording: &Bytes, hint: Language) -> Result<Form, ProviderError> {
        let length = recording.len().try_into().map_err(|error| unformed().caused_by(error))?;
        let file = Part::stream_with_length(Body::from(recording.clone()), length)
            // A name that ends as the messenger's does is not among those that are taken.
            .file_name("voice.ogg")
            .mime_str("audio/ogg")
            .map_err(|error| unformed().caused_by(error))?;
        let model = &self.settings().speech_model;
        let mut form = Form::new().text("model", model.clone()).text("response_format", "json");
        if model.starts_with(TAKES_LANGUAGES) {
            let others = Language::ALL.into_iter().filter(|language| *language != hint);
            for language in [hint].into_iter().chain(others) {
                form = form.text("languages[]", language.tag());
            }
        }
        Ok(form.part("file", file))
    }
}

fn unformed() -> ProviderError {
    ProviderError::new(FailureClass::Bug, "bad-request", "a recording could not be put into a request")
}

//! `POST /v1/audio/transcriptions`.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::audio;
use super::errors::ApiError;
use super::models::{self, Purpose};
use super::told;
use crate::faults::{Fault, Service, Stage};
use crate::providers::Common;
use crate::test_voice;

const PATH: &str = "POST /v1/audio/transcriptions";
/// Largest file, bytes.
const LARGEST_FILE: usize = 25 * 1024 * 1024;
/// Bytes of a second of speech, where the file does not tell how long it is.
const BYTES_OF_A_SECOND: usize = 4_000;

/// What is heard in a recording that says nothing by itself, in English and in Russian.
const HEARD: [(&str, &str); 4] = [
    ("a lighthouse on a cliff during a storm", "маяк на скале во время шторма"),
    ("a red fox in fresh snow at sunrise", "рыжая лиса на свежем снегу на рассвете"),
    ("a small café on a rainy evening street", "маленькое кафе на вечерней улице под дождём"),
    ("an astronaut reading a book under a tree", "космонавт читает книгу под деревом"),
];

/// What a client sends.
#[derive(Debug, Default)]
struct Form {
    model: String,
    language: Option<String>,
    format: Option<String>,
    granularities: Vec<String>,
    file: Option<(String, Bytes)>,
}

/// Answers one call.
pub(super) async fn transcribe(
    common: &Common,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, ApiError> {
    let form = read(headers, body).await?;
    if form.model.is_empty() {
        return Err(ApiError::invalid("model", None, "you must provide a model parameter"));
    }
    let purpose = models::purpose_of(&form.model).ok_or_else(|| ApiError::no_such_model(&form.model))?;
    let format = format(&form, purpose)?;
    let (name, recording) = form.file.as_ref().ok_or_else(|| ApiError::missing("file"))?;
    check_file(name, recording)?;
    tokio::time::sleep(common.settings.current().thinking_time()).await;
    let taken = common.faults.take(Service::OpenAi, PATH, Stage::Picture);
    let text = match taken.as_ref().map(|taken| &taken.fault) {
        // Nothing but noise was heard.
        Some(Fault::Refusal | Fault::BrokenAnswer) => String::new(),
        _ => test_voice::said(recording).unwrap_or_else(|| heard(recording, form.language.as_deref())),
    };
    let transcript = Transcript { seconds: seconds(recording), language: form.language.clone(), text };
    let response = match format {
        Format::Json => Json(transcript.json(purpose)).into_response(),
        Format::Verbose => Json(transcript.verbose(&form.granularities)).into_response(),
        Format::Text => plain(format!("{}\n", transcript.text)),
        Format::Srt => plain(transcript.subtitles(',', "1\n")),
        Format::Vtt => plain(transcript.subtitles('.', "WEBVTT\n\n")),
    };
    let gist = format!("transcription: {} bytes, {:.1} s", recording.len(), transcript.seconds);
    Ok(told(response, &gist, taken))
}

async fn read(headers: &HeaderMap, body: Bytes) -> Result<Form, ApiError> {
    let content_type = headers.get(header::CONTENT_TYPE).cloned();
    let mut request = Request::new(Body::from(body));
    if let Some(content_type) = content_type {
        request.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| ApiError::not_a_form())?;
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(|_| ApiError::not_a_form())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        let content = part.bytes().await.map_err(|_| ApiError::not_a_form())?;
        if name == "file" {
            form.file = Some((file_name.ok_or_else(|| ApiError::missing("file"))?, content));
            continue;
        }
        let text = String::from_utf8_lossy(&content).into_owned();
        match name.as_str() {
            "model" => form.model = text,
            "language" => form.language = Some(text),
            "response_format" => form.format = Some(text),
            "timestamp_granularities[]" => form.granularities.push(text),
            _ => {}
        }
    }
    Ok(form)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Verbose,
    Text,
    Srt,
    Vtt,
}

/// The wanted format, if the model has it.
fn format(form: &Form, purpose: Purpose) -> Result<Format, ApiError> {
    let name = form.format.as_deref().unwrap_or("json");
    let format = match name {
        "json" => Format::Json,
        "verbose_json" => Format::Verbose,
        "text" => Format::Text,
        "srt" => Format::Srt,
        "vtt" => Format::Vtt,
        other => {
            return Err(ApiError::invalid(
                "response_format",
                Some("invalid_value"),
                format!(
                    "Invalid value: '{other}'. Supported values are: 'json', 'text', 'srt', 'verbose_json', and 'vtt'."
                ),
            ));
        }
    };
    let is_known = match purpose {
        Purpose::Speech => format == Format::Json,
        Purpose::SpeechOrText => matches!(format, Format::Json | Format::Text),
        Purpose::SpeechInEveryFormat => true,
        Purpose::Chat | Purpose::Moderation => {
            return Err(ApiError::invalid(
                "model",
                None,
                format!("invalid model {} for the transcription endpoint", form.model),
            ));
        }
    };
    if is_known {
        return Ok(format);
    }
    Err(ApiError::invalid(
        "response_format",
        Some("unsupported_value"),
        format!(
            "response_format '{name}' is not compatible with model '{}'. Use 'json' instead.",
            form.model
        ),
    ))
}

fn check_file(name: &str, recording: &Bytes) -> Result<(), ApiError> {
    if recording.len() > LARGEST_FILE {
        return Err(ApiError::file_too_large(LARGEST_FILE, recording.len()));
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    if !audio::EXTENSIONS.contains(&extension.as_str()) {
        return Err(ApiError::invalid(
            "file",
            Some("unsupported_format"),
            format!("Unrecognized file format. Supported formats: {:?}", audio::EXTENSIONS),
        ));
    }
    if !audio::is_audio(recording) {
        return Err(ApiError::invalid(
            "file",
            Some("invalid_value"),
            "Audio file might be corrupted or unsupported",
        ));
    }
    if test_voice::seconds(recording).is_some_and(|seconds| seconds < 0.1) {
        return Err(ApiError::invalid(
            "file",
            Some("audio_too_short"),
            "Audio file is too short. Minimum audio length is 0.1 seconds.",
        ));
    }
    Ok(())
}

fn seconds(recording: &Bytes) -> f64 {
    test_voice::seconds(recording).unwrap_or_else(|| {
        let seconds = u32::try_from(recording.len() / BYTES_OF_A_SECOND).unwrap_or(u32::MAX);
        f64::from(seconds.max(1))
    })
}

/// The same for the same recording.
fn heard(recording: &Bytes, language: Option<&str>) -> String {
    let digest = Sha256::digest(recording);
    let index = usize::from(digest.first().copied().unwrap_or(0)) % HEARD.len();
    let (english, russian) = HEARD.get(index).copied().unwrap_or_default();
    if language == Some("ru") { russian.to_owned() } else { english.to_owned() }
}

struct Transcript {
    text: String,
    language: Option<String>,
    seconds: f64,
}

impl Transcript {
    fn json(&self, purpose: Purpose) -> Value {
        let mut answer = json!({"text": self.text, "usage": self.usage(purpose)});
        if purpose == Purpose::SpeechOrText {
            answer["languages"] = json!([]);
        }
        answer
    }

    fn usage(&self, purpose: Purpose) -> Value {
        if purpose == Purpose::SpeechInEveryFormat {
            return json!({"type": "duration", "seconds": self.seconds.ceil()});
        }
        // Ten tokens for each begun second of sound.
        let heard = format!("{:.0}", self.seconds * 10.0).parse::<u64>().unwrap_or(0);
        let said = u64::try_from(self.text.len() / 4).unwrap_or(0) + 1;
        json!({
            "type": "tokens",
            "input_tokens": heard,
            "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
            "output_tokens": said,
            "total_tokens": heard + said,
        })
    }

    fn verbose(&self, granularities: &[String]) -> Value {
        let language = match self.language.as_deref() {
            Some("ru") => "russian",
            _ => "english",
        };
        let mut answer = json!({
            "task": "transcribe",
            "language": language,
            "duration": self.seconds,
            "text": self.text,
            "segments": [{
                "id": 0, "seek": 0, "start": 0.0, "end": self.seconds, "text": format!(" {}", self.text),
                "tokens": [50364], "temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.1,
                "no_speech_prob": 0.01,
            }],
            "usage": self.usage(Purpose::SpeechInEveryFormat),
        });
        if granularities.iter().any(|granularity| granularity == "word") {
            let words: Vec<&str> = self.text.split_whitespace().collect();
            let step = self.seconds / f64::from(u32::try_from(words.len()).unwrap_or(1).max(1));
            let timed = words.iter().zip(0_u32..).map(|(word, index)| {
                json!({"word": word, "start": f64::from(index) * step, "end": f64::from(index + 1) * step})
            });
            answer["words"] = timed.collect();
        }
        answer
    }

    fn subtitles(&self, point: char, beginning: &str) -> String {
        let whole = format!("{:.0}", self.seconds.floor()).parse::<u64>().unwrap_or(0);
        let end = format!("{:02}:{:02}:{:02}{point}000", whole / 3_600, whole / 60 % 60, whole % 60);
        format!("{beginning}00:00:00{point}000 --> {end}\n{}\n\n", self.text)
    }
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

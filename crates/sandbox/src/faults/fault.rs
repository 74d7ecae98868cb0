//! What can go wrong, by name.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A service that the sandbox stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// Telegram's Bot API.
    Telegram,
    /// Google's image models.
    Google,
    /// FAL.
    Fal,
    /// OpenAI.
    OpenAi,
}

/// How often a rule acts before it is spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// For one call.
    #[default]
    Once,
    /// For so many calls.
    Count(u32),
    /// Until the rule is removed.
    Always,
}

/// At which point of a call a fault acts. A call obeys at most one rule of each stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Before the call is worked on, and without ending it.
    Wait,
    /// It replaces, or keeps back, the answer.
    Answer,
    /// It changes the pictures that are made, or the words.
    Picture,
    /// It changes how FAL's webhook is delivered.
    Webhook,
    /// It changes how a training at FAL ends.
    Training,
    /// It changes what FAL still has of a finished request.
    Result,
    /// It changes how a file of FAL's storage is read.
    Download,
}

/// With what a training at FAL fails, by the machine code of FAL's error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrainingError {
    /// The trainer breaks down half way: 500.
    #[default]
    InternalServerError,
    /// The trainer takes too long: 504.
    GenerationTimeout,
    /// The archive has too few images: 422.
    ArchiveFileCountBelowMinimum,
    /// The archive can't be opened: 422.
    InvalidArchive,
    /// The archive can't be downloaded: 422.
    FileDownloadError,
    /// An image of the archive can't be read: 422.
    ImageLoadError,
    /// No face is found in the images: 422.
    FaceDetectionError,
    /// The images are declined by the content checker: 422.
    ContentPolicyViolation,
}

impl TrainingError {
    /// FAL's machine code.
    pub fn code(self) -> &'static str {
        match self {
            Self::InternalServerError => "internal_server_error",
            Self::GenerationTimeout => "generation_timeout",
            Self::ArchiveFileCountBelowMinimum => "archive_file_count_below_minimum",
            Self::InvalidArchive => "invalid_archive",
            Self::FileDownloadError => "file_download_error",
            Self::ImageLoadError => "image_load_error",
            Self::FaceDetectionError => "face_detection_error",
            Self::ContentPolicyViolation => "content_policy_violation",
        }
    }
}

/// An HTTP status to answer with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusFault {
    /// HTTP status code, 400–599.
    pub code: u16,
    /// Body to send as it is; without one the service's own error body for this code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Further headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Seconds to wait before the next try, told the way the service tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

/// One way to misbehave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// Answer later.
    Delay {
        /// Milliseconds to wait before the call is worked on.
        ms: u64,
    },
    /// Keep the call waiting, with nothing done yet, until it is released.
    Hold,
    /// Do the work, then keep the answer back until it is released.
    HoldAfterEffect,
    /// Answer with an error status.
    Status(StatusFault),
    /// Answer as to a wrong API key.
    BadKey,
    /// Answer as for a model that is switched off.
    RetiredModel,
    /// Take the call and close the connection, with nothing done.
    DropConnection,
    /// Do the work and close the connection without an answer.
    DropAfterEffect,
    /// Answer 200 with a page of HTML.
    Garbage,
    /// Decline the prompt the way the service's safety filter does.
    Refusal,
    /// Deliver bytes that claim to be a picture and are none.
    NotAnImage,
    /// Deliver a picture of 40 megapixels.
    HugeImage,
    /// Deliver at most so many pictures.
    FewerImages {
        /// Pictures delivered.
        images: u32,
    },
    /// Deliver no picture.
    NoImages,
    /// Answer a question with words that are not in the form that was asked for.
    BrokenAnswer,
    /// Answer a question with half of the words.
    CutShort,
    /// Never call the webhook.
    NoWebhook,
    /// Call the webhook twice at the same time.
    DoubleWebhook,
    /// Call the webhook later.
    LateWebhook {
        /// Milliseconds after the request ended.
        ms: u64,
    },
    /// Call the webhook with a signature by another key and with another result; never with the true one.
    ForgedWebhook,
    /// Finish and call the webhook before the submit is answered.
    WebhookBeforeAnswer,
    /// Complete the training with an error.
    TrainingFailed {
        /// Which one; without it the trainer breaks down half way.
        #[serde(default)]
        error: TrainingError,
    },
    /// Complete the training without a weights file in its result.
    NoWeights,
    /// Complete the training with a link to weights that answers 404.
    LostWeights,
    /// Complete the training with a weights file that ends in the middle.
    TruncatedWeights,
    /// Forget the result when it is fetched for the first time, as FAL does some minutes after the end.
    ExpiredResult,
    /// Close the connection in the middle of a file.
    BrokenDownload,
}

impl Fault {
    /// The point at which this fault acts.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Delay { .. } | Self::Hold => Stage::Wait,
            Self::HoldAfterEffect
            | Self::Status(_)
            | Self::BadKey
            | Self::RetiredModel
            | Self::DropConnection
            | Self::DropAfterEffect
            | Self::Garbage => Stage::Answer,
            Self::Refusal
            | Self::BrokenAnswer
            | Self::CutShort
            | Self::NotAnImage
            | Self::HugeImage
            | Self::FewerImages { .. }
            | Self::NoImages => Stage::Picture,
            Self::NoWebhook
            | Self::DoubleWebhook
            | Self::LateWebhook { .. }
            | Self::ForgedWebhook
            | Self::WebhookBeforeAnswer => Stage::Webhook,
            Self::TrainingFailed { .. } | Self::NoWeights | Self::LostWeights | Self::TruncatedWeights => {
                Stage::Training
            }
            Self::ExpiredResult => Stage::Result,
            Self::BrokenDownload => Stage::Download,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Delay { ms } => return write!(out, "delay {ms} ms"),
            Self::Status(status) => return write!(out, "status {}", status.code),
            Self::FewerImages { images } => return write!(out, "at most {images} images"),
            Self::LateWebhook { ms } => return write!(out, "webhook {ms} ms late"),
            Self::TrainingFailed { error } => return write!(out, "training failed: {}", error.code()),
            Self::Hold => "hold",
            Self::HoldAfterEffect => "hold after effect",
            Self::BadKey => "bad key",
            Self::RetiredModel => "retired model",
            Self::DropConnection => "drop connection",
            Self::DropAfterEffect => "drop after effect",
            Self::Garbage => "garbage",
            Self::Refusal => "refusal",
            Self::NotAnImage => "not an image",
            Self::HugeImage => "huge image",
            Self::NoImages => "no images",
            Self::BrokenAnswer => "broken answer",
            Self::CutShort => "cut short",
            Self::NoWebhook => "no webhook",
            Self::DoubleWebhook => "webhook twice",
            Self::ForgedWebhook => "forged webhook",
            Self::WebhookBeforeAnswer => "webhook before the answer",
            Self::NoWeights => "no weights",
            Self::LostWeights => "lost weights",
            Self::TruncatedWeights => "truncated weights",
            Self::ExpiredResult => "expired result",
            Self::BrokenDownload => "broken download",
        };
        out.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_read_and_write_as_tagged_json() {
        let status: Fault =
            serde_json::from_value(json!({"kind": "status", "code": 429, "retry_after_seconds": 3})).unwrap();
        assert_eq!(
            status,
            Fault::Status(StatusFault { code: 429, retry_after_seconds: Some(3), ..StatusFault::default() })
        );
        assert_eq!(serde_json::to_value(Fault::NoWebhook).unwrap(), json!({"kind": "no_webhook"}));
        let failed: Fault = serde_json::from_value(json!({"kind": "training_failed"})).unwrap();
        assert_eq!(failed, Fault::TrainingFailed { error: TrainingError::InternalServerError });
        let few = json!({"kind": "training_failed", "error": "archive_file_count_below_minimum"});
        let failed: Fault = serde_json::from_value(few).unwrap();
        assert_eq!(failed.to_string(), "training failed: archive_file_count_below_minimum");
        assert_eq!(serde_json::to_value(Times::Count(3)).unwrap(), json!({"count": 3}));
        assert_eq!(serde_json::to_value(Times::Once).unwrap(), json!("once"));
    }
}

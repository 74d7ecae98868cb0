//! The runner of trainers: fetches the photos, takes its time, and makes weights.

use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Server;
use super::archive::{self, Archive};
use super::assignment::Assignment;
use super::content::Content;
use super::errors::{ApiError, Problem};
use super::fetch::FetchError;
use super::files::{Origin, StoredFile};
use super::trainer::{Output, Trainer, TrainingInput};
use super::weights::{self, Metadata, Weights};
use crate::faults::{Fault, TrainingError};
use crate::providers::outside::FileError;

/// Largest archive, bytes.
const LARGEST_ARCHIVE: usize = 500 * 1024 * 1024;
/// Lines that tell of steps, at most.
const STEP_LINES: u64 = 25;
/// What weights files are called.
const WEIGHTS_NAME: &str = "pytorch_lora_weights.safetensors";
/// What the second weights file is called, where there is one.
const HIGH_NOISE_NAME: &str = "high_noise_lora.safetensors";

impl Server {
    /// Works on one training; takes the time that the settings say.
    pub(super) async fn train(
        &self,
        trainer: &'static Trainer,
        assignment: &Assignment,
        started: Instant,
    ) -> Result<Value, ApiError> {
        let input = &assignment.input;
        let problem = |problem: Problem| ApiError::problems(&[problem], input);
        let asked = trainer.read(input).map_err(|problems| ApiError::problems(&problems, input))?;
        self.log(assignment, "Downloading the archive");
        let bytes = self.download(trainer, &asked).await.map_err(problem)?;
        let opened = tokio::task::spawn_blocking(move || archive::open(&bytes, trainer)).await;
        let archive = opened.map_err(|_| ApiError::internal())?.map_err(problem)?;
        trainer.accept(&archive, input).map_err(problem)?;
        self.log(assignment, &format!("Found {} images", archive.images));
        self.take_steps(assignment, asked.steps, failure(assignment), started).await;
        if let Some(error) = failure(assignment) {
            return Err(told(error, trainer, input));
        }
        self.log(assignment, "Saving the weights");
        Ok(self.hand_over(trainer, assignment, &asked, &archive))
    }

    async fn download(&self, trainer: &Trainer, asked: &TrainingInput) -> Result<Bytes, Problem> {
        self.read(&asked.archive, LARGEST_ARCHIVE).await.map_err(|error| match error {
            FetchError::Outside(FileError::TooLarge) => trainer
                .archive_problem("file_too_large", "The archive is too large")
                .with_context(json!({"max_size": LARGEST_ARCHIVE})),
            error => trainer
                .archive_problem("file_download_error", format!("Failed to download the archive: {error}")),
        })
    }

    /// Lets the time pass and logs the steps; a training that fails gets half way, or not even there when its
    /// archive is to blame.
    async fn take_steps(
        &self,
        assignment: &Assignment,
        steps: u64,
        failure: Option<TrainingError>,
        started: Instant,
    ) {
        let total = self.common.settings.current().training_time();
        let last = match failure {
            None => steps,
            Some(TrainingError::InternalServerError | TrainingError::GenerationTimeout) => steps / 2,
            Some(_) => 0,
        };
        let apart = steps.div_ceil(STEP_LINES).max(1);
        let mut step = 0;
        while step < last {
            step = (step + apart).min(last);
            tokio::time::sleep_until(started + share(total, step, steps)).await;
            self.log(assignment, &format!("step {step}/{steps}"));
        }
    }

    fn hand_over(
        &self,
        trainer: &Trainer,
        assignment: &Assignment,
        asked: &TrainingInput,
        archive: &Archive,
    ) -> Value {
        let weights = self.hand_over_weights(assignment, asked, archive, WEIGHTS_NAME);
        let config = json!({
            "trainer": assignment.endpoint.to_string(),
            "trigger": asked.trigger,
            "steps": asked.steps,
            "images": archive.images,
        });
        let config = Content::from(Bytes::from(config.to_string()));
        let length = config.length();
        let config = describe(
            &self.keep("config.json", "application/json", config, assignment),
            "config.json",
            "application/json",
            length,
        );
        match trainer.output {
            Output::Usual => json!({"diffusers_lora_file": weights, "config_file": config}),
            Output::OtherName => json!({"lora_file": weights, "config_file": config}),
            Output::WithPreview => json!({
                "diffusers_lora_file": weights, "config_file": config, "debug_preprocessed_output": null,
            }),
            Output::TwoFiles => {
                let second = self.hand_over_weights(assignment, asked, archive, HIGH_NOISE_NAME);
                json!({"diffusers_lora_file": weights, "high_noise_lora": second, "config_file": config})
            }
        }
    }

    /// A weights file as the result names it, or what a fault wants in its place.
    fn hand_over_weights(
        &self,
        assignment: &Assignment,
        asked: &TrainingInput,
        archive: &Archive,
        name: &str,
    ) -> Value {
        const MEDIA_TYPE: &str = "application/octet-stream";
        let weights =
            Weights::new(self.common.settings.current().weights_bytes, &metadata(assignment, asked, archive));
        let length = weights.length();
        let url = match assignment.fault {
            Some(Fault::NoWeights) => return Value::Null,
            Some(Fault::LostWeights) => {
                format!("{}/files/{}/{name}", self.base_url, self.common.identities.hex(12))
            }
            Some(Fault::TruncatedWeights) => {
                self.keep(name, MEDIA_TYPE, Content::Weights(weights.truncated()), assignment)
            }
            _ => self.keep(name, MEDIA_TYPE, Content::Weights(weights), assignment),
        };
        describe(&url, name, MEDIA_TYPE, length)
    }

    fn keep(&self, name: &str, media_type: &str, content: Content, assignment: &Assignment) -> String {
        let file = StoredFile {
            media_type: media_type.to_owned(),
            content,
            origin: Origin::Output,
            lifecycle: assignment.lifecycle,
        };
        self.publish(name, file)
    }

    fn log(&self, assignment: &Assignment, message: &str) {
        if let Some(id) = assignment.logged {
            self.ledger.log(id, message);
        }
    }
}

fn failure(assignment: &Assignment) -> Option<TrainingError> {
    match assignment.fault {
        Some(Fault::TrainingFailed { error }) => Some(error),
        _ => None,
    }
}

/// A failure that a fault rule asked for, in FAL's words.
fn told(error: TrainingError, trainer: &Trainer, input: &Value) -> ApiError {
    let message = "The training could not be completed";
    match error {
        TrainingError::InternalServerError => {
            ApiError::of_model(StatusCode::INTERNAL_SERVER_ERROR, error.code(), message)
        }
        TrainingError::GenerationTimeout => {
            ApiError::of_model(StatusCode::GATEWAY_TIMEOUT, error.code(), message)
        }
        _ => ApiError::problems(&[trainer.archive_problem(error.code(), message)], input),
    }
}

/// So much of the time as `step` is of `steps`.
fn share(total: Duration, step: u64, steps: u64) -> Duration {
    let part = u32::try_from(step).unwrap_or(u32::MAX);
    let whole = u32::try_from(steps).unwrap_or(u32::MAX).max(1);
    total.saturating_mul(part) / whole
}

fn metadata(assignment: &Assignment, asked: &TrainingInput, archive: &Archive) -> Metadata {
    let mut metadata = Metadata::from([
        ("format".to_owned(), "pt".to_owned()),
        ("trainer".to_owned(), assignment.endpoint.to_string()),
    ]);
    if let Some(trigger) = &asked.trigger {
        metadata.insert("trigger".to_owned(), trigger.clone());
    }
    if let Some(likeness) = &archive.likeness {
        metadata.insert(weights::LIKENESS.to_owned(), likeness.to_text());
    }
    metadata
}

fn describe(url: &str, name: &str, media_type: &str, length: u64) -> Value {
    json!({"url": url, "content_type": media_type, "file_name": name, "file_size": length})
}

//! The runner of a request: makes its pictures, or passes it on to the trainer.

use std::time::Duration;

use image::RgbaImage;
use serde_json::Value;
use tokio::time::Instant;

use super::Server;
use super::archive;
use super::assignment::Assignment;
use super::endpoint::Family;
use super::errors::{ApiError, Problem};
use super::input::{self, ImageInput};
use super::ledger::Outcome;
use super::output::Output;
use crate::faults::Fault;
use crate::paint::{self, Likeness, Picture};
use crate::providers::safety;
use crate::providers::studio::Commission;

/// Largest picture to work from, bytes.
const LARGEST_PHOTO: usize = 25 * 1024 * 1024;

impl Server {
    /// Works on one request; takes the time that the settings say.
    pub(super) async fn run(&self, assignment: &Assignment) -> Outcome {
        let started = Instant::now();
        let result = match assignment.endpoint.trainer() {
            Some(trainer) => self.train(trainer, assignment, started).await,
            None => self.produce(assignment, started).await,
        };
        Outcome { result, inference_seconds: seconds(started.elapsed()) }
    }

    async fn produce(&self, assignment: &Assignment, started: Instant) -> Result<Value, ApiError> {
        let Assignment { endpoint, input, fault, .. } = assignment;
        let fault = fault.as_ref();
        let asked = input::read(endpoint, input).map_err(|problems| ApiError::problems(&problems, input))?;
        let family = endpoint.family();
        let is_declined = fault == Some(&Fault::Refusal) || safety::objection(&asked.prompt).is_some();
        if is_declined && family == Family::Aspect {
            return Err(ApiError::problems(&[content_policy()], input));
        }
        let is_blackened = is_declined && asked.checks_safety;
        let images = match fault {
            Some(Fault::NoImages) => 0,
            Some(Fault::FewerImages { images }) => asked.images.min(*images),
            _ => asked.images,
        };
        let seed = asked.seed.unwrap_or_else(|| self.common.identities.seed());
        let likeness =
            self.likeness(&asked).await.map_err(|problem| ApiError::problems(&[problem], input))?;

        let pause = tokio::time::sleep(self.common.settings.current().generation_time());
        let pictures = async {
            if is_blackened {
                self.black(&asked, images)
            } else {
                let commissions = (0..images).map(|index| {
                    let commission = Commission {
                        prompt: asked.prompt.clone(),
                        seed: seed.wrapping_add(u64::from(index)),
                        size: asked.size,
                        format: asked.format,
                        model: endpoint.to_string(),
                        likeness: likeness.clone(),
                    };
                    self.common.studio.make(commission, fault)
                });
                futures::future::try_join_all(commissions).await.map_err(|error| internal(&error))
            }
        };
        let (pictures, ()) = tokio::join!(pictures, pause);
        let pictures = pictures?;
        let output = Output {
            input: &asked,
            lifecycle: assignment.lifecycle,
            seed,
            pictures: &pictures,
            flagged: is_blackened,
            seconds: seconds(started.elapsed()),
        };
        Ok(output.describe(self, family))
    }

    fn black(&self, asked: &ImageInput, images: u32) -> Result<Vec<Picture>, ApiError> {
        let size = asked.size.within(self.common.settings.current().longest_edge);
        let picture = paint::black(size, asked.format).map_err(|error| internal(&error))?;
        Ok((0..images).map(|_| picture.clone()).collect())
    }

    /// The person to paint: of the weights, else of the pictures to work from.
    async fn likeness(&self, asked: &ImageInput) -> Result<Option<Likeness>, Problem> {
        let person = self.person_of(&asked.loras).await?;
        let photos = self.photos(asked).await?;
        Ok(person.or_else(|| Likeness::of_photos(&photos)))
    }

    async fn photos(&self, asked: &ImageInput) -> Result<Vec<RgbaImage>, Problem> {
        let mut photos = Vec::new();
        for url in &asked.references {
            let bytes = self.read(url, LARGEST_PHOTO).await.map_err(|error| {
                Problem::new(
                    "image_urls",
                    "file_download_error",
                    format!("Failed to download the file: {error}"),
                )
            })?;
            let decoded = tokio::task::spawn_blocking(move || archive::decode(&bytes)).await;
            let photo = decoded.ok().flatten().ok_or_else(|| {
                Problem::new(
                    "image_urls",
                    "image_load_error",
                    "Failed to load the image. Please ensure it is valid.",
                )
            })?;
            photos.push(photo);
        }
        Ok(photos)
    }
}

fn content_policy() -> Problem {
    Problem::new(
        "prompt",
        "content_policy_violation",
        "The content could not be processed because it contained material flagged by a content checker.",
    )
}

fn internal(error: &dyn std::error::Error) -> ApiError {
    tracing::error!(%error, "a picture could not be made");
    ApiError::internal()
}

fn seconds(span: Duration) -> f64 {
    // Whole microseconds, as a runner reports them.
    f64::from(u32::try_from(span.as_micros()).unwrap_or(u32::MAX)) / 1e6
}

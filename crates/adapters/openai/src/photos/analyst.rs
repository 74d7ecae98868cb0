//! The port.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{DescriptionPurpose, Discretion, PersonComparison, PhotoAnalyst, PhotoReport, ProviderError};
use serde::de::DeserializeOwned;

use super::{comparison, description, report};
use crate::OpenAi;
use crate::chat::{Datum, Question, Schema};
use crate::data_url::data_url;

#[async_trait]
impl PhotoAnalyst for OpenAi {
    async fn examine(&self, photo: &Bytes) -> Result<PhotoReport, ProviderError> {
        let answer: report::Answer = self.look(&report::instructions(), &report::schema(), [photo]).await?;
        answer.into_report()
    }

    async fn compare(&self, photos: &[Bytes]) -> Result<PersonComparison, ProviderError> {
        let instructions = comparison::instructions(photos.len());
        let answer: comparison::Answer = self.look(&instructions, &comparison::schema(), photos).await?;
        answer.into_comparison(photos.len())
    }

    async fn describe(&self, photo: &Bytes, purpose: DescriptionPurpose) -> Result<String, ProviderError> {
        let instructions = description::instructions(purpose);
        let answer: description::Answer = self.look(&instructions, &description::schema(), [photo]).await?;
        answer.into_description()
    }
}

impl OpenAi {
    async fn look<'p, A: DeserializeOwned>(
        &self,
        instructions: &str,
        schema: &Schema,
        photos: impl IntoIterator<Item = &'p Bytes>,
    ) -> Result<A, ProviderError> {
        let data: Result<Vec<Datum>, ProviderError> =
            photos.into_iter().map(|photo| data_url(photo).map(Datum::Photo)).collect();
        let question = Question { model: &self.settings().vision_model, instructions, data: data?, schema };
        // Whatever OpenAI says about a photo could be something that is seen in it.
        self.ask(&question, &Discretion::silent()).await
    }
}

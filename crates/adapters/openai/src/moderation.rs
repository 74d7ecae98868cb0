//! The check of words and photos (OpenAI's documentation, "Moderations").

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Discretion, FailureClass, ModerationVerdict, Moderator, ProviderError, UnsafeCategory};
use serde::{Deserialize, Serialize};

use crate::OpenAi;
use crate::complaint::MODEL_NOT_FOUND;
use crate::data_url::data_url;

#[derive(Debug, Serialize)]
struct Question<'a> {
    model: &'a str,
    input: Input<'a>,
}

/// What is to be checked: a text, or a list of parts that are judged as one.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Input<'a> {
    Text(&'a str),
    Parts([Part; 1]),
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Part {
    ImageUrl { image_url: PhotoUrl },
}

#[derive(Debug, Serialize)]
struct PhotoUrl {
    url: String,
}

#[derive(Debug, Deserialize)]
struct Answer {
    results: Vec<Finding>,
}

#[derive(Debug, Deserialize)]
struct Finding {
    flagged: bool,
    /// By name; a category that the model does not know may be null.
    #[serde(default)]
    categories: BTreeMap<String, Option<bool>>,
}

#[derive(Debug, Deserialize)]
struct ModelList {
    data: Vec<Model>,
}

#[derive(Debug, Deserialize)]
struct Model {
    id: String,
}

#[async_trait]
impl Moderator for OpenAi {
    async fn review(&self, text: &str) -> Result<ModerationVerdict, ProviderError> {
        self.check(Input::Text(text), &Discretion::about(text, &[])).await
    }

    async fn review_photo(&self, photo: &Bytes) -> Result<ModerationVerdict, ProviderError> {
        let image_url = PhotoUrl { url: data_url(photo)? };
        self.check(Input::Parts([Part::ImageUrl { image_url }]), &Discretion::silent()).await
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        let models: ModelList = self.get_models().await?;
        if models.data.iter().any(|model| model.id == self.settings().moderation_model) {
            Ok(())
        } else {
            Err(ProviderError::new(
                FailureClass::Misconfigured,
                MODEL_NOT_FOUND,
                format!("OpenAI offers this key no model {:?}", self.settings().moderation_model),
            ))
        }
    }
}

impl OpenAi {
    async fn check(
        &self,
        input: Input<'_>,
        discretion: &Discretion,
    ) -> Result<ModerationVerdict, ProviderError> {
        let question = Question { model: &self.settings().moderation_model, input };
        let answer: Answer = self.post_moderations(&question, discretion).await?;
        verdict(&answer.results)
    }
}

/// The verdict on one text or photo, which has one finding. More than one would each be about a part of it.
fn verdict(findings: &[Finding]) -> Result<ModerationVerdict, ProviderError> {
    if findings.is_empty() {
        return Err(ProviderError::new(
            FailureClass::Unavailable,
            "garbage",
            "OpenAI answered with no finding at all",
        ));
    }
    let mut categories: BTreeSet<UnsafeCategory> = findings
        .iter()
        .flat_map(|finding| &finding.categories)
        .filter(|(_, is_met)| **is_met == Some(true))
        .map(|(name, _)| category(name))
        .collect();
    if categories.is_empty() && findings.iter().any(|finding| finding.flagged) {
        categories.insert(UnsafeCategory::Other);
    }
    Ok(if categories.is_empty() {
        ModerationVerdict::Allowed
    } else {
        ModerationVerdict::Flagged(categories.into_iter().collect())
    })
}

fn category(name: &str) -> UnsafeCategory {
    match name {
        "sexual/minors" => UnsafeCategory::SexualMinors,
        _ => match name.split('/').next() {
            Some("harassment") => UnsafeCategory::Harassment,
            Some("hate") => UnsafeCategory::Hate,
            Some("illicit") => UnsafeCategory::Illicit,
            Some("self-harm") => UnsafeCategory::SelfHarm,
            Some("sexual") => UnsafeCategory::Sexual,
            Some("violence") => UnsafeCategory::Violence,
            _ => UnsafeCategory::Other,
        },
    }
}

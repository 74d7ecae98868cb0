//! The check of words (OpenAI's documentation, "Moderations").

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kernel::{Discretion, FailureClass, ModerationVerdict, Moderator, ProviderError, UnsafeCategory};
use serde::{Deserialize, Serialize};

use crate::OpenAi;
use crate::complaint::MODEL_NOT_FOUND;

#[derive(Debug, Serialize)]
struct Question<'a> {
    model: &'a str,
    input: &'a str,
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
        let question = Question { model: self.moderation_model(), input: text };
        let answer: Answer = self.post_moderations(&question, &Discretion::about(text, &[])).await?;
        verdict(&answer.results)
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        let models: ModelList = self.get_models().await?;
        if models.data.iter().any(|model| model.id == self.moderation_model()) {
            Ok(())
        } else {
            Err(ProviderError::new(
                FailureClass::Misconfigured,
                MODEL_NOT_FOUND,
                format!("OpenAI offers this key no model {:?}", self.moderation_model()),
            ))
        }
    }
}

/// The verdict on one text, which has one finding. More than one would each be about a part of it.
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

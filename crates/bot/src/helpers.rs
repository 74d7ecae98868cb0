//! Who helps with words, voice and photos, and checks what is safe.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use openai_adapter::{OpenAi, OpenAiSettings};

use crate::configuration::Configuration;
use crate::generators::address;

/// How long the safety check may take: everything waits for it.
const MODERATION_WITHIN: Duration = Duration::from_secs(15);

/// OpenAI, when there is a key for it.
pub(crate) fn openai(configuration: &Configuration) -> anyhow::Result<Option<Arc<OpenAi>>> {
    let section = &configuration.openai;
    let Some(api_key) = section.api_key.clone() else {
        return Ok(None);
    };
    let longest = configuration.generation.policy.provider_timeout;
    let usual = OpenAiSettings::new(api_key);
    let settings = OpenAiSettings {
        base_url: address(&section.base_url),
        moderation_model: section.moderation_model.clone(),
        chat_model: section.chat_model.clone(),
        vision_model: section.vision_model.clone(),
        speech_model: section.speech_model.clone(),
        timeout: MODERATION_WITHIN.min(longest),
        answer_timeout: usual.answer_timeout.min(longest),
        ..usual
    };
    Ok(Some(Arc::new(OpenAi::new(settings).context("OpenAI cannot be set up from [openai]")?)))
}

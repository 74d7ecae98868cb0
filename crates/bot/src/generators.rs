//! The makers of images that the configuration has keys for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use fal_adapter::{Fal, FalSettings};
use generation::{ImageGenerator, ProviderName};
use imagen_adapter::{Imagen, ImagenSettings};
use kernel::{Clock, Moderator};
use openai_adapter::{OpenAi, OpenAiSettings};
use url::Url;

use crate::configuration::Configuration;

/// How long the safety check may take: everything waits for it.
const MODERATION_WITHIN: Duration = Duration::from_secs(15);

/// The makers of images, by their names in the registry of models.
pub(crate) type Generators = BTreeMap<ProviderName, Arc<dyn ImageGenerator>>;

/// FAL, when there is a key for it.
pub(crate) fn fal(configuration: &Configuration, clock: Arc<dyn Clock>) -> anyhow::Result<Option<Arc<Fal>>> {
    let section = &configuration.fal;
    let Some(key) = section.key.clone() else {
        return Ok(None);
    };
    let usual = FalSettings::new(key);
    let longest = configuration.generation.policy.provider_timeout;
    let settings = FalSettings {
        queue_url: address(&section.queue_url),
        rest_url: address(&section.rest_url),
        result_hosts: section.result_hosts.clone(),
        user_id: section.user_id.clone(),
        call_timeout: usual.call_timeout.min(longest),
        fetch_timeout: usual.fetch_timeout.min(longest),
        ..usual
    };
    Ok(Some(Arc::new(Fal::new(settings, clock).context("FAL cannot be set up from [fal]")?)))
}

/// Google, when there is a key for it.
pub(crate) fn google(configuration: &Configuration) -> anyhow::Result<Option<Arc<Imagen>>> {
    let section = &configuration.imagen;
    let Some(api_key) = section.api_key.clone() else {
        return Ok(None);
    };
    let settings = ImagenSettings {
        base_url: address(&section.base_url),
        api_version: section.api_version.clone(),
        call_timeout: configuration.generation.policy.provider_timeout,
        ..ImagenSettings::new(api_key)
    };
    Ok(Some(Arc::new(Imagen::new(settings).context("Google cannot be set up from [imagen]")?)))
}

/// OpenAI's safety check, when there is a key for it.
pub(crate) fn moderator(configuration: &Configuration) -> anyhow::Result<Option<Arc<dyn Moderator>>> {
    let section = &configuration.openai;
    let Some(api_key) = section.api_key.clone() else {
        return Ok(None);
    };
    let settings = OpenAiSettings {
        base_url: address(&section.base_url),
        moderation_model: section.moderation_model.clone(),
        api_key,
        timeout: MODERATION_WITHIN.min(configuration.generation.policy.provider_timeout),
    };
    Ok(Some(Arc::new(OpenAi::new(settings).context("OpenAI cannot be set up from [openai]")?)))
}

/// An address without the slash that every bare one ends with.
fn address(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

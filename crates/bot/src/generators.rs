//! The makers of images that the configuration has keys for.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use avatar::AvatarTrainer;
use fal_adapter::{Fal, FalSettings};
use generation::{ImageGenerator, ProviderName};
use imagen_adapter::{Imagen, ImagenSettings};
use kernel::Clock;
use url::Url;

use crate::configuration::Configuration;

/// The makers of images, by their names in the registry of models.
pub(crate) type Generators = BTreeMap<ProviderName, Arc<dyn ImageGenerator>>;
/// The trainers of avatars, by their providers' names in the registry of trainers.
pub(crate) type Trainers = BTreeMap<ProviderName, Arc<dyn AvatarTrainer>>;

/// FAL, when there is a key for it.
pub(crate) fn fal(configuration: &Configuration, clock: Arc<dyn Clock>) -> anyhow::Result<Option<Arc<Fal>>> {
    let Some(settings) = fal_settings(configuration) else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Fal::new(settings, clock).context("FAL cannot be set up from [fal]")?)))
}

/// How FAL is reached, when there is a key for it.
pub(crate) fn fal_settings(configuration: &Configuration) -> Option<FalSettings> {
    let section = &configuration.fal;
    let usual = FalSettings::new(section.key.clone()?);
    let longest = configuration.generation.policy.provider_timeout;
    Some(FalSettings {
        queue_url: address(&section.queue_url),
        rest_url: address(&section.rest_url),
        result_hosts: section.result_hosts.clone(),
        user_id: section.user_id.clone(),
        call_timeout: usual.call_timeout.min(longest),
        fetch_timeout: usual.fetch_timeout.min(longest),
        copy_timeout: configuration.avatar.policy.copy_timeout,
        ..usual
    })
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

/// An address without the slash that every bare one ends with.
pub(crate) fn address(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

//! What a container is made of when nothing else is put in.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use chat::{PacedTelegram, TelegramApi, TelegramBot, TelegramTimeouts};
use embedded_adapter::DirectoryObjectStore;
use fal_adapter::Fal;
use generation::ProviderName;
use kernel::{Clock, IdSource, ObjectStore};

use crate::Foundation;
use crate::configuration::{Configuration, provider_keys};
use crate::generators::{self, Generators};

/// Telegram at its pace.
pub(super) fn telegram(configuration: &Configuration) -> anyhow::Result<Arc<dyn TelegramApi>> {
    let section = &configuration.telegram;
    let bot = TelegramBot::new(section.token()?, &section.api_url, TelegramTimeouts::default())?;
    // One for the whole process: it keeps Telegram's limits.
    Ok(Arc::new(PacedTelegram::new(Arc::new(bot), section.pacing)))
}

/// The object store of a foundation's configuration.
///
/// # Errors
/// When it cannot be used.
pub(crate) fn configured_objects(foundation: &Foundation) -> anyhow::Result<Arc<dyn ObjectStore>> {
    objects(&foundation.configuration, Arc::clone(&foundation.ids), foundation.clock.as_ref())
}

/// The directory of objects.
pub(super) fn objects(
    configuration: &Configuration,
    ids: Arc<dyn IdSource>,
    clock: &dyn Clock,
) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let directory = configuration.objects.directory(&configuration.database.url)?;
    let store = DirectoryObjectStore::open(&directory, ids, clock)
        .with_context(|| format!("AISHA_OBJECTS__DIRECTORY: {} cannot be used", directory.display()))?;
    Ok(Arc::new(store))
}

/// The given makers of images, and those that there is a key for.
pub(super) fn image_generators(
    configuration: &Configuration,
    given: Generators,
    fal: Option<Arc<Fal>>,
) -> anyhow::Result<Generators> {
    let mut generators = Generators::new();
    if let Some(fal) = fal {
        generators.insert(ProviderName::new(fal_adapter::PROVIDER), fal);
    }
    if let Some(google) = generators::google(configuration)? {
        generators.insert(ProviderName::new(imagen_adapter::PROVIDER), google);
    }
    generators.extend(given);
    if generators.is_empty() {
        bail!("no maker of images is set up: set {}", provider_keys());
    }
    Ok(generators)
}

//! What a container is made of when nothing else is put in.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use chat::{PacedTelegram, StyleCatalogue, TelegramApi, TelegramBot, TelegramTimeouts};
use embedded_adapter::DirectoryObjectStore;
use fal_adapter::{Fal, FalFileLender};
use generation::ProviderName;
use kernel::{Clock, FileLender, IdSource, ObjectStore, Turns};
use minio_adapter::S3ObjectStore;
use web::{LinkedObjects, ObjectLinks};

use super::instruments::Instruments;
use crate::Foundation;
use crate::configuration::{Configuration, ObjectsPlace, provider_keys};
use crate::generators::{self, Generators, Trainers};
use crate::lender::LinksOnly;

/// Telegram at its pace, which all who share `turns` keep together.
pub(super) fn telegram(
    configuration: &Configuration,
    watch: &Instruments,
    turns: Arc<dyn Turns>,
) -> anyhow::Result<Arc<dyn TelegramApi>> {
    let section = &configuration.telegram;
    let bot = TelegramBot::new(section.token()?, &section.api_url, TelegramTimeouts::default())?;
    // One for the whole process: it keeps Telegram's limits.
    Ok(Arc::new(PacedTelegram::new(watch.telegram(Arc::new(bot)), turns, section.pacing)))
}

/// The object store of a foundation's configuration.
///
/// # Errors
/// When it cannot be used.
pub(crate) fn configured_objects(foundation: &Foundation) -> anyhow::Result<Arc<dyn ObjectStore>> {
    objects(&foundation.configuration, Arc::clone(&foundation.ids), foundation.clock.as_ref())
}

/// Objects on the server, or in the directory, that is set.
pub(super) fn objects(
    configuration: &Configuration,
    ids: Arc<dyn IdSource>,
    clock: &dyn Clock,
) -> anyhow::Result<Arc<dyn ObjectStore>> {
    match configuration.objects.place(&configuration.database.url)? {
        ObjectsPlace::Server(settings) => {
            let store = S3ObjectStore::new(*settings).context("[objects] cannot be used")?;
            Ok(Arc::new(store))
        }
        ObjectsPlace::Directory(directory) => {
            let store = DirectoryObjectStore::open(&directory, ids, clock).with_context(|| {
                format!("AISHA_OBJECTS__DIRECTORY: {} cannot be used", directory.display())
            })?;
            Ok(Arc::new(store))
        }
    }
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

/// The given trainers of avatars, and those that there is a key for.
pub(super) fn avatar_trainers(given: Trainers, fal: Option<Arc<Fal>>) -> Trainers {
    let mut trainers = Trainers::new();
    if let Some(fal) = fal {
        trainers.insert(ProviderName::new(fal_adapter::PROVIDER), fal);
    }
    trainers.extend(given);
    trainers
}

/// Lends files by links of our own where there is a public URL, else through FAL's storage.
pub(super) fn file_lender(
    foundation: &Foundation,
    objects: Arc<dyn ObjectStore>,
) -> anyhow::Result<Arc<dyn FileLender>> {
    let public_url = foundation.configuration.web.public_url.clone();
    let links = ObjectLinks::new(public_url, Arc::clone(&foundation.digests), Arc::clone(&foundation.clock));
    let linked = Arc::new(LinkedObjects::new(objects, links));
    match generators::fal_settings(&foundation.configuration) {
        Some(settings) => {
            let lender = FalFileLender::new(&settings, linked).context("FAL cannot be set up from [fal]")?;
            Ok(Arc::new(lender))
        }
        None => Ok(Arc::new(LinksOnly::new(linked))),
    }
}

/// The styles that people can be drawn in.
pub(super) fn styles(configuration: &Configuration) -> anyhow::Result<StyleCatalogue> {
    let styles = match &configuration.chat.styles_directory {
        Some(directory) => StyleCatalogue::with_directory(directory),
        None => StyleCatalogue::embedded(),
    };
    styles.context("AISHA_CHAT__STYLES_DIRECTORY")
}

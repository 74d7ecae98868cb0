//! The object store of the installation, as the bot itself reaches it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bot::Container;
use bot::configuration::{Configuration, Environment, Sources};
use kernel::ObjectStore;

/// The store that a configuration names.
///
/// # Panics
/// When the configuration is not one.
pub async fn store(environment: BTreeMap<String, String>) -> Arc<dyn ObjectStore> {
    let sources = Sources::usual(Path::new("/nowhere"), Environment::of(environment));
    let configuration = Configuration::load(&sources).expect("the bot's configuration");
    Container::configured(configuration).await.expect("the bot's parts").objects
}

//! The container: the one place where adapters are chosen and put behind their ports.
//!
//! Whatever is not given is made from the configuration, so that putting in another adapter is one line:
//! `Container::builder().image_generator("mine", Arc::new(mine)).build().await`.

mod defaults;
mod loops;

use std::path::Path;
use std::sync::Arc;

use account::ProfileCache;
use balance::BalanceCache;
use bon::bon;
use chat::{Chat, ChatPorts, InboxBell, NotifierPorts, TelegramApi, TelegramNotifier, TelegramOperators};
use embedded_adapter::{LocalDialogueStore, LocalJobQueue, LocalRateLimiter};
use gallery::GalleryService;
use generation::{GenerationPorts, GenerationService, ImageGenerator, ModelRegistry, Notifier, ProviderName};
use imaging_adapter::ImageProcessor;
use kernel::{
    Clock, DialogueStore, IdSource, Imaging, JobQueue, Moderator, ObjectStore, OperatorChannel,
    ProviderCallbacks, RateLimiter,
};
use web::{Readiness, SignedCallbackUrls};

use crate::configuration::{Configuration, Environment, Sources};
use crate::foundation::{FoundationParts, Schema};
use crate::generators::{self, Generators};
use crate::readiness::readiness;
use crate::registry::load_registry;
use crate::{Foundation, install_cryptography};

pub(crate) use defaults::configured_objects;

/// Every service of the bot over its ports.
#[derive(Clone)]
pub struct Container {
    /// Configuration, time, ids, database, people, credits.
    pub foundation: Foundation,
    /// Requests for images.
    pub generations: Arc<GenerationService>,
    /// Kept images.
    pub galleries: Arc<GalleryService>,
    /// Bytes.
    pub objects: Arc<dyn ObjectStore>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// The makers of images, by their names in the registry of models.
    pub generators: Generators,
    /// The safety check, if there is one.
    pub moderator: Option<Arc<dyn Moderator>>,
    /// Telegram, at its pace.
    pub telegram: Arc<dyn TelegramApi>,
    /// The way to the operators.
    pub operators: Arc<dyn OperatorChannel>,
    /// What a process cannot work without.
    pub readiness: Readiness,
    fal_callbacks: Option<Arc<dyn ProviderCallbacks>>,
    callback_urls: Arc<SignedCallbackUrls>,
    chat: Arc<Chat>,
    bell: InboxBell,
}

impl Container {
    /// The container that a configuration describes.
    ///
    /// # Errors
    /// When a part cannot be made; the error names the setting.
    pub async fn configured(configuration: Configuration) -> anyhow::Result<Self> {
        Box::pin(Self::builder().configuration(configuration).build()).await
    }
}

#[bon]
impl Container {
    /// Begins a container.
    ///
    /// # Errors
    /// When a part cannot be made from the configuration; the error names the setting.
    #[builder(
        start_fn = builder,
        finish_fn = build,
        builder_type(name = ContainerBuilder, vis = "pub"),
        state_mod(name = container_builder, vis = "pub")
    )]
    pub async fn assemble(
        /// Makers of images, which take the place of configured ones of the same name.
        #[builder(field)]
        image_generators: Generators,
        /// The settings; read from `aisha.toml` and the environment when they are not given.
        configuration: Option<Configuration>,
        /// The models; from the configured file, or built in.
        registry: Option<ModelRegistry>,
        /// Time of this process.
        clock: Option<Arc<dyn Clock>>,
        /// Ids and chance.
        ids: Option<Arc<dyn IdSource>>,
        /// Bytes.
        objects: Option<Arc<dyn ObjectStore>>,
        /// Wake-ups.
        queue: Option<Arc<dyn JobQueue>>,
        /// Pictures.
        imaging: Option<Arc<dyn Imaging>>,
        /// The safety check of descriptions.
        moderator: Option<Arc<dyn Moderator>>,
        /// Telegram.
        telegram: Option<Arc<dyn TelegramApi>>,
        /// The way to the person.
        notifier: Option<Arc<dyn Notifier>>,
        /// The way to the operators.
        operators: Option<Arc<dyn OperatorChannel>>,
        /// Where conversations stand.
        dialogues: Option<Arc<dyn DialogueStore>>,
        /// How often a person may do something.
        rate_limiter: Option<Arc<dyn RateLimiter>>,
        /// Balances kept close by.
        balance_cache: Option<Arc<dyn BalanceCache>>,
        /// Accounts kept close by.
        profile_cache: Option<Arc<dyn ProfileCache>>,
    ) -> anyhow::Result<Self> {
        install_cryptography();
        let configuration = match configuration {
            Some(configuration) => configuration,
            None => Configuration::load(&Sources::usual(Path::new("."), Environment::of_this_process()))?,
        };
        let registry = match registry {
            Some(registry) => registry,
            None => load_registry(configuration.models.file.as_deref())?,
        };
        let telegram = match telegram {
            Some(telegram) => telegram,
            None => defaults::telegram(&configuration)?,
        };
        let foundation_parts = FoundationParts { clock, ids, balance_cache, profile_cache };
        let foundation =
            Box::pin(Foundation::with(configuration, foundation_parts, Schema::UpToDate)).await?;
        let configuration = Arc::clone(&foundation.configuration);
        let (clock, ids) = (Arc::clone(&foundation.clock), Arc::clone(&foundation.ids));

        let fal = generators::fal(&configuration, Arc::clone(&clock))?;
        let generators = defaults::image_generators(&configuration, image_generators, fal.clone())?;
        let moderator = match moderator {
            Some(moderator) => Some(moderator),
            None => generators::moderator(&configuration)?,
        };
        let objects = match objects {
            Some(objects) => objects,
            None => configured_objects(&foundation)?,
        };
        let queue = queue.unwrap_or_else(|| Arc::new(LocalJobQueue::new()));
        let imaging = imaging.unwrap_or_else(|| Arc::new(ImageProcessor::new()));
        let operators = operators.unwrap_or_else(|| {
            let chats = configuration.operators.chat_ids.clone();
            Arc::new(TelegramOperators::new(Arc::clone(&telegram), Arc::clone(&foundation.accounts), chats))
        });
        let notifier = notifier.unwrap_or_else(|| {
            let ports = NotifierPorts {
                telegram: Arc::clone(&telegram),
                accounts: Arc::clone(&foundation.accounts),
                inbox: Arc::clone(&foundation.database) as _,
                generations: Arc::clone(&foundation.database) as _,
                imaging: Arc::clone(&imaging),
                clock: Arc::clone(&clock),
                ids: Arc::clone(&ids),
            };
            Arc::new(TelegramNotifier::new(ports, registry.clone()))
        });
        let public_url = configuration.web.public_url.clone();
        let callback_urls = Arc::new(SignedCallbackUrls::new(public_url, Arc::clone(&foundation.digests)));
        let generation_ports = GenerationPorts {
            units: Arc::clone(&foundation.database) as _,
            reader: Arc::clone(&foundation.database) as _,
            gallery: Arc::clone(&foundation.database) as _,
            generators: generators.clone(),
            moderator: moderator.clone(),
            objects: Arc::clone(&objects),
            imaging: Arc::clone(&imaging),
            notifier,
            callback_urls: Arc::clone(&callback_urls) as _,
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&foundation.database) as _,
            operators: Arc::clone(&operators),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let policy = configuration.generation.policy;
        let generations = Arc::new(GenerationService::new(generation_ports, registry, policy)?);
        let galleries = Arc::new(GalleryService::new(
            Arc::clone(&foundation.database) as _,
            Arc::clone(&foundation.database) as _,
            Arc::clone(&objects),
            Arc::clone(&queue),
        ));
        let chat_ports = ChatPorts {
            telegram: Arc::clone(&telegram),
            accounts: Arc::clone(&foundation.accounts),
            balance: Arc::clone(&foundation.balances),
            gallery: Arc::clone(&galleries),
            generation: Arc::clone(&generations),
            dialogues: dialogues.unwrap_or_else(|| Arc::new(LocalDialogueStore::new(Arc::clone(&clock)))),
            limiter: rate_limiter.unwrap_or_else(|| Arc::new(LocalRateLimiter::new(Arc::clone(&clock)))),
            imaging,
            clock,
            ids,
        };
        Ok(Self {
            readiness: readiness(Arc::clone(&foundation.database), Arc::clone(&objects)),
            chat: Arc::new(Chat::new(chat_ports, configuration.chat.settings)),
            bell: InboxBell::new(),
            fal_callbacks: fal.map(|fal| fal as _),
            callback_urls,
            foundation,
            generations,
            galleries,
            objects,
            queue,
            generators,
            moderator,
            telegram,
            operators,
        })
    }
}

impl<S: container_builder::State> ContainerBuilder<S> {
    /// Puts in a maker of images under its name in the registry of models.
    pub fn image_generator(mut self, name: &str, generator: Arc<dyn ImageGenerator>) -> Self {
        self.image_generators.insert(ProviderName::new(name), generator);
        self
    }
}

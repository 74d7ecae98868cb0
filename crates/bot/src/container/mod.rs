//! The container: the one place where adapters are chosen and put behind their ports.
//!
//! Whatever is not given is made from the configuration, so that putting in another adapter is one line:
//! `Container::builder().image_generator("mine", Arc::new(mine)).build().await`.

mod defaults;
mod instruments;
mod loops;
mod shared;

use std::path::Path;
use std::sync::Arc;

use account::{PrivacyPolicy, PrivacyPorts, PrivacyService, ProfileCache};
use avatar::{AvatarPorts, AvatarService, AvatarTrainer, TrainerRegistry};
use balance::BalanceCache;
use bon::bon;
use chat::{
    Chat, ChatPorts, Door, InboxBell, NotifierPorts, TelegramApi, TelegramAvatarNotifier, TelegramFiles,
    TelegramHelpNotifier, TelegramNotifier, TelegramOperators, TelegramPrivacyNotifier,
};
use embedded_adapter::ZipArchiver;
use gallery::GalleryService;
use generation::{
    GenerationPorts, GenerationService, HelpPorts, HelpService, ImageGenerator, ModelRegistry, Notifier,
    PromptAssistant, ProviderName, Transcriber,
};
use imaging_adapter::ImageProcessor;
use kernel::{
    Archiver, Clock, DialogueStore, FileLender, IdSource, Imaging, IncomingFiles, JobQueue, Moderator,
    ObjectStore, OperatorChannel, PhotoAnalyst, ProviderCallbacks, RateLimiter, Turns,
};
use web::{Readiness, SignedCallbackUrls};

use crate::configuration::{Configuration, Environment, Sources};
use crate::foundation::{FoundationParts, Schema};
use crate::generators::{self, Generators, Trainers};
use crate::helpers;
use crate::metrics::{MeasuredUpdates, UnitBook};
use crate::readiness::readiness;
use crate::registry::{Registries, load_registries};
use crate::{Foundation, install_cryptography};

pub(crate) use defaults::configured_objects;
use instruments::Instruments;
use shared::Shared;

/// Every service of the bot over its ports.
#[derive(Clone)]
pub struct Container {
    /// Configuration, time, ids, database, people, credits.
    pub foundation: Foundation,
    /// Requests for images.
    pub generations: Arc<GenerationService>,
    /// Kept images.
    pub galleries: Arc<GalleryService>,
    /// Avatars.
    pub avatars: Arc<AvatarService>,
    /// Help with words, voice and photos.
    pub help: Arc<HelpService>,
    /// What is kept of people.
    pub privacy: Arc<PrivacyService>,
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

/// Who may come in, by the configuration and by what operators did since.
fn door(foundation: &Foundation) -> Door {
    let configuration = &foundation.configuration;
    let policy = configuration.access.policy(&configuration.operators.chat_ids);
    Door::new(policy, Arc::clone(&foundation.database) as _, Arc::clone(&foundation.database) as _)
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
        /// Trainers of avatars, which take the place of configured ones of the same name.
        #[builder(field)]
        avatar_trainers: Trainers,
        /// The settings; read from `aisha.toml` and the environment when they are not given.
        configuration: Option<Configuration>,
        /// The models; from the configured file, or built in.
        registry: Option<ModelRegistry>,
        /// The trainers; from the configured file, or built in.
        trainer_registry: Option<TrainerRegistry>,
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
        /// The safety check of descriptions and photos.
        moderator: Option<Arc<dyn Moderator>>,
        /// Whoever looks at photos.
        photo_analyst: Option<Arc<dyn PhotoAnalyst>>,
        /// Whoever finds better words.
        prompt_assistant: Option<Arc<dyn PromptAssistant>>,
        /// Whoever writes down what is said.
        transcriber: Option<Arc<dyn Transcriber>>,
        /// Lends stored files to providers.
        file_lender: Option<Arc<dyn FileLender>>,
        /// Packs files.
        archiver: Option<Arc<dyn Archiver>>,
        /// Files that people send.
        incoming_files: Option<Arc<dyn IncomingFiles>>,
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
        /// When messages may go out.
        turns: Option<Arc<dyn Turns>>,
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
        let registries = match (registry, trainer_registry) {
            (Some(models), Some(trainers)) => Registries { models, trainers },
            (models, trainers) => {
                let built_in = load_registries(configuration.models.file.as_deref())?;
                // Trainers name models: whoever puts in their own models puts in their own trainers, too.
                let usual = if models.is_some() { TrainerRegistry::default() } else { built_in.trainers };
                Registries { models: models.unwrap_or(built_in.models), trainers: trainers.unwrap_or(usual) }
            }
        };
        let providers = UnitBook::providers(&registries);
        let Registries { models: registry, trainers: trainer_registry } = registries;
        if telegram.is_none() {
            // Before anything is opened or brought up to date for a bot that cannot run.
            configuration.telegram.token()?;
        }
        let foundation_parts = FoundationParts { clock, ids, balance_cache, profile_cache };
        let foundation =
            Box::pin(Foundation::with(configuration, foundation_parts, Schema::UpToDate)).await?;
        let configuration = Arc::clone(&foundation.configuration);
        let (clock, ids) = (Arc::clone(&foundation.clock), Arc::clone(&foundation.ids));
        let shared = Shared::by(foundation.redis.as_ref(), &clock);
        let watch = Instruments::new(foundation.metrics.clone(), Arc::clone(&clock), providers);
        let telegram = match telegram {
            Some(telegram) => telegram,
            None => defaults::telegram(&configuration, &watch, turns.unwrap_or(shared.turns))?,
        };

        let fal = generators::fal(&configuration, Arc::clone(&clock))?;
        let generators =
            watch.generators(defaults::image_generators(&configuration, image_generators, fal.clone())?);
        let trainers = watch.trainers(defaults::avatar_trainers(avatar_trainers, fal.clone()));
        let openai = helpers::openai(&configuration)?;
        let moderator = moderator.or_else(|| openai.clone().map(|openai| openai as _));
        let photo_analyst = photo_analyst.or_else(|| openai.clone().map(|openai| openai as _));
        let prompt_assistant = prompt_assistant.or_else(|| openai.clone().map(|openai| openai as _));
        let transcriber = transcriber.or_else(|| openai.map(|openai| openai as _));
        let moderator = moderator.map(|moderator| watch.moderator(moderator));
        let photo_analyst = photo_analyst.map(|analyst| watch.analyst(analyst));
        let prompt_assistant = prompt_assistant.map(|assistant| watch.assistant(assistant));
        let transcriber = transcriber.map(|transcriber| watch.transcriber(transcriber));
        let objects = watch.objects(match objects {
            Some(objects) => objects,
            None => configured_objects(&foundation)?,
        });
        let queue = watch.queue(queue.unwrap_or(shared.queue));
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
                avatars: Arc::clone(&foundation.database) as _,
                imaging: Arc::clone(&imaging),
                clock: Arc::clone(&clock),
                ids: Arc::clone(&ids),
            };
            Arc::new(TelegramNotifier::new(ports, registry.clone()))
        });
        let public_url = configuration.web.public_url.clone();
        let callback_urls = Arc::new(SignedCallbackUrls::new(public_url, Arc::clone(&foundation.digests)));
        let lender = match file_lender {
            Some(lender) => lender,
            None => defaults::file_lender(&foundation, Arc::clone(&objects))?,
        };
        let archiver = archiver
            .unwrap_or_else(|| Arc::new(ZipArchiver::new(Arc::clone(&objects), std::env::temp_dir())));
        let incoming = incoming_files.unwrap_or_else(|| Arc::new(TelegramFiles::new(Arc::clone(&telegram))));
        let generation_ports = GenerationPorts {
            units: watch.generation_units(&foundation.database),
            reader: Arc::clone(&foundation.database) as _,
            gallery: Arc::clone(&foundation.database) as _,
            generators: generators.clone(),
            moderator: moderator.clone(),
            refusals: Arc::clone(&foundation.database) as _,
            avatars: Arc::clone(&foundation.database) as _,
            lender: Arc::clone(&lender),
            objects: Arc::clone(&objects),
            imaging: Arc::clone(&imaging),
            notifier,
            callback_urls: Arc::clone(&callback_urls) as _,
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&foundation.database) as _,
            spend_book: Arc::clone(&foundation.database) as _,
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
            configuration.gallery.undo,
        ));
        let avatar_ports = AvatarPorts {
            units: watch.avatar_units(&foundation.database),
            reader: Arc::clone(&foundation.database) as _,
            trainers,
            analyst: photo_analyst.clone(),
            moderator: moderator.clone(),
            incoming: Arc::clone(&incoming),
            objects: Arc::clone(&objects),
            imaging: Arc::clone(&imaging),
            archiver: Arc::clone(&archiver),
            lender,
            notifier: Arc::new(TelegramAvatarNotifier::new(
                Arc::clone(&telegram),
                Arc::clone(&foundation.accounts),
                Arc::clone(&clock),
            )),
            gallery: Arc::clone(&foundation.database) as _,
            callback_urls: Arc::clone(&callback_urls) as _,
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&foundation.database) as _,
            spend_book: Arc::clone(&foundation.database) as _,
            operators: Arc::clone(&operators),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let avatars =
            Arc::new(AvatarService::new(avatar_ports, trainer_registry, configuration.avatar.policy)?);
        let help_ports = HelpPorts {
            requests: Arc::clone(&foundation.database) as _,
            assistant: prompt_assistant,
            transcriber,
            analyst: photo_analyst,
            moderator: moderator.clone(),
            incoming,
            imaging: Arc::clone(&imaging),
            avatars: Arc::clone(&foundation.database) as _,
            refusals: Arc::clone(&foundation.database) as _,
            notifier: Arc::new(TelegramHelpNotifier::new(Arc::clone(&telegram))),
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&foundation.database) as _,
            operators: Arc::clone(&operators),
            ids: Arc::clone(&ids),
        };
        let help = Arc::new(HelpService::new(help_ports, configuration.help.policy));
        let privacy_ports = PrivacyPorts {
            requests: Arc::clone(&foundation.database) as _,
            // What works on something before what it works on, and the balance last.
            parts: vec![
                Arc::clone(&avatars) as _,
                Arc::clone(&generations) as _,
                Arc::clone(&help) as _,
                Arc::clone(&galleries) as _,
                Arc::clone(&foundation.balances) as _,
            ],
            images: Arc::clone(&galleries) as _,
            accounts: Arc::clone(&foundation.database) as _,
            cache: Arc::clone(&foundation.profile_cache),
            archiver,
            objects: Arc::clone(&objects),
            notifier: Arc::new(TelegramPrivacyNotifier::new(Arc::clone(&telegram))),
            queue: Arc::clone(&queue),
            ids: Arc::clone(&ids),
        };
        let privacy = Arc::new(PrivacyService::new(privacy_ports, PrivacyPolicy::default()));
        let chat_ports = ChatPorts {
            telegram: Arc::clone(&telegram),
            accounts: Arc::clone(&foundation.accounts),
            balance: Arc::clone(&foundation.balances),
            gallery: Arc::clone(&galleries),
            generation: Arc::clone(&generations),
            avatars: Arc::clone(&avatars),
            styles: Arc::new(defaults::styles(&configuration)?),
            help: Arc::clone(&help),
            privacy: Arc::clone(&privacy),
            dialogues: dialogues.unwrap_or(shared.dialogues),
            limiter: rate_limiter.unwrap_or(shared.limiter),
            imaging,
            clock,
            ids,
        };
        Ok(Self {
            readiness: readiness(
                Arc::clone(&foundation.database),
                Arc::clone(&objects),
                foundation.redis.clone(),
            ),
            chat: Arc::new(
                Chat::new(chat_ports, configuration.chat.settings)
                    .behind(door(&foundation))
                    .watched_by(Arc::new(MeasuredUpdates(foundation.metrics.clone()))),
            ),
            bell: InboxBell::new(),
            fal_callbacks: fal.map(|fal| fal as _),
            callback_urls,
            foundation,
            generations,
            galleries,
            avatars,
            help,
            privacy,
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

    /// Puts in a trainer under its provider's name in the registry of trainers.
    pub fn avatar_trainer(mut self, name: &str, trainer: Arc<dyn AvatarTrainer>) -> Self {
        self.avatar_trainers.insert(ProviderName::new(name), trainer);
        self
    }
}

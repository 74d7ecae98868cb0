//! The program: one of its processes, wired as the bot is, over the fakes.

use std::collections::BTreeMap;
use std::sync::Arc;

use account::{AccountService, PrivacyPorts, PrivacyService};
use avatar::{AvatarPorts, AvatarService, AvatarTrainer};
use balance::BalanceService;
use chat::{
    Chat, ChatPorts, ChatSettings, Dispatcher, DispatcherPorts, DispatcherSettings, InboxBell, NotifierPorts,
    PacedTelegram, Pacing, Poller, PollerPorts, PollerSettings, TelegramApi, TelegramAvatarNotifier,
    TelegramFiles, TelegramHelpNotifier, TelegramNotifier, TelegramOperators, TelegramPrivacyNotifier,
};
use gallery::GalleryService;
use generation::{
    GenerationPorts, GenerationService, HelpPolicy, HelpPorts, HelpService, ImageGenerator, ProviderName,
};
use kernel::{
    Archiver, ChatId, Clock, FileLender, IdSource, IncomingFiles, JobQueue, Jobs, Leases, Moderator,
    ObjectStore, PhotoAnalyst,
};
use testkit::fakes::{
    FakeArchiver, FakeCallbackUrls, FakeDigests, FakeImaging, FakeModerator, FakePhotoAnalyst,
    FakePromptAssistant, FakeTranscriber, MemoryDatabase,
};
use testkit::weather::Weather;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use worker::{
    AvatarJobs, GalleryJobs, GenerationJobs, HelpJobs, JobHandlers, PrivacyJobs, Sweeper, SweeperPorts,
    SweeperSettings, Worker, WorkerPorts, WorkerSettings,
};

use crate::chance::{Chance, Stream};
use crate::clock::SkewedClock;
use crate::ids::NodeIds;
use crate::providers::{self, FAL, GOOGLE};
use crate::scenario::{Intake, PublicAddress, Scenario};
use crate::sky::{Death, NodeWeather};
use crate::telegram;
use crate::watch::{Watch, WatchedJobs, WatchedLeases};
use crate::world::World;

/// Where operators are told.
pub const OPERATORS: ChatId = ChatId::new(1);

/// What a part of the program was, when it ended by itself.
pub type Part = &'static str;

/// One process of the program in one of its lives. Dropping it kills it.
pub struct Node {
    /// Which life of the node it is.
    pub life: u64,
    /// What runs.
    pub tasks: JoinSet<Part>,
    /// Tells it to stop.
    pub stop: CancellationToken,
    /// Requests for images.
    pub generations: Arc<GenerationService>,
    /// Avatars.
    pub avatars: Arc<AvatarService>,
    /// Help with words, voice and photos.
    help: Arc<HelpService>,
    /// What is kept of people.
    privacy: Arc<PrivacyService>,
    /// Credits.
    pub balances: Arc<BalanceService>,
    /// People.
    pub accounts: Arc<AccountService>,
    /// The database as this node reaches it.
    pub database: Arc<MemoryDatabase>,
    /// Wakes the dispatcher.
    pub bell: InboxBell,
}

/// The usual settings, but for how often is looked around.
struct Settings {
    dispatcher: DispatcherSettings,
    worker: WorkerSettings,
    sweeper: SweeperSettings,
}

impl Settings {
    fn of(scenario: &Scenario) -> Self {
        let look_around = scenario.look_around;
        Self {
            dispatcher: DispatcherSettings { scan_period: look_around, ..DispatcherSettings::default() },
            worker: WorkerSettings { patience: look_around, ..WorkerSettings::default() },
            sweeper: SweeperSettings { sweep_every: look_around, ..SweeperSettings::default() },
        }
    }
}

/// The ports that parts of a node share.
struct Shared {
    watch: Watch,
    database: Arc<MemoryDatabase>,
    queue: Arc<dyn JobQueue>,
    operators: Arc<TelegramOperators>,
    ids: Arc<dyn IdSource>,
}

impl Shared {
    fn jobs(&self) -> Arc<dyn Jobs> {
        Arc::new(WatchedJobs { jobs: Arc::clone(&self.database), watch: self.watch.clone() })
    }

    fn leases(&self) -> Arc<dyn Leases> {
        Arc::new(WatchedLeases { leases: Arc::clone(&self.database), watch: self.watch.clone() })
    }
}

impl Node {
    /// Starts a node. `database` is the world's, as the running program has opened it.
    pub fn start(
        world: &World,
        database: &MemoryDatabase,
        node: usize,
        deaths: &UnboundedSender<Death>,
    ) -> Self {
        let life = world.begin_life_of(node);
        let (seed, scenario) = (world.seed, &world.scenario);
        let own = Arc::new(NodeWeather::new(world.sky.clone(), node, life, deaths.clone()));
        let weather = Arc::clone(&own) as Arc<dyn Weather>;
        let clock: Arc<dyn Clock> =
            Arc::new(SkewedClock { right: world.clock.clone(), ahead: scenario.ahead[node] });
        let ids: Arc<dyn IdSource> =
            Arc::new(NodeIds::new(Arc::clone(&clock), Chance::of(seed, Stream::Ids { node, life })));
        let database = Arc::new(database.with_weather(Arc::clone(&ids), Arc::clone(&weather)));
        let objects: Arc<dyn ObjectStore> = Arc::new(world.objects.with_weather(Arc::clone(&weather)));
        let carried = world.carried();
        let queue: Arc<dyn JobQueue> = Arc::new(carried.queue.with_weather(Arc::clone(&weather)));
        let line = Arc::new(telegram::Line::new(world.telegram.clone(), own));
        let telegram: Arc<dyn TelegramApi> =
            Arc::new(PacedTelegram::new(line, Arc::new(carried.turns.clone()), Pacing::PerSecond(30)));
        let profiles = Arc::new(carried.profiles.clone());
        let accounts = Arc::new(AccountService::new(
            Arc::clone(&database) as _,
            Arc::clone(&profiles) as _,
            Arc::clone(&ids),
            Arc::new(FakeDigests::default()),
        ));
        let balances = Arc::new(BalanceService::new(
            Arc::clone(&database) as _,
            Arc::clone(&database) as _,
            Arc::new(carried.balances.clone()),
            Arc::clone(&ids),
        ));
        let galleries = Arc::new(GalleryService::new(
            Arc::clone(&database) as _,
            Arc::clone(&database) as _,
            Arc::clone(&objects),
            Arc::clone(&queue),
            scenario.undo,
        ));
        let operators =
            Arc::new(TelegramOperators::new(Arc::clone(&telegram), Arc::clone(&accounts), vec![OPERATORS]));
        let registry = providers::registry(scenario);
        let notifier_ports = NotifierPorts {
            telegram: Arc::clone(&telegram),
            accounts: Arc::clone(&accounts),
            inbox: Arc::clone(&database) as _,
            generations: Arc::clone(&database) as _,
            avatars: Arc::clone(&database) as _,
            imaging: Arc::new(FakeImaging),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let generators = [GOOGLE, FAL].map(|provider| {
            let line = providers::Line {
                provider,
                works: world.works.clone(),
                weather: Arc::clone(&weather),
                timeout: scenario.policy.provider_timeout,
            };
            (ProviderName::new(provider), Arc::new(line) as Arc<dyn ImageGenerator>)
        });
        let callback_urls = match scenario.public_address {
            PublicAddress::Known => FakeCallbackUrls::Reachable,
            PublicAddress::None => FakeCallbackUrls::Unreachable,
        };
        let moderator: Arc<dyn Moderator> = Arc::new(FakeModerator::under(Arc::clone(&weather)));
        let analyst: Arc<dyn PhotoAnalyst> = Arc::new(FakePhotoAnalyst::under(Arc::clone(&weather)));
        let lender: Arc<dyn FileLender> =
            Arc::new(world.lender.with_weather(Arc::clone(&objects), Arc::clone(&weather)));
        let archiver: Arc<dyn Archiver> =
            Arc::new(FakeArchiver::under(Arc::clone(&objects), Arc::clone(&weather)));
        let incoming: Arc<dyn IncomingFiles> = Arc::new(TelegramFiles::new(Arc::clone(&telegram)));
        let generation_ports = GenerationPorts {
            units: Arc::clone(&database) as _,
            reader: Arc::clone(&database) as _,
            gallery: Arc::clone(&database) as _,
            generators: BTreeMap::from(generators),
            moderator: Some(Arc::clone(&moderator)),
            refusals: Arc::clone(&database) as _,
            avatars: Arc::clone(&database) as _,
            lender: Arc::clone(&lender),
            objects: Arc::clone(&objects),
            imaging: Arc::new(FakeImaging),
            notifier: Arc::new(TelegramNotifier::new(notifier_ports, registry.clone())),
            callback_urls: Arc::new(callback_urls),
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&database) as _,
            spend_book: Arc::clone(&database) as _,
            operators: Arc::clone(&operators) as _,
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let generations = GenerationService::new(generation_ports, registry, scenario.policy);
        let generations = Arc::new(generations.expect("times that fit together"));
        let trainer = providers::TrainerLine {
            trainings: world.trainings.clone(),
            works: world.works.clone(),
            lender: world.lender.clone(),
            weather: Arc::clone(&weather),
            timeout: scenario.avatar_policy.provider_timeout,
        };
        let avatar_ports = AvatarPorts {
            units: Arc::clone(&database) as _,
            reader: Arc::clone(&database) as _,
            trainers: BTreeMap::from([(ProviderName::new(FAL), Arc::new(trainer) as Arc<dyn AvatarTrainer>)]),
            analyst: Some(Arc::clone(&analyst)),
            moderator: Some(Arc::clone(&moderator)),
            incoming: Arc::clone(&incoming),
            objects: Arc::clone(&objects),
            imaging: Arc::new(FakeImaging),
            archiver: Arc::clone(&archiver),
            lender,
            notifier: Arc::new(TelegramAvatarNotifier::new(
                Arc::clone(&telegram),
                Arc::clone(&accounts),
                Arc::clone(&clock),
            )),
            gallery: Arc::clone(&database) as _,
            callback_urls: Arc::new(callback_urls),
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&database) as _,
            spend_book: Arc::clone(&database) as _,
            operators: Arc::clone(&operators) as _,
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let avatars = AvatarService::new(avatar_ports, providers::trainers(), scenario.avatar_policy);
        let avatars = Arc::new(avatars.expect("times that fit together"));
        let help_ports = HelpPorts {
            requests: Arc::clone(&database) as _,
            assistant: Some(Arc::new(FakePromptAssistant::under(Arc::clone(&weather)))),
            transcriber: Some(Arc::new(FakeTranscriber::under(Arc::clone(&weather)))),
            analyst: Some(analyst),
            moderator: Some(moderator),
            incoming,
            imaging: Arc::new(FakeImaging),
            avatars: Arc::clone(&database) as _,
            refusals: Arc::clone(&database) as _,
            notifier: Arc::new(TelegramHelpNotifier::new(Arc::clone(&telegram))),
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&database) as _,
            operators: Arc::clone(&operators) as _,
            ids: Arc::clone(&ids),
        };
        let help = Arc::new(HelpService::new(help_ports, HelpPolicy::default()));
        let privacy_ports = PrivacyPorts {
            requests: Arc::clone(&database) as _,
            // In the order of the bot's container.
            parts: vec![
                Arc::clone(&avatars) as _,
                Arc::clone(&generations) as _,
                Arc::clone(&help) as _,
                Arc::clone(&galleries) as _,
                Arc::clone(&balances) as _,
            ],
            images: Arc::clone(&galleries) as _,
            accounts: Arc::clone(&database) as _,
            cache: profiles,
            archiver,
            objects,
            notifier: Arc::new(TelegramPrivacyNotifier::new(Arc::clone(&telegram))),
            queue: Arc::clone(&queue),
            ids: Arc::clone(&ids),
        };
        let privacy = Arc::new(PrivacyService::new(privacy_ports, scenario.privacy_policy));
        let chat_ports = ChatPorts {
            telegram: Arc::clone(&telegram),
            accounts: Arc::clone(&accounts),
            balance: Arc::clone(&balances),
            gallery: Arc::clone(&galleries),
            generation: Arc::clone(&generations),
            avatars: Arc::clone(&avatars),
            styles: Arc::clone(&world.styles),
            help: Arc::clone(&help),
            privacy: Arc::clone(&privacy),
            dialogues: Arc::new(carried.dialogues.with_weather(weather)),
            limiter: Arc::new(carried.limiter.clone()),
            imaging: Arc::new(FakeImaging),
            clock,
            ids: Arc::clone(&ids),
        };
        let chat = Arc::new(Chat::new(chat_ports, ChatSettings::default()));
        let watch = world.watch.clone();
        let shared = Shared { watch, database: Arc::clone(&database), queue, operators, ids };
        let mut started = Self {
            life,
            tasks: JoinSet::new(),
            stop: CancellationToken::new(),
            generations,
            avatars,
            help,
            privacy,
            balances,
            accounts,
            database,
            bell: InboxBell::new(),
        };
        let settings = Settings::of(scenario);
        started.converse(&shared, &telegram, &chat, scenario.intake, &settings);
        started.work(&shared, galleries, &settings);
        started
    }

    fn converse(
        &mut self,
        shared: &Shared,
        telegram: &Arc<dyn TelegramApi>,
        chat: &Arc<Chat>,
        intake: Intake,
        settings: &Settings,
    ) {
        if intake == Intake::Polling {
            let ports = PollerPorts {
                telegram: Arc::clone(telegram),
                inbox: Arc::clone(&shared.database) as _,
                leases: shared.leases(),
                bell: self.bell.clone(),
            };
            let poller = Poller::new(ports, Arc::clone(chat), PollerSettings::default());
            let stop = self.stop.clone();
            self.run("poller", async move { poller.run(&stop).await });
        }
        let ports = DispatcherPorts {
            inbox: Arc::clone(&shared.database) as _,
            leases: shared.leases(),
            bell: self.bell.clone(),
            failures: Arc::clone(&shared.database) as _,
            operators: Arc::clone(&shared.operators) as _,
            ids: Arc::clone(&shared.ids),
        };
        let dispatcher = Dispatcher::new(ports, Arc::clone(chat), settings.dispatcher);
        let stop = self.stop.clone();
        self.run("dispatcher", async move { dispatcher.run(&stop).await });
    }

    fn work(&mut self, shared: &Shared, galleries: Arc<GalleryService>, settings: &Settings) {
        let ports = WorkerPorts {
            jobs: shared.jobs(),
            queue: Arc::clone(&shared.queue),
            handlers: JobHandlers {
                generation: Arc::new(GenerationJobs::new(Arc::clone(&self.generations))),
                gallery: Arc::new(GalleryJobs::new(galleries)),
                avatar: Arc::new(AvatarJobs::new(Arc::clone(&self.avatars))),
                help: Arc::new(HelpJobs::new(Arc::clone(&self.help))),
                privacy: Arc::new(PrivacyJobs::new(Arc::clone(&self.privacy))),
            },
            failures: Arc::clone(&shared.database) as _,
            operators: Arc::clone(&shared.operators) as _,
            ids: Arc::clone(&shared.ids),
        };
        let worker = Worker::new(ports, settings.worker);
        let stop = self.stop.clone();
        self.run("worker", async move { worker.run(stop).await });
        let ports = SweeperPorts {
            leases: shared.leases(),
            jobs: shared.jobs(),
            queue: Arc::clone(&shared.queue),
            inbox: Arc::clone(&shared.database) as _,
            balances: Arc::clone(&self.balances),
            generations: Arc::clone(&self.generations),
            avatars: Arc::clone(&self.avatars),
            help: Arc::clone(&self.help),
            privacy: Arc::clone(&self.privacy),
            ids: Arc::clone(&shared.ids),
        };
        let sweeper = Sweeper::new(ports, settings.sweeper);
        let stop = self.stop.clone();
        self.run("sweeper", async move { sweeper.run(stop).await });
    }

    fn run(&mut self, name: Part, part: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(async move {
            part.await;
            name
        });
    }
}

//! The program: one of its processes, wired as the bot is, over the fakes.

use std::collections::BTreeMap;
use std::sync::Arc;

use account::AccountService;
use balance::BalanceService;
use chat::{
    Chat, ChatPorts, ChatSettings, Dispatcher, DispatcherPorts, DispatcherSettings, InboxBell, NotifierPorts,
    PacedTelegram, Pacing, Poller, PollerPorts, PollerSettings, TelegramApi, TelegramNotifier,
    TelegramOperators,
};
use gallery::GalleryService;
use generation::{GenerationPorts, GenerationService, ImageGenerator, ProviderName};
use kernel::{ChatId, Clock, IdSource, JobQueue, Jobs, Leases, ObjectStore};
use testkit::fakes::{FakeCallbackUrls, FakeDigests, FakeImaging, FakeModerator, MemoryDatabase};
use testkit::weather::Weather;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use worker::{
    GalleryJobs, GenerationJobs, JobHandlers, Sweeper, SweeperPorts, SweeperSettings, Worker, WorkerPorts,
    WorkerSettings,
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
        let telegram: Arc<dyn TelegramApi> = Arc::new(PacedTelegram::new(line, Pacing::PerSecond(30)));
        let accounts = Arc::new(AccountService::new(
            Arc::clone(&database) as _,
            Arc::new(carried.profiles.clone()),
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
        ));
        let operators =
            Arc::new(TelegramOperators::new(Arc::clone(&telegram), Arc::clone(&accounts), vec![OPERATORS]));
        let registry = providers::registry(scenario);
        let notifier_ports = NotifierPorts {
            telegram: Arc::clone(&telegram),
            accounts: Arc::clone(&accounts),
            inbox: Arc::clone(&database) as _,
            generations: Arc::clone(&database) as _,
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
        let generation_ports = GenerationPorts {
            units: Arc::clone(&database) as _,
            reader: Arc::clone(&database) as _,
            gallery: Arc::clone(&database) as _,
            generators: BTreeMap::from(generators),
            moderator: Some(Arc::new(FakeModerator::under(Arc::clone(&weather)))),
            objects,
            imaging: Arc::new(FakeImaging),
            notifier: Arc::new(TelegramNotifier::new(notifier_ports, registry.clone())),
            callback_urls: Arc::new(callback_urls),
            queue: Arc::clone(&queue),
            pauses: Arc::clone(&database) as _,
            operators: Arc::clone(&operators) as _,
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let generations = GenerationService::new(generation_ports, registry, scenario.policy);
        let generations = Arc::new(generations.expect("times that fit together"));
        let chat_ports = ChatPorts {
            telegram: Arc::clone(&telegram),
            accounts: Arc::clone(&accounts),
            balance: Arc::clone(&balances),
            gallery: Arc::clone(&galleries),
            generation: Arc::clone(&generations),
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

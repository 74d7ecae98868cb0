//! The fakes, a worker and a sweeper over them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use balance::BalanceService;
use gallery::GalleryUnits;
use generation::{
    GenerationPolicy, GenerationPorts, GenerationService, ModelEntry, ModelId, ModelKind, ModelRegistry,
    ProviderName,
};
use kernel::{AccountId, Credits, IdSource as _, JobId, JobKind, JobQueue as _, NewJob};
use testkit::fakes::database::tables::JobRow;
use testkit::fakes::{
    FakeCallbackUrls, FakeGenerator, FakeImaging, FakeLender, MemoryBalanceCache, MemoryDatabase,
    MemoryObjects, MemoryQueue, RecordingNotifier, RecordingOperators, SeededIds, Style,
};
use testkit::services::Ground;
use testkit::weather::{Fate, Weather};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use worker::{
    JobHandlers, OrphanSweep, SweepWatch, Sweeper, SweeperPorts, SweeperSettings, Worker, WorkerPorts,
    WorkerSettings,
};

use crate::clock::RuntimeClock;
use crate::script::{Act, Script};

/// Everything that a worker and a sweeper stand on.
pub struct World {
    pub database: MemoryDatabase,
    pub queue: MemoryQueue,
    pub objects: MemoryObjects,
    pub operators: RecordingOperators,
    pub script: Arc<Script>,
    pub balances: Arc<BalanceService>,
    pub account: AccountId,
    clock: RuntimeClock,
    ids: Arc<SeededIds>,
    /// A sweeper of another process has a database with other connections, and the same rows.
    generations: Arc<GenerationService>,
}

/// Something that runs until it is stopped or killed.
pub struct Running {
    pub stop: CancellationToken,
    pub task: JoinHandle<()>,
}

impl Running {
    /// Stops it in order; how long that took.
    pub async fn stop(self) -> Duration {
        let asked = Instant::now();
        self.stop.cancel();
        self.task.await.unwrap();
        asked.elapsed()
    }

    /// Ends it as a crash would.
    pub async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

/// A queue that cannot be reached.
struct QueueAway;

impl Weather for QueueAway {
    fn fate(&self, port: &'static str) -> Fate {
        if port.starts_with("queue.") { Fate::FailsBefore } else { Fate::Fair }
    }

    fn die(&self) {}
}

impl World {
    pub fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self::with_queue(acts, MemoryQueue::default())
    }

    pub fn without_queue(acts: impl IntoIterator<Item = Act>) -> Self {
        Self::with_queue(acts, MemoryQueue::under(Arc::new(QueueAway)))
    }

    fn with_queue(acts: impl IntoIterator<Item = Act>, queue: MemoryQueue) -> Self {
        let clock = RuntimeClock::start();
        let ids = Arc::new(SeededIds::new(1));
        let database = MemoryDatabase::new(Arc::new(clock), ids.clone());
        let operators = RecordingOperators::default();
        let balances = BalanceService::new(
            Arc::new(database.clone()),
            Arc::new(database.clone()),
            Arc::new(MemoryBalanceCache::default()),
            ids.clone(),
        );
        let generations = generations(&database, &queue, &operators, clock, &ids);
        Self {
            script: Arc::new(Script::new(Arc::new(database.clone()), acts)),
            account: AccountId::new(ids.uuid()),
            balances: Arc::new(balances),
            generations: Arc::new(generations),
            database,
            queue,
            objects: MemoryObjects::default().with_clock(Arc::new(clock)),
            operators,
            clock,
            ids,
        }
    }

    /// Schedules a job and says nothing about it.
    pub async fn schedule(&self, kind: JobKind) -> JobId {
        let job = NewJob::now(self.account, kind, self.ids.uuid());
        let units: &dyn GalleryUnits = &self.database;
        let mut unit = units.begin().await.unwrap();
        unit.jobs().schedule(&job).await.unwrap();
        unit.commit().await.unwrap();
        job.id()
    }

    /// Schedules a job and wakes a worker.
    pub async fn wake(&self, kind: JobKind) -> JobId {
        let job = self.schedule(kind).await;
        self.queue
            .push(kernel::WakeUp { account: self.account, job, urgency: kind.urgency() })
            .await
            .unwrap();
        job
    }

    pub fn job(&self, job: JobId) -> JobRow {
        self.database.committed().jobs[&(self.account, job)].clone()
    }

    pub fn start_worker(&self, settings: WorkerSettings) -> Running {
        let ports = WorkerPorts {
            jobs: Arc::new(self.database.clone()),
            queue: Arc::new(self.queue.clone()),
            handlers: JobHandlers {
                generation: self.script.clone(),
                gallery: self.script.clone(),
                avatar: self.script.clone(),
                help: self.script.clone(),
                privacy: self.script.clone(),
            },
            failures: Arc::new(self.database.clone()),
            operators: Arc::new(self.operators.clone()),
            ids: self.ids.clone(),
        };
        let stop = CancellationToken::new();
        let worker_stop = stop.clone();
        let task = tokio::spawn(async move { Worker::new(ports, settings).run(worker_stop).await });
        Running { stop, task }
    }

    /// A sweeper that removes objects, too.
    pub fn start_cleaning(&self, watch: Arc<dyn SweepWatch>) -> Running {
        let orphans = OrphanSweep {
            objects: Arc::new(self.objects.clone()),
            references: Arc::new(self.database.clone()),
            marks: Arc::new(self.database.clone()),
            clock: Arc::new(self.clock),
        };
        self.run_sweeper(|sweeper| sweeper.cleaning(orphans).watched_by(watch))
    }

    pub fn start_sweeper(&self) -> Running {
        self.run_sweeper(|sweeper| sweeper)
    }

    fn run_sweeper(&self, with: impl FnOnce(Sweeper) -> Sweeper) -> Running {
        let ports = SweeperPorts {
            leases: Arc::new(self.database.clone()),
            jobs: Arc::new(self.database.clone()),
            queue: Arc::new(self.queue.clone()),
            inbox: Arc::new(self.database.clone()),
            balances: self.balances.clone(),
            generations: self.generations.clone(),
            avatars: Arc::new(self.ground().avatars()),
            help: Arc::new(self.ground().help()),
            privacy: Arc::new(self.ground().privacy()),
            ids: self.ids.clone(),
        };
        let stop = CancellationToken::new();
        let sweeper_stop = stop.clone();
        let sweeper = with(Sweeper::new(ports, SweeperSettings::default()));
        let task = tokio::spawn(async move { sweeper.run(sweeper_stop).await });
        Running { stop, task }
    }

    fn ground(&self) -> Ground {
        Ground {
            database: self.database.clone(),
            objects: MemoryObjects::default(),
            queue: self.queue.clone(),
            callback_urls: Arc::new(FakeCallbackUrls::Unreachable),
            clock: Arc::new(self.clock),
            ids: self.ids.clone(),
        }
    }

    /// A worker and a sweeper.
    pub fn start(&self) -> (Running, Running) {
        (self.start_worker(WorkerSettings::default()), self.start_sweeper())
    }

    /// Waits until `holds`, for `limit` of the paused time at most.
    pub async fn until(&self, limit: Duration, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + limit;
        while !holds(self) {
            assert!(Instant::now() < deadline, "it did not come about within {limit:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Lets time pass, in which nothing that a test waits for is to happen.
    pub async fn pass(&self, span: Duration) {
        sleep(span).await;
    }

    pub fn now(&self) -> kernel::Timestamp {
        kernel::Clock::now(&self.clock)
    }
}

fn generations(
    database: &MemoryDatabase,
    queue: &MemoryQueue,
    operators: &RecordingOperators,
    clock: RuntimeClock,
    ids: &Arc<SeededIds>,
) -> GenerationService {
    let model = ModelEntry {
        id: ModelId::new("banana"),
        provider: ProviderName::new("google"),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: "Banana".to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 1,
        images_per_call: 1,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options: BTreeMap::new(),
    };
    let chains = BTreeMap::from([(ModelKind::TextToImage, vec![model.id.clone()])]);
    let ports = GenerationPorts {
        units: Arc::new(database.clone()),
        reader: Arc::new(database.clone()),
        gallery: Arc::new(database.clone()),
        generators: BTreeMap::from([(
            ProviderName::new("google"),
            Arc::new(FakeGenerator::new(Style::Inline)) as _,
        )]),
        moderator: None,
        refusals: Arc::new(database.clone()),
        avatars: Arc::new(database.clone()),
        lender: Arc::new(FakeLender::new(Arc::new(MemoryObjects::default()), Arc::new(clock))),
        objects: Arc::new(MemoryObjects::default()),
        imaging: Arc::new(FakeImaging),
        notifier: Arc::new(RecordingNotifier::default()),
        callback_urls: Arc::new(FakeCallbackUrls::Unreachable),
        queue: Arc::new(queue.clone()),
        pauses: Arc::new(database.clone()),
        spend_book: Arc::new(database.clone()),
        operators: Arc::new(operators.clone()),
        clock: Arc::new(clock),
        ids: ids.clone(),
    };
    let registry = ModelRegistry::new(vec![model], chains).unwrap();
    GenerationService::new(
        ports,
        registry,
        GenerationPolicy { max_under_way: 3, ..GenerationPolicy::default() },
    )
    .unwrap()
}

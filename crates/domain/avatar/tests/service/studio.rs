//! An avatar service on fakes, with the hands of a worker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use account::{Accounts as _, NewAccount, TelegramUserId, ZoneName};
use avatar::{
    Avatar, AvatarError, AvatarName, AvatarPolicy, AvatarPorts, AvatarService, AvatarTrainer, DraftChange,
    DraftOutcome, IncomingPhoto, KindName, OrderError, Photo, PhotoAdded, PhotoOutcome, PhotoProblem,
    PhotoState, PresetName, TrainerEntry, TrainerId, TrainerRegistry, TrainingCallback, TrainingEnding,
    TrainingPreset,
};
use balance::{BalanceReader as _, BalanceService, OperationKey};
use bytes::Bytes;
use kernel::{
    AccountId, Audience, Auditor as _, AvatarId, CallbackSubject, ChatId, ClaimedJob, Credits,
    FailureReference, IdSource as _, ImageFormat, JobId, JobKind, JobState, Jobs as _, Language, MessageId,
    ModelId, ProviderName, Timestamp,
};
use testkit::fakes::{
    AvatarNews, FakeArchiver, FakeCallbackUrls, FakeImaging, FakeIncomingFiles, FakeLender, FakeModerator,
    FakePhotoAnalyst, FakeTrainer, ManualClock, MemoryBalanceCache, MemoryDatabase, MemoryObjects,
    MemoryQueue, RecordingAvatarNotifier, RecordingOperators, SeededIds, fake_image,
};
use uuid::Uuid;

/// What a standard training costs.
pub const PRICE: Credits = Credits::of(20);
/// The kinds of jobs that the service looks after.
const OURS: [JobKind; 5] = [
    JobKind::CheckPhoto,
    JobKind::ReviewPhotos,
    JobKind::AdvanceTraining,
    JobKind::ForgetPhotos,
    JobKind::EraseAvatar,
];

/// The fakes, and a person with 40 credits.
pub struct Studio {
    pub service: AvatarService,
    pub database: MemoryDatabase,
    pub objects: MemoryObjects,
    pub incoming: FakeIncomingFiles,
    pub lender: FakeLender,
    pub trainer: FakeTrainer,
    pub analyst: FakePhotoAnalyst,
    pub notifier: RecordingAvatarNotifier,
    pub operators: RecordingOperators,
    pub clock: ManualClock,
    pub account: AccountId,
    pub balances: BalanceService,
    pub ports: AvatarPorts,
    messages: AtomicI64,
}

pub fn fal() -> ProviderName {
    ProviderName::new("fal")
}

fn trainer(id: &str, kind: KindName) -> TrainerEntry {
    let preset = |steps, price| TrainingPreset { steps, price, cost_micro_usd: 2_000_000 };
    TrainerEntry {
        id: TrainerId::new(id),
        provider: fal(),
        kind,
        title: format!("The trainer {id}"),
        draws_with: ModelId::new("lora"),
        trigger: "sks person".to_owned(),
        presets: BTreeMap::from([
            (PresetName::Standard, preset(1_000, PRICE)),
            (PresetName::Thorough, preset(2_500, Credits::of(50))),
        ]),
        shutdown: None,
        options: BTreeMap::new(),
    }
}

/// Two trainers of portraits and one of styles.
pub fn registry() -> TrainerRegistry {
    TrainerRegistry::new(vec![
        trainer("portraits", KindName::Portrait),
        trainer("portraits-too", KindName::Portrait),
        trainer("styles", KindName::Style),
    ])
    .unwrap()
}

pub fn audience() -> Audience {
    Audience { chat: ChatId::new(42), progress_message: Some(MessageId::new(7)) }
}

pub fn picture(words: &str) -> Bytes {
    fake_image(ImageFormat::Jpeg, 1_024, 1_280, words)
}

/// Patience and generosity as usual, with room for several trainings at once.
pub fn policy() -> AvatarPolicy {
    AvatarPolicy { max_under_way: 3, ..AvatarPolicy::default() }
}

impl Studio {
    pub async fn open() -> Self {
        Self::open_with(|_| ()).await
    }

    pub async fn open_with(change: impl FnOnce(&mut AvatarPorts)) -> Self {
        let clock = ManualClock::default();
        let ids = Arc::new(SeededIds::new(1));
        let database = MemoryDatabase::new(Arc::new(clock.clone()), ids.clone());
        let objects = MemoryObjects::default();
        let lender = FakeLender::new(Arc::new(objects.clone()), Arc::new(clock.clone()));
        let (incoming, trainer) = (FakeIncomingFiles::default(), FakeTrainer::default());
        let (analyst, operators) = (FakePhotoAnalyst::default(), RecordingOperators::default());
        let notifier = RecordingAvatarNotifier::new(Arc::new(clock.clone()));
        let of_fal: Arc<dyn AvatarTrainer> = Arc::new(trainer.clone());
        let mut ports = AvatarPorts {
            units: Arc::new(database.clone()),
            reader: Arc::new(database.clone()),
            trainers: BTreeMap::from([(fal(), of_fal)]),
            analyst: Some(Arc::new(analyst.clone())),
            moderator: Some(Arc::new(FakeModerator::default())),
            incoming: Arc::new(incoming.clone()),
            objects: Arc::new(objects.clone()),
            imaging: Arc::new(FakeImaging),
            archiver: Arc::new(FakeArchiver::new(Arc::new(objects.clone()))),
            lender: Arc::new(lender.clone()),
            notifier: Arc::new(notifier.clone()),
            gallery: Arc::new(database.clone()),
            callback_urls: Arc::new(FakeCallbackUrls::Reachable),
            queue: Arc::new(MemoryQueue::default()),
            pauses: Arc::new(database.clone()),
            spend_book: Arc::new(database.clone()),
            operators: Arc::new(operators.clone()),
            clock: Arc::new(clock.clone()),
            ids: ids.clone(),
        };
        change(&mut ports);
        let service = AvatarService::new(ports.clone(), registry(), policy()).unwrap();
        let account = AccountId::new(ids.uuid());
        let new = NewAccount {
            id: account,
            telegram_user: TelegramUserId::new(42),
            identity_digest: "digest".to_owned(),
            language: Language::English,
            zone: ZoneName::utc(),
        };
        database.register(&new).await.unwrap();
        let balances = BalanceService::new(
            Arc::new(database.clone()),
            Arc::new(database.clone()),
            Arc::new(MemoryBalanceCache::default()),
            ids,
        );
        balances.grant_bonus(account, &OperationKey::welcome(), Credits::of(40), "welcome").await.unwrap();
        Self {
            service,
            database,
            objects,
            incoming,
            lender,
            trainer,
            analyst,
            notifier,
            operators,
            clock,
            account,
            balances,
            ports,
            messages: AtomicI64::new(100),
        }
    }

    /// The same after a start with other ports.
    pub fn with_ports(mut self, change: impl FnOnce(&mut AvatarPorts)) -> Self {
        change(&mut self.ports);
        self.service = AvatarService::new(self.ports.clone(), registry(), policy()).unwrap();
        self
    }

    /// The same after a start with another policy.
    pub fn with_policy(mut self, policy: AvatarPolicy) -> Self {
        self.service = AvatarService::new(self.ports.clone(), registry(), policy).unwrap();
        self
    }

    /// Begins a draft of this kind; its id.
    pub async fn begin(&self, kind: KindName) -> AvatarId {
        let DraftOutcome::Begun(draft) =
            self.service.begin_draft(self.account, "0f".repeat(32), audience()).await.unwrap()
        else {
            panic!("too many")
        };
        let name = DraftChange::Name(AvatarName::new("Anna").unwrap());
        for change in [name, DraftChange::Kind(kind)] {
            self.service.change_draft(self.account, draft.id, &change).await.unwrap().unwrap();
        }
        draft.id
    }

    /// The person sends a picture.
    pub fn send(&self, picture: Bytes) -> IncomingPhoto {
        let message = self.messages.fetch_add(1, Ordering::SeqCst);
        IncomingPhoto {
            file: self.incoming.send(picture),
            unique_file: format!("unique-{message}"),
            message: MessageId::new(message),
        }
    }

    /// The person sends a picture for an avatar, and it is looked at: what became of it.
    pub async fn photo(&self, avatar: AvatarId, words: &str) -> PhotoState {
        self.photo_of(avatar, picture(words)).await
    }

    pub async fn photo_of(&self, avatar: AvatarId, picture: Bytes) -> PhotoState {
        let before = self.photos(avatar).await.len();
        let sent = self.send(picture);
        let outcome = self.service.add_photo(self.account, avatar, &sent).await.unwrap();
        assert_eq!(outcome, PhotoOutcome::Taken(PhotoAdded::New));
        self.run_due().await;
        let photos = self.photos(avatar).await;
        assert_eq!(photos.len(), before + 1);
        photos.into_iter().next_back().unwrap().state
    }

    pub async fn problem(&self, avatar: AvatarId, words: &str) -> PhotoProblem {
        match self.photo(avatar, words).await {
            PhotoState::Rejected { problem } => problem,
            other => panic!("not rejected: {other:?}"),
        }
    }

    pub async fn photos(&self, avatar: AvatarId) -> Vec<Photo> {
        self.service.photos(self.account, avatar).await.unwrap()
    }

    /// Sends so many good photos, which are looked at.
    pub async fn fill(&self, avatar: AvatarId, count: usize) {
        for number in 0..count {
            let sent = self.send(picture(&format!("{number} of many person=anna")));
            self.service.add_photo(self.account, avatar, &sent).await.unwrap();
        }
        self.run_due().await;
    }

    /// An avatar with ten photos and a preset, to be ordered.
    pub async fn prepare(&self, kind: KindName) -> AvatarId {
        let id = self.begin(kind).await;
        self.fill(id, 10).await;
        let preset = DraftChange::Preset(PresetName::Standard);
        self.service.change_draft(self.account, id, &preset).await.unwrap().unwrap();
        id
    }

    pub async fn order(&self, id: AvatarId) -> Result<Avatar, OrderError> {
        self.service.order_training(self.account, id, PRICE).await
    }

    /// An avatar whose training is ordered.
    pub async fn ordered(&self) -> AvatarId {
        let id = self.prepare(KindName::Portrait).await;
        self.order(id).await.unwrap();
        id
    }

    /// An avatar whose training is at the trainer.
    pub async fn at_trainer(&self) -> AvatarId {
        let id = self.ordered().await;
        self.advance(id).await.unwrap();
        id
    }

    /// An avatar that was trained.
    pub async fn ready(&self) -> AvatarId {
        let id = self.ordered().await;
        let ready = self.work(id).await;
        assert!(ready.weights.is_some(), "{:?}", ready.state);
        id
    }

    pub async fn look(&self, id: AvatarId) -> Avatar {
        let (avatar, _) =
            avatar::AvatarReader::find(&self.database, self.account, id).await.unwrap().unwrap();
        avatar
    }

    pub async fn claim(&self, kind: JobKind, subject: Uuid) -> Option<ClaimedJob> {
        self.database.claim(self.account, JobId::of(kind, subject), Duration::from_mins(1)).await.unwrap()
    }

    /// One run of the driver of an avatar's training.
    pub async fn advance(&self, id: AvatarId) -> Result<(), AvatarError> {
        let job = self.claim(JobKind::AdvanceTraining, id.uuid()).await.expect("a job that is due");
        self.run(&job).await
    }

    pub async fn run(&self, job: &ClaimedJob) -> Result<(), AvatarError> {
        match job.kind {
            JobKind::CheckPhoto => self.service.check_photo(job).await,
            JobKind::ReviewPhotos => self.service.review_photos(job).await,
            JobKind::AdvanceTraining => self.service.advance(job).await,
            JobKind::ForgetPhotos => self.service.forget_photos(job).await,
            JobKind::EraseAvatar => self.service.erase(job).await,
            other => panic!("not a job of avatars: {other:?}"),
        }
    }

    /// Runs a job; one that fails is tried again after a second, and given up like a worker gives up.
    pub async fn work_off(&self, job: &ClaimedJob) {
        if job.is_exhausted() {
            let reference = FailureReference::from_random(7);
            self.service.give_up(job, "tried too often", &reference).await.unwrap();
        } else if let Err(error) = self.run(job).await {
            self.database.retry(&job.claim, Duration::from_secs(1), &error.to_string()).await.unwrap();
        }
    }

    /// Runs everything that is due, until nothing is.
    pub async fn run_due(&self) {
        for _ in 0..1_000 {
            let due = self.due_jobs();
            if due.is_empty() {
                return;
            }
            for job in due {
                let claimed = self.database.claim(self.account, job, Duration::from_mins(1)).await.unwrap();
                if let Some(job) = claimed {
                    self.work_off(&job).await;
                }
            }
        }
        panic!("there is always something due");
    }

    fn due_jobs(&self) -> Vec<JobId> {
        let now = self.now();
        let tables = self.database.committed();
        let waiting = tables.jobs.iter().filter(|(_, row)| {
            OURS.contains(&row.kind)
                && matches!(row.state, JobState::Ready | JobState::Running)
                && row.due_at <= now
        });
        waiting.map(|((_, job), _)| *job).collect()
    }

    pub fn now(&self) -> Timestamp {
        kernel::Clock::now(&self.clock)
    }

    /// Lets time pass, with everything done when it is due.
    pub async fn pass(&self, span: Duration) {
        let until = self.now() + span;
        self.run_due().await;
        while let Some(next) = self.next_due().filter(|next| *next <= until) {
            self.clock.advance(next.since(self.now()));
            self.run_due().await;
        }
        self.clock.advance(until.since(self.now()));
    }

    /// When the next job that waits is due.
    fn next_due(&self) -> Option<Timestamp> {
        let tables = self.database.committed();
        let waiting = tables.jobs.values().filter(|row| {
            OURS.contains(&row.kind) && matches!(row.state, JobState::Ready | JobState::Running)
        });
        waiting.map(|row| row.due_at).min()
    }

    pub fn job_state(&self, kind: JobKind, subject: Uuid) -> Option<JobState> {
        let key = (self.account, JobId::of(kind, subject));
        self.database.committed().jobs.get(&key).map(|row| row.state)
    }

    /// Works until the training of an avatar needs nothing more, letting time pass wherever there is something to wait
    /// for.
    pub async fn work(&self, id: AvatarId) -> Avatar {
        for _ in 0..20_000 {
            self.run_due().await;
            let job = self.job_state(JobKind::AdvanceTraining, id.uuid());
            if !matches!(job, Some(JobState::Ready | JobState::Running)) {
                return self.look(id).await;
            }
            self.clock.advance(Duration::from_secs(1));
        }
        panic!("the work never ended: {:?}", self.look(id).await);
    }

    /// Delivers the next callback that is on its way.
    pub async fn call_back(&self) -> avatar::ParkedTraining {
        let (address, event) = self.trainer.take_callback().expect("a callback is on its way");
        let route = FakeCallbackUrls::route(&address).expect("the address names its route");
        let CallbackSubject::Training(avatar) = route.subject else { panic!("not of a training") };
        let callback = TrainingCallback {
            provider: fal(),
            account: route.account,
            avatar,
            attempt: route.attempt,
            event,
        };
        self.service.park_callback(&callback).await.unwrap()
    }

    /// What can be spent, and what is held.
    pub async fn credits(&self) -> (i64, i64) {
        let sheet = self.database.sheet(self.account).await.unwrap();
        (sheet.spendable().get(), sheet.set_aside().get())
    }

    /// How the person was told that trainings ended.
    pub fn endings(&self) -> Vec<TrainingEnding> {
        self.notifier.endings().into_iter().map(|(_, ending)| ending).collect()
    }

    pub fn receipts(&self) -> Vec<(avatar::RemovalCause, avatar::RemovalReceipt)> {
        let heard = self.notifier.heard().into_iter();
        heard
            .filter_map(|(_, news)| match news {
                AvatarNews::Receipt(why, receipt) => Some((why, receipt)),
                _ => None,
            })
            .collect()
    }

    /// The keys of the objects of this kind, such as `photos`.
    pub fn keys(&self, kind: &str) -> Vec<String> {
        let keys = self.objects.keys().into_iter().map(|key| key.as_str().to_owned());
        keys.filter(|key| key.split('/').next() == Some(kind)).collect()
    }

    pub async fn audit(&self) {
        let report = self.database.audit().await.unwrap();
        assert!(report.is_clean(), "{report}");
    }
}

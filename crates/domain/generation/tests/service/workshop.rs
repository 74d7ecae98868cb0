//! A generation service on fakes, with the hands of a worker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use account::{Accounts as _, NewAccount, TelegramUserId, ZoneName};
use balance::{BalanceReader as _, BalanceService, BalanceSheet, OperationKey};
use gallery::{Gallery as _, GalleryItem};
use generation::{
    Audience, Generation, GenerationPolicy, GenerationPorts, GenerationService, ImageGenerator, Intent,
    Likeness, ModelEntry, ModelId, ModelKind, ModelRegistry, NewRequest, ParkedCallback, Prompt,
    ProviderName, RequestError, RequestOutcome,
};
use kernel::{
    AccountId, AspectRatio, Auditor as _, CallbackRoute, CallbackSubject, ChatId, ClaimedJob, Credits,
    GenerationId, IdSource as _, ImageCount, JobId, JobKind, Jobs as _, Language, MessageId, ProviderEvent,
    SpendCaps,
};
use testkit::fakes::{
    FakeCallbackUrls, FakeGenerator, FakeImaging, FakeLender, FakeModerator, Heard, ManualClock,
    MemoryBalanceCache, MemoryDatabase, MemoryObjects, MemoryQueue, RecordingNotifier, RecordingOperators,
    SeededIds, Style,
};
use uuid::Uuid;

/// The fakes, and a person with 40 credits.
pub struct Workshop {
    pub service: GenerationService,
    pub database: MemoryDatabase,
    pub objects: MemoryObjects,
    pub lender: FakeLender,
    pub notifier: RecordingNotifier,
    pub operators: RecordingOperators,
    pub clock: ManualClock,
    pub account: AccountId,
    ports: GenerationPorts,
}

pub fn model(id: &str, provider: &str, images_per_call: u8) -> ModelEntry {
    ModelEntry {
        id: ModelId::new(id),
        provider: ProviderName::new(provider),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: format!("The model {id}"),
        price: Credits::of(5),
        cost_micro_usd: 33_600,
        images_per_call,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options: BTreeMap::new(),
    }
}

/// Google first, one image a call; FAL next, four. FAL draws trained avatars; both draw after photos.
pub fn registry() -> ModelRegistry {
    let ids = |ids: [&str; 2]| ids.map(ModelId::new).to_vec();
    let of_kind = |id, provider, kind| ModelEntry { kind, ..model(id, provider, 1) };
    let lora = of_kind("lora", "fal", ModelKind::TrainedLikeness);
    ModelRegistry::new(
        vec![
            model("banana", "google", 1),
            model("flux", "fal", 4),
            ModelEntry { price: Credits::of(7), images_per_call: 4, ..lora },
            of_kind("banana-edit", "google", ModelKind::ReferenceLikeness),
            of_kind("flux-edit", "fal", ModelKind::ReferenceLikeness),
        ],
        BTreeMap::from([
            (ModelKind::TextToImage, ids(["banana", "flux"])),
            (ModelKind::ReferenceLikeness, ids(["banana-edit", "flux-edit"])),
        ]),
    )
    .unwrap()
}

pub fn generators(
    google: impl ImageGenerator + 'static,
    fal: impl ImageGenerator + 'static,
) -> BTreeMap<ProviderName, Arc<dyn ImageGenerator>> {
    let google: Arc<dyn ImageGenerator> = Arc::new(google);
    let fal: Arc<dyn ImageGenerator> = Arc::new(fal);
    BTreeMap::from([(ProviderName::new("google"), google), (ProviderName::new("fal"), fal)])
}

/// Google that answers at once, and FAL that is done after one question.
pub fn both() -> BTreeMap<ProviderName, Arc<dyn ImageGenerator>> {
    generators(FakeGenerator::new(Style::Inline), FakeGenerator::new(Style::Queued { polls: 1 }))
}

/// What somebody heard, without what it was about.
pub fn kinds(heard: &[Heard]) -> Vec<&'static str> {
    heard
        .iter()
        .map(|heard| match heard {
            Heard::Progress(_) => "progress",
            Heard::ShownInPlace(..) => "in place",
            Heard::Images(..) => "images",
            Heard::Controls(_) => "controls",
            Heard::GalleryMessage(_) => "gallery",
            Heard::Ending(..) => "ending",
            Heard::Late(_) => "late",
        })
        .collect()
}

/// A callback about a generation, as it is kept.
pub fn parked(provider: &str, route: &CallbackRoute, event: ProviderEvent) -> ParkedCallback {
    let CallbackSubject::Generation(generation) = route.subject else { panic!("of a training") };
    let (account, attempt) = (route.account, route.attempt);
    ParkedCallback { provider: ProviderName::new(provider), account, generation, attempt, event }
}

/// Patience and persistence as usual, with room for several requests at once.
pub fn policy() -> GenerationPolicy {
    GenerationPolicy { max_under_way: 3, ..GenerationPolicy::default() }
}

impl Workshop {
    pub async fn open(generators: BTreeMap<ProviderName, Arc<dyn ImageGenerator>>) -> Self {
        Self::open_with(generators, |_| ()).await
    }

    pub async fn open_with(
        generators: BTreeMap<ProviderName, Arc<dyn ImageGenerator>>,
        change: impl FnOnce(&mut GenerationPorts),
    ) -> Self {
        let clock = ManualClock::default();
        let ids = Arc::new(SeededIds::new(1));
        let database = MemoryDatabase::new(Arc::new(clock.clone()), ids.clone());
        let objects = MemoryObjects::default();
        let lender = FakeLender::new(Arc::new(objects.clone()), Arc::new(clock.clone()));
        let notifier = RecordingNotifier::default();
        let operators = RecordingOperators::default();
        let mut ports = GenerationPorts {
            units: Arc::new(database.clone()),
            reader: Arc::new(database.clone()),
            gallery: Arc::new(database.clone()),
            generators,
            moderator: Some(Arc::new(FakeModerator::default())),
            refusals: Arc::new(database.clone()),
            avatars: Arc::new(database.clone()),
            lender: Arc::new(lender.clone()),
            objects: Arc::new(objects.clone()),
            imaging: Arc::new(FakeImaging),
            notifier: Arc::new(notifier.clone()),
            callback_urls: Arc::new(FakeCallbackUrls::Reachable),
            queue: Arc::new(MemoryQueue::default()),
            pauses: Arc::new(database.clone()),
            spend_book: Arc::new(database.clone()),
            operators: Arc::new(operators.clone()),
            clock: Arc::new(clock.clone()),
            ids: ids.clone(),
        };
        change(&mut ports);
        let service = GenerationService::new(ports.clone(), registry(), policy()).unwrap();
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
        Self { service, database, objects, lender, notifier, operators, clock, account, ports }
    }

    /// The same after a start with other ports.
    pub fn with_ports(mut self, change: impl FnOnce(&mut GenerationPorts)) -> Self {
        change(&mut self.ports);
        self.service = GenerationService::new(self.ports.clone(), registry(), policy()).unwrap();
        self
    }

    /// The same after a start with these caps on what is spent at providers.
    pub fn with_caps(mut self, spend_caps: SpendCaps) -> Self {
        let policy = GenerationPolicy { spend_caps, ..policy() };
        self.service = GenerationService::new(self.ports.clone(), registry(), policy).unwrap();
        self
    }

    /// The same after a start with other providers.
    pub fn with_generators(mut self, generators: BTreeMap<ProviderName, Arc<dyn ImageGenerator>>) -> Self {
        self.ports.generators = generators;
        self.service = GenerationService::new(self.ports.clone(), registry(), policy()).unwrap();
        self
    }

    pub fn request(&self, prompt: &str, images: u8) -> NewRequest {
        NewRequest {
            account: self.account,
            intent: Intent::button(1),
            prompt: Prompt::new(prompt).unwrap(),
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::new(images).unwrap(),
            likeness: Likeness::Nobody,
            seed: None,
            audience: Audience { chat: ChatId::new(42), progress_message: Some(MessageId::new(7)) },
            agreed_unit_price: Credits::of(5),
        }
    }

    /// The same with somebody in the picture, at the price of the model that draws it.
    pub fn request_of(&self, prompt: &str, images: u8, likeness: Likeness) -> NewRequest {
        NewRequest { likeness, ..self.request(prompt, images) }
    }

    /// Asks for images with somebody in them, at the price of a quote; the generation's id.
    pub async fn begin_of(&self, prompt: &str, images: u8, likeness: Likeness) -> GenerationId {
        let count = ImageCount::new(images).unwrap();
        let quote = self.service.quote(self.account, likeness, count).await.unwrap();
        let request =
            NewRequest { agreed_unit_price: quote.unit_price, ..self.request_of(prompt, images, likeness) };
        match self.service.request(&request).await.unwrap() {
            RequestOutcome::Started(generation) | RequestOutcome::Repeated(generation) => generation.id,
        }
    }

    /// Asks for images by a wish of this number; the generation's id.
    pub async fn begin_under(&self, prompt: &str, images: u8, nonce: u64) -> GenerationId {
        let request = NewRequest { intent: Intent::button(nonce), ..self.request(prompt, images) };
        match self.service.request(&request).await.unwrap() {
            RequestOutcome::Started(generation) | RequestOutcome::Repeated(generation) => generation.id,
        }
    }

    pub async fn claim_kind(&self, kind: JobKind, subject: Uuid) -> Option<ClaimedJob> {
        self.database.claim(self.account, JobId::of(kind, subject), Duration::from_mins(1)).await.unwrap()
    }

    pub fn job_state(&self, kind: JobKind, subject: Uuid) -> Option<kernel::JobState> {
        let key = (self.account, JobId::of(kind, subject));
        self.database.committed().jobs.get(&key).map(|row| row.state)
    }

    pub async fn ask(&self, prompt: &str, images: u8) -> Result<RequestOutcome, RequestError> {
        self.service.request(&self.request(prompt, images)).await
    }

    /// Asks for images; the generation's id.
    pub async fn begin(&self, prompt: &str, images: u8) -> GenerationId {
        match self.ask(prompt, images).await.unwrap() {
            RequestOutcome::Started(generation) | RequestOutcome::Repeated(generation) => generation.id,
        }
    }

    pub async fn claim(&self, id: GenerationId) -> Option<ClaimedJob> {
        let job = JobId::of(JobKind::AdvanceGeneration, id.uuid());
        self.database.claim(self.account, job, Duration::from_mins(1)).await.unwrap()
    }

    /// Works like a worker until nothing is left to do, letting time pass wherever there is something to wait for.
    pub async fn work(&self, id: GenerationId) -> Generation {
        for _ in 0..2_000 {
            let Some(job) = self.claim(id).await else {
                let key = (self.account, JobId::of(JobKind::AdvanceGeneration, id.uuid()));
                let waits = self.database.committed().jobs.get(&key).is_some_and(|row| {
                    matches!(row.state, kernel::JobState::Ready | kernel::JobState::Running)
                });
                if !waits {
                    return self.look(id).await;
                }
                self.clock.advance(Duration::from_secs(1));
                continue;
            };
            if job.is_exhausted() {
                let reference = kernel::FailureReference::from_random(7);
                self.service.give_up(&job, "tried too often", &reference).await.unwrap();
                continue;
            }
            if let Err(error) = self.service.advance(&job).await {
                self.database.retry(&job.claim, Duration::from_secs(1), &error.to_string()).await.unwrap();
            }
        }
        panic!("the work never ended: {:?}", self.look(id).await);
    }

    /// One run of the driver, and the next look as soon as it is due.
    pub async fn advance(&self, id: GenerationId) {
        let job = self.claim(id).await.unwrap();
        self.service.advance(&job).await.unwrap();
    }

    pub async fn look(&self, id: GenerationId) -> Generation {
        self.service.find(self.account, id).await.unwrap().unwrap()
    }

    pub async fn sheet(&self) -> BalanceSheet {
        self.database.sheet(self.account).await.unwrap()
    }

    /// What can be spent, and what is held.
    pub async fn credits(&self) -> (i64, i64) {
        let sheet = self.sheet().await;
        (sheet.spendable().get(), sheet.set_aside().get())
    }

    pub async fn items(&self, id: GenerationId) -> Vec<GalleryItem> {
        self.database.of_generation(self.account, id).await.unwrap()
    }

    pub async fn audit(&self) {
        let report = self.database.audit().await.unwrap();
        assert!(report.is_clean(), "{report}");
    }

    pub fn nobody() -> AccountId {
        AccountId::new(Uuid::nil())
    }
}

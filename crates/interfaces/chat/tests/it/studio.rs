//! A whole studio on fakes: everything but the loops, which are driven by hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use account::{AccountService, PrivacyPolicy, PrivacyPorts, PrivacyService};
use avatar::{
    AvatarPolicy, AvatarPorts, AvatarService, KindName, PresetName, TrainerEntry, TrainerId, TrainerRegistry,
    TrainingPreset,
};
use balance::BalanceService;
use chat::{
    Chat, ChatPorts, ChatSettings, HandlerError, NotifierPorts, StyleCatalogue, TelegramApi,
    TelegramAvatarNotifier, TelegramHelpNotifier, TelegramNotifier, TelegramPrivacyNotifier,
};
use gallery::GalleryService;
use generation::{
    GenerationPolicy, GenerationPorts, GenerationService, HelpPolicy, HelpPorts, HelpService, ImageGenerator,
    ModelEntry, ModelId, ModelKind, ModelRegistry, Notifier, ProviderName,
};
use kernel::{
    Auditor as _, ClaimedJob, Credits, Inbox as _, JobKind, Jobs as _, LeaseName, Leases as _, Timestamp,
};
use testkit::fakes::{
    FakeArchiver, FakeCallbackUrls, FakeDigests, FakeGenerator, FakeImaging, FakeIncomingFiles, FakeLender,
    FakeModerator, FakePhotoAnalyst, FakePromptAssistant, FakeTrainer, FakeTranscriber, ManualClock,
    MemoryBalanceCache, MemoryDatabase, MemoryDialogues, MemoryObjects, MemoryProfileCache, MemoryQueue,
    MemoryRateLimiter, RecordingOperators, SeededIds, Style,
};

use crate::fake_telegram::FakeTelegram;
use crate::person::Person;
use crate::storm::Storm;

/// The price of one image.
pub const PRICE: i64 = 5;
/// For how long a deleted image can be brought back.
pub const UNDO: Duration = Duration::from_hours(24);

/// A studio.
pub struct Studio {
    pub telegram: FakeTelegram,
    pub clock: ManualClock,
    pub ids: Arc<SeededIds>,
    pub database: MemoryDatabase,
    pub storm: Storm,
    pub dialogues: MemoryDialogues,
    pub objects: MemoryObjects,
    pub generator: FakeGenerator,
    pub operators: RecordingOperators,
    pub accounts: Arc<AccountService>,
    pub balance: Arc<BalanceService>,
    pub gallery: Arc<GalleryService>,
    pub generation: Arc<GenerationService>,
    pub avatars: Arc<AvatarService>,
    pub help: Arc<HelpService>,
    pub privacy: Arc<PrivacyService>,
    pub incoming: FakeIncomingFiles,
    pub assistant: FakePromptAssistant,
    pub trainer: FakeTrainer,
    pub notifier: Arc<TelegramNotifier>,
    pub chat: Arc<Chat>,
}

impl Studio {
    /// A studio that draws at once.
    pub fn new() -> Self {
        Self::with(ChatSettings::default(), Credits::new(PRICE).expect("a price"))
    }

    /// A studio with these settings, whose images cost `price`.
    pub fn with(settings: ChatSettings, price: Credits) -> Self {
        let telegram = FakeTelegram::default();
        let clock = ManualClock::default();
        let ids = Arc::new(SeededIds::new(7));
        let storm = Storm::default();
        let database = MemoryDatabase::new(Arc::new(clock.clone()), ids.clone()).reopened(
            Arc::new(clock.clone()),
            ids.clone(),
            Arc::new(storm.clone()),
        );
        let dialogues = MemoryDialogues::new(Arc::new(clock.clone()));
        let objects = MemoryObjects::default();
        let queue = Arc::new(MemoryQueue::default());
        let generator = FakeGenerator::new(Style::Inline);
        let operators = RecordingOperators::default();
        let api: Arc<dyn TelegramApi> = Arc::new(telegram.clone());
        let tables = Arc::new(database.clone());

        let profiles = Arc::new(MemoryProfileCache::new(Arc::new(clock.clone())));
        let accounts = Arc::new(AccountService::new(
            tables.clone(),
            profiles.clone(),
            ids.clone(),
            Arc::new(FakeDigests::default()),
        ));
        let balance = Arc::new(BalanceService::new(
            tables.clone(),
            tables.clone(),
            Arc::new(MemoryBalanceCache::default()),
            ids.clone(),
        ));
        let gallery = Arc::new(GalleryService::new(
            tables.clone(),
            tables.clone(),
            Arc::new(objects.clone()),
            queue.clone(),
            UNDO,
        ));
        let incoming = FakeIncomingFiles::default();
        let assistant = FakePromptAssistant::default();
        let transcriber = FakeTranscriber::default();
        let analyst = FakePhotoAnalyst::default();
        let trainer = FakeTrainer::default();
        let archiver = Arc::new(FakeArchiver::new(Arc::new(objects.clone())));
        let lender = Arc::new(FakeLender::new(Arc::new(objects.clone()), Arc::new(clock.clone())));
        let registry = registry(price);
        let notifier = Arc::new(TelegramNotifier::new(
            NotifierPorts {
                telegram: api.clone(),
                accounts: accounts.clone(),
                inbox: tables.clone(),
                generations: tables.clone(),
                avatars: tables.clone(),
                imaging: Arc::new(FakeImaging),
                clock: Arc::new(clock.clone()),
                ids: ids.clone(),
            },
            registry.clone(),
        ));
        let generators: BTreeMap<ProviderName, Arc<dyn ImageGenerator>> = BTreeMap::from([(
            ProviderName::new("google"),
            Arc::new(generator.clone()) as Arc<dyn ImageGenerator>,
        )]);
        let ports = GenerationPorts {
            units: tables.clone(),
            reader: tables.clone(),
            gallery: tables.clone(),
            generators,
            moderator: Some(Arc::new(FakeModerator::default())),
            refusals: tables.clone(),
            avatars: tables.clone(),
            lender: lender.clone(),
            objects: Arc::new(objects.clone()),
            imaging: Arc::new(FakeImaging),
            notifier: notifier.clone() as Arc<dyn Notifier>,
            callback_urls: Arc::new(FakeCallbackUrls::Unreachable),
            queue: queue.clone(),
            pauses: tables.clone(),
            spend_book: tables.clone(),
            operators: Arc::new(operators.clone()),
            clock: Arc::new(clock.clone()),
            ids: ids.clone(),
        };
        let generation = Arc::new(
            GenerationService::new(
                ports,
                registry,
                GenerationPolicy { max_under_way: 3, ..GenerationPolicy::default() },
            )
            .expect("times that fit together"),
        );
        let avatar_ports = AvatarPorts {
            units: tables.clone(),
            reader: tables.clone(),
            trainers: BTreeMap::from([(
                ProviderName::new("fal"),
                Arc::new(trainer.clone()) as Arc<dyn avatar::AvatarTrainer>,
            )]),
            analyst: Some(Arc::new(analyst.clone())),
            moderator: Some(Arc::new(FakeModerator::default())),
            incoming: Arc::new(incoming.clone()),
            objects: Arc::new(objects.clone()),
            imaging: Arc::new(FakeImaging),
            archiver: archiver.clone(),
            lender,
            notifier: Arc::new(TelegramAvatarNotifier::new(
                api.clone(),
                accounts.clone(),
                Arc::new(clock.clone()),
            )),
            gallery: tables.clone(),
            callback_urls: Arc::new(FakeCallbackUrls::Unreachable),
            queue: queue.clone(),
            pauses: tables.clone(),
            spend_book: tables.clone(),
            operators: Arc::new(operators.clone()),
            clock: Arc::new(clock.clone()),
            ids: ids.clone(),
        };
        let avatars = Arc::new(
            AvatarService::new(avatar_ports, trainers(), AvatarPolicy::default())
                .expect("times that fit together"),
        );
        let help = Arc::new(HelpService::new(
            HelpPorts {
                requests: tables.clone(),
                assistant: Some(Arc::new(assistant.clone())),
                transcriber: Some(Arc::new(transcriber.clone())),
                analyst: Some(Arc::new(analyst.clone())),
                moderator: Some(Arc::new(FakeModerator::default())),
                incoming: Arc::new(incoming.clone()),
                imaging: Arc::new(FakeImaging),
                avatars: tables.clone(),
                refusals: tables.clone(),
                notifier: Arc::new(TelegramHelpNotifier::new(api.clone())),
                queue: queue.clone(),
                pauses: tables.clone(),
                operators: Arc::new(operators.clone()),
                ids: ids.clone(),
            },
            HelpPolicy::default(),
        ));
        let privacy = Arc::new(PrivacyService::new(
            PrivacyPorts {
                requests: tables.clone(),
                parts: vec![
                    help.clone(),
                    generation.clone(),
                    avatars.clone(),
                    gallery.clone(),
                    balance.clone(),
                ],
                images: gallery.clone(),
                accounts: tables.clone(),
                cache: profiles,
                archiver,
                objects: Arc::new(objects.clone()),
                notifier: Arc::new(TelegramPrivacyNotifier::new(api.clone())),
                queue,
                ids: ids.clone(),
            },
            PrivacyPolicy::default(),
        ));
        let chat = Arc::new(Chat::new(
            ChatPorts {
                telegram: api,
                accounts: accounts.clone(),
                balance: balance.clone(),
                gallery: gallery.clone(),
                generation: generation.clone(),
                avatars: avatars.clone(),
                styles: Arc::new(StyleCatalogue::embedded().expect("styles")),
                help: help.clone(),
                privacy: privacy.clone(),
                dialogues: Arc::new(dialogues.clone()),
                limiter: Arc::new(MemoryRateLimiter::new(Arc::new(clock.clone()))),
                imaging: Arc::new(FakeImaging),
                clock: Arc::new(clock.clone()),
                ids: ids.clone(),
            },
            settings,
        ));
        Self {
            telegram,
            clock,
            ids,
            database,
            storm,
            dialogues,
            objects,
            generator,
            operators,
            accounts,
            balance,
            gallery,
            generation,
            avatars,
            help,
            privacy,
            incoming,
            assistant,
            trainer,
            notifier,
            chat,
        }
    }

    /// A person whose Telegram speaks English.
    pub fn ann(&self) -> Person<'_> {
        Person::new(self, 42, "en")
    }

    /// A person whose Telegram speaks Russian.
    pub fn boris(&self) -> Person<'_> {
        Person::new(self, 43, "ru")
    }

    /// Puts an update into the inbox and handles it, as the loops do.
    pub async fn handle(&self, update: &serde_json::Value) -> Result<(), HandlerError> {
        let inbound = chat::inbound_update(update).expect("an update");
        // Nothing happens at the very moment of something else.
        self.clock.advance(Duration::from_millis(1));
        self.database.accept(std::slice::from_ref(&inbound)).await.expect("an inbox");
        self.clock.advance(Duration::from_millis(1));
        let outcome = self.chat.handle(&inbound.body).await;
        let name = LeaseName::Chat(inbound.chat);
        let lease =
            self.database.acquire(name, Duration::from_mins(1)).await.expect("leases").expect("a lease");
        self.database.mark_handled(&lease, inbound.chat, inbound.update).await.expect("an inbox");
        self.database.release(&lease).await.expect("leases");
        outcome
    }

    /// Does everything that workers have to do now.
    pub async fn work(&self) {
        for _ in 0..100 {
            if self.work_once().await == 0 {
                return;
            }
        }
        panic!("the work does not end");
    }

    /// Runs every job that is due, once; how many there were.
    pub async fn work_once(&self) -> usize {
        let due = self.database.due(10).await.expect("jobs");
        let count = due.len();
        for wake_up in due {
            let claimed = self.database.claim(wake_up.account, wake_up.job, Duration::from_mins(1)).await;
            let Some(job) = claimed.expect("jobs") else { continue };
            if let Err(error) = self.work_on(&job).await {
                self.database.retry(&job.claim, Duration::from_secs(1), &error).await.expect("jobs");
                self.clock.advance(Duration::from_secs(1));
            }
        }
        count
    }

    async fn work_on(&self, job: &ClaimedJob) -> Result<(), String> {
        fn told(error: impl std::error::Error) -> String {
            error.to_string()
        }
        match job.kind {
            JobKind::AdvanceGeneration => self.generation.advance(job).await.map_err(told),
            JobKind::EraseGalleryItem => self.gallery.erase(job).await.map_err(told),
            JobKind::CheckPhoto => self.avatars.check_photo(job).await.map_err(told),
            JobKind::ReviewPhotos => self.avatars.review_photos(job).await.map_err(told),
            JobKind::AdvanceTraining => self.avatars.advance(job).await.map_err(told),
            JobKind::DrawPreviews => self.generation.draw_previews(job).await.map_err(told),
            JobKind::ForgetPhotos => self.avatars.forget_photos(job).await.map_err(told),
            JobKind::EraseAvatar => self.avatars.erase(job).await.map_err(told),
            JobKind::AnswerHelp => self.help.answer(job).await.map_err(told),
            JobKind::PackExport => self.privacy.pack(job).await.map_err(told),
            JobKind::EraseAccount => self.privacy.erase(job).await.map_err(told),
        }
    }

    /// Checks that every invariant holds.
    pub async fn assert_in_order(&self) {
        let report = self.database.audit().await.expect("an audit");
        assert!(report.is_clean(), "{report}");
    }
}

fn registry(price: Credits) -> ModelRegistry {
    let from_words = ModelEntry {
        id: ModelId::new("gemini-test"),
        provider: ProviderName::new("google"),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: "Gemini <Test>".to_owned(),
        price,
        cost_micro_usd: 30_000,
        images_per_call: 1,
        max_prompt_characters: 2000,
        shutdown: Some(Timestamp::from_seconds(4_000_000_000)),
        successor: None,
        options: BTreeMap::new(),
    };
    let of_people = |id: &str, kind: ModelKind, title: &str| ModelEntry {
        id: ModelId::new(id),
        kind,
        title: title.to_owned(),
        ..from_words.clone()
    };
    let with_weights = of_people("lora-test", ModelKind::TrainedLikeness, "LoRA <Test>");
    let with_photos = of_people("photos-test", ModelKind::ReferenceLikeness, "Photos <Test>");
    let chains = [&from_words, &with_photos].map(|model| (model.kind, vec![model.id.clone()]));
    ModelRegistry::new(vec![from_words, with_weights, with_photos], BTreeMap::from(chains))
        .expect("a registry")
}

fn trainers() -> TrainerRegistry {
    let preset =
        |steps, price| TrainingPreset { steps, price: Credits::of(price), cost_micro_usd: 1_000_000 };
    let portrait = TrainerEntry {
        id: TrainerId::new("portrait-test"),
        provider: ProviderName::new("fal"),
        kind: KindName::Portrait,
        title: "Portrait <Test>".to_owned(),
        draws_with: ModelId::new("lora-test"),
        trigger: "TOK".to_owned(),
        presets: BTreeMap::from([
            (PresetName::Standard, preset(1_000, 20)),
            (PresetName::Thorough, preset(2_500, 35)),
        ]),
        shutdown: None,
        options: BTreeMap::new(),
    };
    TrainerRegistry::new(vec![portrait]).expect("a registry")
}

//! The routes over the fakes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use account::{Accounts as _, NewAccount, TelegramUserId, ZoneName};
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use balance::{BalanceService, OperationKey};
use generation::{
    Audience, GenerationPolicy, GenerationPorts, GenerationService, Intent, Likeness, ModelEntry, ModelId,
    ModelKind, ModelRegistry, NewRequest, Prompt, ProviderName, RequestOutcome,
};
use kernel::{
    AccountId, AspectRatio, CallbackError, CallbackRoute, CallbackSubject, CallbackUrls as _, ChatId,
    Credits, GenerationId, IdSource as _, ImageCount, Language, ProviderCallbacks, ProviderEvent,
    RawCallback,
};
use testkit::fakes::{
    FakeDigests, FakeGenerator, FakeImaging, FakeLender, ManualClock, MemoryBalanceCache, MemoryDatabase,
    MemoryObjects, MemoryQueue, RecordingNotifier, RecordingOperators, SeededIds, Style,
};
use testkit::services::Ground;
use testkit::weather::{Fate, Weather};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use web::{
    ObjectLinks, ProviderWebhook, Readiness, ReadinessCheck, SignedCallbackUrls, TelegramWebhook, WebPorts,
    router,
};

/// What the provider's own check says of every callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    Right,
    Forged,
    Senseless,
    KeysAway,
}

/// The provider's check of callbacks, as a test wants it.
pub struct FakeCallbacks {
    signature: Mutex<Signature>,
    asked: AtomicUsize,
}

impl FakeCallbacks {
    pub fn say(&self, signature: Signature) {
        *self.signature.lock().unwrap() = signature;
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl ProviderCallbacks for FakeCallbacks {
    async fn verify(&self, callback: &RawCallback) -> Result<ProviderEvent, CallbackError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match *self.signature.lock().unwrap() {
            Signature::Right => Ok(ProviderEvent {
                request_id: callback.headers["x-request-id"].clone(),
                body: String::from_utf8(callback.body.to_vec()).unwrap(),
            }),
            Signature::Forged => Err(CallbackError::NotAuthentic("the signature is wrong")),
            Signature::Senseless => Err(CallbackError::Malformed("no JSON".into())),
            Signature::KeysAway => Err(CallbackError::KeysUnavailable("timed out".into())),
        }
    }
}

/// A database that cannot commit.
struct CannotCommit;

impl Weather for CannotCommit {
    fn fate(&self, port: &'static str) -> Fate {
        if port.ends_with("commit") { Fate::FailsBefore } else { Fate::Fair }
    }

    fn die(&self) {}
}

/// The site, and a generation that a provider works on.
pub struct Site {
    pub router: Router,
    pub callbacks: Arc<FakeCallbacks>,
    pub database: MemoryDatabase,
    pub objects: MemoryObjects,
    pub links: ObjectLinks,
    pub clock: ManualClock,
    pub stop: CancellationToken,
    pub route: CallbackRoute,
    pub generation: GenerationId,
    urls: SignedCallbackUrls,
}

/// How a site is opened.
#[derive(Default)]
pub struct Opening {
    pub checks: Vec<Arc<dyn ReadinessCheck>>,
    pub without_fal: bool,
    pub telegram: Option<TelegramWebhook>,
    pub cannot_commit: bool,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Site {
    pub async fn open(opening: Opening) -> Self {
        let clock = ManualClock::default();
        let ids = Arc::new(SeededIds::new(1));
        let database = MemoryDatabase::new(Arc::new(clock.clone()), ids.clone());
        let objects = MemoryObjects::default();
        let digests = Arc::new(FakeDigests::default());
        let address = Some("https://aisha.example.com/studio".parse().unwrap());
        let urls = || SignedCallbackUrls::new(address.clone(), digests.clone());
        let service = |database: &MemoryDatabase| {
            let model = model();
            let chains = BTreeMap::from([(ModelKind::TextToImage, vec![model.id.clone()])]);
            let generator = FakeGenerator::new(Style::Queued { polls: 9 });
            let ports = GenerationPorts {
                units: Arc::new(database.clone()),
                reader: Arc::new(database.clone()),
                gallery: Arc::new(database.clone()),
                generators: BTreeMap::from([(ProviderName::new("fal"), Arc::new(generator) as _)]),
                moderator: None,
                refusals: Arc::new(database.clone()),
                avatars: Arc::new(database.clone()),
                lender: Arc::new(FakeLender::new(Arc::new(objects.clone()), Arc::new(clock.clone()))),
                objects: Arc::new(objects.clone()),
                imaging: Arc::new(FakeImaging),
                notifier: Arc::new(RecordingNotifier::default()),
                callback_urls: Arc::new(urls()),
                queue: Arc::new(MemoryQueue::default()),
                pauses: Arc::new(database.clone()),
                spend_book: Arc::new(database.clone()),
                operators: Arc::new(RecordingOperators::default()),
                clock: Arc::new(clock.clone()),
                ids: ids.clone(),
            };
            let registry = ModelRegistry::new(vec![model], chains).unwrap();
            GenerationService::new(
                ports,
                registry,
                GenerationPolicy { max_under_way: 3, ..GenerationPolicy::default() },
            )
            .unwrap()
        };
        let (account, generation) = ask(&service(&database), &database, &ids).await;
        let served = if opening.cannot_commit {
            database.reopened(Arc::new(clock.clone()), ids.clone(), Arc::new(CannotCommit))
        } else {
            database.clone()
        };
        let callbacks =
            Arc::new(FakeCallbacks { signature: Mutex::new(Signature::Right), asked: AtomicUsize::new(0) });
        let links = ObjectLinks::new(address.clone(), digests.clone(), Arc::new(clock.clone()));
        let fal = ProviderWebhook { provider: ProviderName::new("fal"), callbacks: callbacks.clone() as _ };
        let ground = Ground {
            database: served.clone(),
            objects: objects.clone(),
            queue: MemoryQueue::default(),
            callback_urls: Arc::new(urls()),
            clock: Arc::new(clock.clone()),
            ids: ids.clone(),
        };
        let ports = WebPorts {
            telegram: opening.telegram,
            fal: (!opening.without_fal).then_some(fal),
            generations: Arc::new(service(&served)),
            avatars: Arc::new(ground.avatars()),
            callback_urls: Arc::new(urls()),
            objects: Arc::new(objects.clone()),
            links: links.clone(),
            readiness: Readiness::new(opening.checks),
        };
        let stop = CancellationToken::new();
        Self {
            router: router(ports, stop.clone()),
            route: CallbackRoute { account, subject: CallbackSubject::Generation(generation), attempt: 1 },
            generation,
            urls: urls(),
            callbacks,
            database,
            objects,
            links,
            clock,
            stop,
        }
    }

    /// The path and query at which the provider calls back.
    pub fn callback_path(&self, route: &CallbackRoute) -> String {
        local(&self.urls.address(route).unwrap())
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(path).header("X-Request-Id", "request-1").body(body.into()).unwrap();
        self.send(request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }
}

/// What the server sees of an address: the proxy before it takes off the host and its own path.
pub fn local(address: &str) -> String {
    address.strip_prefix("https://aisha.example.com/studio").unwrap().to_owned()
}

fn model() -> ModelEntry {
    ModelEntry {
        id: ModelId::new("flux"),
        provider: ProviderName::new("fal"),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: "Flux".to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 1,
        images_per_call: 4,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options: BTreeMap::new(),
    }
}

async fn ask(
    service: &GenerationService,
    database: &MemoryDatabase,
    ids: &Arc<SeededIds>,
) -> (AccountId, GenerationId) {
    let account = AccountId::new(ids.uuid());
    let new = NewAccount {
        id: account,
        telegram_user: TelegramUserId::new(42),
        identity_digest: "digest".to_owned(),
        language: Language::English,
        zone: ZoneName::utc(),
    };
    database.register(&new).await.unwrap();
    let cache = Arc::new(MemoryBalanceCache::default());
    let balances =
        BalanceService::new(Arc::new(database.clone()), Arc::new(database.clone()), cache, ids.clone());
    balances.grant_bonus(account, &OperationKey::welcome(), Credits::of(40), "").await.unwrap();
    let request = NewRequest {
        account,
        intent: Intent::button(1),
        prompt: Prompt::new("a red fox").unwrap(),
        aspect_ratio: AspectRatio::Square,
        count: ImageCount::ONE,
        likeness: Likeness::Nobody,
        seed: None,
        audience: Audience { chat: ChatId::new(42), progress_message: None },
        agreed_unit_price: Credits::of(5),
    };
    let (RequestOutcome::Started(generation) | RequestOutcome::Repeated(generation)) =
        service.request(&request).await.unwrap();
    (account, generation.id)
}

//! The fakes pass the suites of the ports that they stand for.

use std::sync::Arc;

use async_trait::async_trait;
use balance::BalanceCache;
use generation::{ModelEntry, ModelId, ModelKind, ProviderHandle, ProviderName};
use kernel::{
    Clock, Credits, FailureClass, IdSource, JobQueue, Moderator, ObjectStore, ProviderError, ProviderEvent,
    SecretDigests, UnsafeCategory,
};
use testkit::fakes::{
    FakeDigests, FakeGenerator, FakeModerator, ManualClock, MemoryBalanceCache, MemoryDatabase,
    MemoryDialogues, MemoryObjects, MemoryProfileCache, MemoryQueue, MemoryRateLimiter, MemoryTurns,
    SeededIds, Style,
};
use testkit::suites::image_generator::{Addresses, KEY, NAMED_WAIT, Scenario, Stage};
use testkit::suites::{self, DatabaseSubject};
use testkit::weather::{Fate, Weather};

mod database {
    testkit::database_tests!(crate::fakes::memory_database);
}

#[expect(clippy::unused_async, reason = "databases are made asynchronously, this one at once")]
async fn memory_database() -> DatabaseSubject {
    let clock = ManualClock::default();
    let database = Arc::new(MemoryDatabase::new(Arc::new(clock.clone()), Arc::new(SeededIds::new(1))));
    DatabaseSubject::new(&database, Arc::new(clock), Arc::clone(&database) as Arc<dyn suites::Plant>)
}

#[tokio::test]
async fn balance_cache() {
    suites::balance_cache::all(async || Arc::new(MemoryBalanceCache::default()) as Arc<dyn BalanceCache>)
        .await;
}

#[tokio::test]
async fn profile_cache() {
    suites::profile_cache::all(async || {
        let time = Arc::new(ManualClock::default());
        let cache = Arc::new(MemoryProfileCache::new(Arc::clone(&time) as Arc<dyn Clock>));
        suites::profile_cache::Subject { cache, time }
    })
    .await;
}

#[tokio::test]
async fn dialogue_store() {
    suites::dialogue_store::all(async || {
        let time = Arc::new(ManualClock::default());
        let store = Arc::new(MemoryDialogues::new(Arc::clone(&time) as Arc<dyn Clock>));
        suites::dialogue_store::Subject { store, time }
    })
    .await;
}

#[tokio::test]
async fn rate_limiter() {
    suites::rate_limiter::all(async || {
        let time = Arc::new(ManualClock::default());
        let limiter = Arc::new(MemoryRateLimiter::new(Arc::clone(&time) as Arc<dyn Clock>));
        suites::rate_limiter::Subject { limiter, time }
    })
    .await;
}

#[tokio::test]
async fn turns() {
    suites::turns::all(async || {
        let time = Arc::new(ManualClock::default());
        let turns = Arc::new(MemoryTurns::new(Arc::clone(&time) as Arc<dyn Clock>));
        suites::turns::Subject { turns, time }
    })
    .await;
}

#[tokio::test]
async fn job_queue() {
    suites::job_queue::all(async || Arc::new(MemoryQueue::default()) as Arc<dyn JobQueue>).await;
}

#[tokio::test]
async fn object_store() {
    let store = MemoryObjects::default();
    suites::object_store::all(async || Arc::new(store.clone()) as Arc<dyn ObjectStore>).await;
}

#[test]
fn id_source() {
    suites::id_source::all(|| Arc::new(SeededIds::new(7)) as Arc<dyn IdSource>);
}

#[test]
fn secret_digests() {
    suites::secret_digests::all(|secret| Arc::new(FakeDigests::new(secret)) as Arc<dyn SecretDigests>);
}

#[tokio::test]
async fn image_generator_that_answers_at_once() {
    suites::image_generator::all(&ScriptedProvider(Style::Inline)).await;
}

#[tokio::test]
async fn image_generator_that_accepts_work() {
    suites::image_generator::all(&ScriptedProvider(Style::Queued { polls: 2 })).await;
}

/// The fake provider, told what to do.
struct ScriptedProvider(Style);

#[async_trait]
impl suites::image_generator::Bench for ScriptedProvider {
    async fn stage(&self, scenario: Scenario) -> Option<Stage> {
        let generator = FakeGenerator::new(self.0);
        let misconfigured =
            |code| ProviderError::new(FailureClass::Misconfigured, code, "an operator must act");
        let away = || ProviderError::new(FailureClass::Unavailable, "away", "it failed");
        match scenario {
            Scenario::Draws => {}
            Scenario::WithholdsOne => generator.withhold_next(1),
            Scenario::RefusesAll => {
                let refused = ProviderError::new(FailureClass::Refused, "refused", "its filter refuses it");
                generator.fail_next(refused);
            }
            Scenario::TooManyRequests => {
                let limited = FailureClass::Limited { retry_after: Some(NAMED_WAIT) };
                generator.fail_next(ProviderError::new(limited, "limited", "too many requests"));
            }
            Scenario::ServerError => generator.fail_next(away()),
            Scenario::HangsUp | Scenario::BreaksOff | Scenario::TalksNonsense => {
                generator.fail_next(away().with_unknown_outcome());
            }
            Scenario::BadKey | Scenario::ExhaustedBalance | Scenario::RetiredModel | Scenario::Away => {
                let failure = || match scenario {
                    Scenario::BadKey => misconfigured("bad-key"),
                    Scenario::ExhaustedBalance => misconfigured("no-balance"),
                    Scenario::RetiredModel => misconfigured("retired"),
                    _ => away(),
                };
                generator.fail_next(failure());
                generator.fail_next_probe(failure());
            }
            Scenario::WorkFails | Scenario::WorkForgotten | Scenario::QuestionFails(_) => return None,
        }
        let counting = generator.clone();
        Some(Stage {
            generator: Arc::new(generator),
            model: model(),
            costly_requests: Arc::new(move || counting.submissions()),
        })
    }

    async fn callback(&self, _: &Stage, handle: &ProviderHandle) -> Option<ProviderEvent> {
        Some(ProviderEvent { request_id: handle.as_str().to_owned(), body: "finished".to_owned() })
    }

    async fn addresses(&self, _: &Stage) -> Option<Addresses> {
        None
    }
}

fn model() -> ModelEntry {
    ModelEntry {
        id: ModelId::new("sample-model"),
        provider: ProviderName::new("sample-provider"),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: format!("a model that knows no {KEY}"),
        price: Credits::of(10),
        cost_micro_usd: 40_000,
        images_per_call: 4,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options: std::collections::BTreeMap::new(),
    }
}

#[tokio::test]
async fn moderator() {
    suites::moderator::all(&SafetyChecks).await;
}

struct SafetyChecks;

#[async_trait]
impl suites::moderator::Bench for SafetyChecks {
    async fn flagging(&self, categories: &[UnsafeCategory]) -> Arc<dyn Moderator> {
        Arc::new(FakeModerator::flagging(categories))
    }

    async fn allowing(&self) -> Arc<dyn Moderator> {
        Arc::new(FakeModerator::default())
    }

    async fn without_verdict(&self) -> Vec<(String, Arc<dyn Moderator>)> {
        let ways = [("failing at once", Fate::FailsBefore), ("failing in the end", Fate::FailsAfter)];
        ways.into_iter()
            .map(|(way, fate)| {
                let moderator = FakeModerator::under(Arc::new(Always(fate)));
                (way.to_owned(), Arc::new(moderator) as Arc<dyn Moderator>)
            })
            .collect()
    }
}

/// The same for every call.
pub(crate) struct Always(pub(crate) Fate);

impl Weather for Always {
    fn fate(&self, _: &'static str) -> Fate {
        self.0
    }

    fn die(&self) {}
}

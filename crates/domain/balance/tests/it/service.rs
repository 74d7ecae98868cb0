//! The service over a database in memory.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use balance::{
    BalanceCache, BalanceCacheError, BalanceError, BalanceReader, BalanceService, BalanceSheet, BalanceUnits,
    EntryKind, Refusal, Split,
};
use kernel::{AccountId, BoxError, Credits, HoldId, PageSize, StoreError};
use testkit::fakes::{ManualClock, MemoryBalanceCache, MemoryDatabase, SeededIds};
use testkit::weather::{Fate, Weather};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));
const HOUR: Duration = Duration::from_hours(1);

struct Studio {
    clock: ManualClock,
    database: MemoryDatabase,
    cache: Arc<dyn BalanceCache>,
    service: BalanceService,
}

impl Studio {
    fn new() -> Self {
        Self::with_cache(Arc::new(MemoryBalanceCache::default()))
    }

    fn with_cache(cache: Arc<dyn BalanceCache>) -> Self {
        let clock = ManualClock::default();
        let database = MemoryDatabase::new(Arc::new(clock.clone()), Arc::new(SeededIds::new(1)));
        let service = service(&database, Arc::clone(&cache), 2);
        Self { clock, database, cache, service }
    }

    async fn grant(&self, key: &str, amount: u16) {
        self.service
            .grant_bonus(ACCOUNT, &key.parse().unwrap(), Credits::of(amount), "a gift")
            .await
            .expect("a grant");
    }

    async fn spendable(&self) -> i64 {
        self.database.sheet(ACCOUNT).await.unwrap().spendable().get()
    }
}

/// The service of a process that draws its ids from this seed.
fn service(database: &MemoryDatabase, cache: Arc<dyn BalanceCache>, seed: u64) -> BalanceService {
    let units: Arc<dyn BalanceUnits> = Arc::new(database.clone());
    let reader: Arc<dyn BalanceReader> = Arc::new(database.clone());
    BalanceService::new(units, reader, cache, Arc::new(SeededIds::new(seed)))
}

/// A cache whose server is away.
struct BrokenCache;

fn away() -> BalanceCacheError {
    BalanceCacheError(BoxError::from("away"))
}

#[async_trait]
impl BalanceCache for BrokenCache {
    async fn get(&self, _: AccountId) -> Result<Option<BalanceSheet>, BalanceCacheError> {
        Err(away())
    }

    async fn offer(&self, _: AccountId, _: &BalanceSheet) -> Result<(), BalanceCacheError> {
        Err(away())
    }

    async fn forget(&self, _: AccountId) -> Result<(), BalanceCacheError> {
        Err(away())
    }
}

/// A database that refuses every commit.
struct NoCommit;

impl Weather for NoCommit {
    fn fate(&self, port: &'static str) -> Fate {
        if port == "units.commit" { Fate::FailsBefore } else { Fate::Fair }
    }

    fn die(&self) {}
}

#[tokio::test]
async fn every_operation_is_recorded_under_its_key() {
    let studio = Studio::new();
    let service = &studio.service;
    let key = |text: &str| text.parse().unwrap();
    studio.grant("gift", 10).await;
    service.grant_paid(ACCOUNT, &key("purchase:1"), Credits::of(20), "a purchase").await.unwrap();
    let work = Uuid::from_u128(7);
    let (hold, recorded) = service.hold(ACCOUNT, work, Credits::of(15), HOUR).await.unwrap();
    assert_eq!(hold, HoldId::new(work));
    assert_eq!(recorded.sheet.held, Split { bonus: Credits::of(10), paid: Credits::of(5) });
    let (again, repeated) = service.hold(ACCOUNT, work, Credits::of(15), HOUR).await.unwrap();
    assert_eq!((again, repeated.entry), (hold, recorded.entry), "the same work has the same hold");
    service.capture(ACCOUNT, hold, Credits::of(12)).await.unwrap();
    service.refund(ACCOUNT, &key("refund:1"), hold, Credits::of(4), "half of it was bad").await.unwrap();
    service
        .claw_back(ACCOUNT, &key("claw-back:1"), Credits::of(5), "the payment was returned")
        .await
        .unwrap();
    let (second, _) = service.hold(ACCOUNT, Uuid::from_u128(8), Credits::of(3), HOUR).await.unwrap();
    service.release(ACCOUNT, second).await.unwrap();

    let history = service.history(ACCOUNT, None, PageSize::new(100)).await.unwrap();
    let told: Vec<_> = history
        .items
        .iter()
        .rev()
        .map(|entry| (entry.kind, entry.key.as_str(), entry.memo.as_str()))
        .collect();
    let expected = [
        (EntryKind::GrantBonus, "gift".to_owned(), "a gift"),
        (EntryKind::GrantPaid, "purchase:1".to_owned(), "a purchase"),
        (EntryKind::Hold, format!("hold:{work}"), ""),
        (EntryKind::Capture, format!("capture:{work}"), ""),
        (EntryKind::Refund, "refund:1".to_owned(), "half of it was bad"),
        (EntryKind::ClawBack, "claw-back:1".to_owned(), "the payment was returned"),
        (EntryKind::Hold, format!("hold:{}", Uuid::from_u128(8)), ""),
        (EntryKind::Release, format!("release:{}", Uuid::from_u128(8)), ""),
    ];
    assert_eq!(told, expected.each_ref().map(|(kind, key, memo)| (*kind, key.as_str(), *memo)));
    assert_eq!(studio.spendable().await, 10 + 20 - 12 + 4 - 5);
}

#[tokio::test]
async fn a_refusal_and_a_key_conflict_are_told_apart() {
    let studio = Studio::new();
    studio.grant("gift", 10).await;
    let service = &studio.service;
    let refused = service.hold(ACCOUNT, Uuid::from_u128(7), Credits::of(15), HOUR).await.unwrap_err();
    assert!(
        matches!(refused, BalanceError::Refused(Refusal::Insufficient { missing }) if missing == Credits::of(5)),
        "{refused:?}"
    );
    let conflict =
        service.grant_bonus(ACCOUNT, &"gift".parse().unwrap(), Credits::of(11), "more").await.unwrap_err();
    assert!(matches!(&conflict, BalanceError::KeyConflict(key) if key.as_str() == "gift"), "{conflict:?}");
    assert_eq!(conflict.to_string(), "the operation key gift was used before with other arguments");
    assert_eq!(studio.spendable().await, 10);
}

#[tokio::test]
async fn the_displayed_balance_comes_from_the_cache_and_follows_every_change() {
    let studio = Studio::new();
    assert_eq!(studio.service.display(ACCOUNT).await.unwrap(), BalanceSheet::default());
    studio.grant("gift", 10).await;
    assert_eq!(studio.service.display(ACCOUNT).await.unwrap().spendable(), Credits::of(10));

    // Another process, with a cache of its own, changed the balance.
    let other = service(&studio.database, Arc::new(MemoryBalanceCache::default()), 3);
    other.grant_bonus(ACCOUNT, &"gift:2".parse().unwrap(), Credits::of(5), "").await.unwrap();
    assert_eq!(studio.service.display(ACCOUNT).await.unwrap().spendable(), Credits::of(10), "it is cached");
    assert_eq!(studio.service.current(ACCOUNT).await.unwrap().spendable(), Credits::of(15));
    assert_eq!(studio.service.display(ACCOUNT).await.unwrap().spendable(), Credits::of(15));
    assert_eq!(
        studio.cache.get(ACCOUNT).await.unwrap().map(|sheet| sheet.version),
        Some(2),
        "it is kept again"
    );
}

#[tokio::test]
async fn everything_is_right_without_a_cache() {
    let studio = Studio::with_cache(Arc::new(BrokenCache));
    studio.grant("gift", 10).await;
    studio.service.forget_cached(ACCOUNT).await;
    assert_eq!(studio.service.display(ACCOUNT).await.unwrap().spendable(), Credits::of(10));
}

#[tokio::test]
async fn a_failed_commit_is_an_error_and_reaches_no_cache() {
    let studio = Studio::new();
    let clock = Arc::new(studio.clock.clone());
    let stormy = studio.database.reopened(clock, Arc::new(SeededIds::new(4)), Arc::new(NoCommit));
    let service = service(&stormy, Arc::clone(&studio.cache), 5);
    let failed =
        service.grant_bonus(ACCOUNT, &"gift".parse().unwrap(), Credits::of(5), "").await.unwrap_err();
    assert!(matches!(failed, BalanceError::Store(StoreError::Unavailable(_))), "{failed:?}");
    assert_eq!(studio.cache.get(ACCOUNT).await.unwrap(), None);
    assert_eq!(studio.spendable().await, 0);
}

#[tokio::test]
async fn holds_that_nobody_ended_are_released_at_their_deadline() {
    let studio = Studio::new();
    studio.grant("gift", 40).await;
    let service = &studio.service;
    for number in 1..=4 {
        service.hold(ACCOUNT, Uuid::from_u128(number), Credits::of(10), HOUR).await.unwrap();
    }
    service.capture(ACCOUNT, HoldId::new(Uuid::from_u128(4)), Credits::of(10)).await.unwrap();
    assert_eq!(service.release_expired(100).await.unwrap(), 0, "it is not their time");
    studio.clock.advance(HOUR);
    assert_eq!(service.release_expired(2).await.unwrap(), 2, "no more than was asked for");
    assert_eq!(service.release_expired(100).await.unwrap(), 1);
    assert_eq!(service.release_expired(100).await.unwrap(), 0);
    assert_eq!(studio.spendable().await, 30);
    let late = service.capture(ACCOUNT, HoldId::new(Uuid::from_u128(1)), Credits::of(10)).await.unwrap_err();
    assert!(matches!(late, BalanceError::Refused(Refusal::AlreadyReleased)), "{late:?}");
}

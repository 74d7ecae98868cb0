//! The fakes pass the suites of the ports that they stand for.

use std::sync::Arc;

use balance::BalanceCache;
use kernel::{Clock, IdSource, JobQueue, ObjectStore};
use testkit::fakes::{
    ManualClock, MemoryBalanceCache, MemoryDatabase, MemoryDialogues, MemoryObjects, MemoryProfileCache,
    MemoryQueue, MemoryRateLimiter, SeededIds,
};
use testkit::suites::{self, DatabaseSubject};

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

//! The suites of all ports that this crate implements.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use balance::BalanceCache;
use embedded_adapter::{
    DirectoryObjectStore, LocalBalanceCache, LocalDialogueStore, LocalJobQueue, LocalProfileCache,
    LocalRateLimiter, LocalTurns, SystemClock, SystemIds,
};
use kernel::{JobQueue, ObjectStore};
use testkit::suites;

use crate::manual_clock::ManualClock;

#[tokio::test]
async fn job_queue() {
    suites::job_queue::all(async || Arc::new(LocalJobQueue::new()) as Arc<dyn JobQueue>).await;
}

#[tokio::test]
async fn rate_limiter() {
    suites::rate_limiter::all(async || {
        let time = Arc::new(ManualClock::default());
        suites::rate_limiter::Subject { limiter: Arc::new(LocalRateLimiter::new(time.clone())), time }
    })
    .await;
}

/// The runtime's own time, which a test may pause.
struct RuntimeTime;

#[async_trait]
impl suites::Elapse for RuntimeTime {
    async fn elapse(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }
}

#[tokio::test(start_paused = true)]
async fn turns() {
    suites::turns::all(async || suites::turns::Subject {
        turns: Arc::new(LocalTurns::new()),
        time: Arc::new(RuntimeTime),
    })
    .await;
}

#[tokio::test]
async fn dialogue_store() {
    suites::dialogue_store::all(async || {
        let time = Arc::new(ManualClock::default());
        suites::dialogue_store::Subject { store: Arc::new(LocalDialogueStore::new(time.clone())), time }
    })
    .await;
}

#[tokio::test]
async fn balance_cache() {
    suites::balance_cache::all(async || {
        Arc::new(LocalBalanceCache::new(Arc::new(SystemClock))) as Arc<dyn BalanceCache>
    })
    .await;
}

#[tokio::test]
async fn profile_cache() {
    suites::profile_cache::all(async || {
        let time = Arc::new(ManualClock::default());
        suites::profile_cache::Subject { cache: Arc::new(LocalProfileCache::new(time.clone())), time }
    })
    .await;
}

#[tokio::test]
async fn object_store() {
    let directory = tempfile::tempdir().unwrap();
    suites::object_store::all(async || {
        let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
        let store = DirectoryObjectStore::open(directory.path(), ids, &SystemClock).unwrap();
        Arc::new(store) as Arc<dyn ObjectStore>
    })
    .await;
}

#[test]
fn id_source() {
    suites::id_source::all(|| Arc::new(SystemIds::new(Arc::new(SystemClock))));
}

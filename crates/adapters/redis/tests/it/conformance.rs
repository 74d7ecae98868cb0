//! The suites of all ports that this crate implements.

use std::sync::Arc;

use balance::BalanceCache;
use kernel::JobQueue;
use redis_adapter::{
    RedisBalanceCache, RedisDialogueStore, RedisJobQueue, RedisProfileCache, RedisRateLimiter, RedisTurns,
};
use testkit::suites;

use crate::room::{RealTime, room};

#[tokio::test]
async fn job_queue() {
    suites::job_queue::all(async || Arc::new(RedisJobQueue::new(room())) as Arc<dyn JobQueue>).await;
}

#[tokio::test]
async fn rate_limiter() {
    suites::rate_limiter::all(async || suites::rate_limiter::Subject {
        limiter: Arc::new(RedisRateLimiter::new(room())),
        time: Arc::new(RealTime),
    })
    .await;
}

#[tokio::test]
async fn turns() {
    suites::turns::all(async || suites::turns::Subject {
        turns: Arc::new(RedisTurns::new(room())),
        time: Arc::new(RealTime),
    })
    .await;
}

#[tokio::test]
async fn dialogue_store() {
    suites::dialogue_store::all(async || suites::dialogue_store::Subject {
        store: Arc::new(RedisDialogueStore::new(room())),
        time: Arc::new(RealTime),
    })
    .await;
}

#[tokio::test]
async fn balance_cache() {
    suites::balance_cache::all(async || Arc::new(RedisBalanceCache::new(room())) as Arc<dyn BalanceCache>)
        .await;
}

#[tokio::test]
async fn profile_cache_that_keeps_what_was_read_and_not_what_was_changed() {
    let subject = suites::profile_cache::Subject {
        cache: Arc::new(RedisProfileCache::new(room())),
        time: Arc::new(RealTime),
    };
    suites::profile_cache::forget_must_remove_it(&subject).await;
}

#[tokio::test]
async fn profile_cache_after_a_change() {
    let subject = suites::profile_cache::Subject {
        cache: Arc::new(RedisProfileCache::new(room())),
        time: Arc::new(RealTime),
    };
    suites::profile_cache::put_within_the_settling_time_after_forget_must_keep_nothing(&subject).await;
}

#[tokio::test]
async fn profile_cache_for_a_minute_at_most() {
    let server = room();
    let time = crate::room::Expiry(testkit::servers::RedisServer::shared().clone());
    let subject = suites::profile_cache::Subject {
        cache: Arc::new(RedisProfileCache::new(server)),
        time: Arc::new(time),
    };
    suites::profile_cache::get_must_give_what_put_kept_for_a_minute_at_most_or_nothing(&subject).await;
}

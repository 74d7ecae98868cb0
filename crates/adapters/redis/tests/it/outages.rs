//! A server that stops, freezes, is slow, is full or is emptied.

use std::future::Future;
use std::time::Duration;

use balance::{BalanceCache as _, BalanceSheet};
use kernel::{
    AccountId, Action, ChatId, DialogueStore as _, JobId, JobQueue as _, Lane, Limit, RateLimiter as _,
    StoreError, Turns as _, Urgency, Verdict, WakeUp,
};
use redis_adapter::{
    CALL_WITHIN, RedisBalanceCache, RedisDialogueStore, RedisFailure, RedisJobQueue, RedisRateLimiter,
    RedisServer as Server, RedisTurns,
};
use testkit::proxy::FaultProxy;
use testkit::servers::RedisServer;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::room::room_at;

const CHAT: ChatId = ChatId::new(1);
const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));
const LONG: Duration = Duration::from_hours(1);
const LIMIT: Limit = Limit { burst: 1, period: LONG };
const WAKE_UP: WakeUp =
    WakeUp { account: ACCOUNT, job: JobId::new(Uuid::from_u128(2)), urgency: Urgency::Background };
const PATIENT: Duration = Duration::from_secs(20);

/// Asks one call of every port whether it fails, each within its time.
async fn all_fail(server: &Server, queue: &RedisJobQueue) {
    let started = Instant::now();
    in_time(RedisBalanceCache::new(server.clone()).get(ACCOUNT)).await.expect_err("balance");
    in_time(RedisDialogueStore::new(server.clone()).get(CHAT)).await.expect_err("dialogue");
    in_time(RedisRateLimiter::new(server.clone()).check(CHAT, Action::Write, LIMIT))
        .await
        .expect_err("limit");
    in_time(RedisTurns::new(server.clone()).take(Lane::Everybody, 1, LIMIT)).await.expect_err("turn");
    in_time(queue.push(WAKE_UP)).await.expect_err("push");
    assert!(started.elapsed() < CALL_WITHIN * 2, "not every call waits for a server that is away");
}

async fn in_time<T>(call: impl Future<Output = T>) -> T {
    timeout(CALL_WITHIN + Duration::from_secs(1), call).await.expect("in time")
}

/// Waits until calls work again.
async fn is_back(server: &Server) {
    let back = async {
        while server.ping().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENT, back).await.expect("the server is used again");
}

/// That wake-ups get through, from the very beginning.
async fn wakes(queue: &RedisJobQueue) {
    queue.push(WAKE_UP).await.unwrap();
    let woken = async {
        loop {
            // A listener that waits at a server that is gone says so once.
            if let Ok(Some(wake_up)) = queue.pop(Duration::from_secs(5)).await {
                return wake_up;
            }
        }
    };
    assert_eq!(timeout(PATIENT, woken).await.expect("a wake-up"), WAKE_UP);
}

#[tokio::test]
async fn a_server_that_stops_and_comes_back_is_used_again() {
    let redis = RedisServer::start();
    let server = room_at(&redis.url());
    let queue = RedisJobQueue::new(server.clone());
    let dialogues = RedisDialogueStore::new(server.clone());
    dialogues.put(CHAT, "before", LONG).await.unwrap();
    wakes(&queue).await;
    let (waited, ()) = futures::future::join(queue.pop(PATIENT), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        redis.crash().await;
    })
    .await;
    waited.expect_err("whoever waits is told");
    all_fail(&server, &queue).await;
    redis.restart().await;
    is_back(&server).await;
    assert_eq!(dialogues.get(CHAT).await.unwrap(), None, "it forgot everything");
    dialogues.put(CHAT, "after", LONG).await.unwrap();
    assert_eq!(dialogues.get(CHAT).await.unwrap().as_deref(), Some("after"));
    wakes(&queue).await;
}

#[tokio::test]
async fn a_restart_that_nobody_saw_fails_no_call() {
    let redis = RedisServer::start();
    let server = room_at(&redis.url());
    let dialogues = RedisDialogueStore::new(server.clone());
    futures::future::try_join_all((0..8).map(|chat| dialogues.put(ChatId::new(chat), "before", LONG)))
        .await
        .unwrap();
    redis.crash().await;
    redis.restart().await;
    for chat in 0..8 {
        assert_eq!(dialogues.get(ChatId::new(chat)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_frozen_server_is_given_up_in_time() {
    let redis = RedisServer::start();
    let server = room_at(&redis.url());
    let queue = RedisJobQueue::new(server.clone());
    wakes(&queue).await;
    redis.freeze();
    assert_eq!(in_time(server.ping()).await, Err(RedisFailure::Slow));
    all_fail(&server, &queue).await;
    let started = Instant::now();
    while queue.pop(Duration::from_secs(1)).await.is_ok() {
        assert!(started.elapsed() < PATIENT, "whoever waits is told");
    }
    redis.thaw();
    is_back(&server).await;
    wakes(&queue).await;
}

#[tokio::test]
async fn a_slow_server_is_waited_for_up_to_a_bound() {
    let redis = RedisServer::start();
    let proxy = FaultProxy::start(redis.address()).await.unwrap();
    let server = room_at(&redis.url_through(proxy.address()));
    server.ping().await.unwrap();
    proxy.delay(Duration::from_millis(50));
    server.ping().await.unwrap();
    proxy.delay(Duration::from_secs(5));
    assert_eq!(in_time(server.ping()).await, Err(RedisFailure::Slow));
    assert_eq!(server.ping().await, Err(RedisFailure::Resting), "and is left alone then");
    proxy.restore();
    is_back(&server).await;
}

#[tokio::test]
async fn a_full_server_still_tells_what_it_has() {
    let redis = RedisServer::start();
    let server = room_at(&redis.url());
    let dialogues = RedisDialogueStore::new(server.clone());
    dialogues.put(CHAT, "before", LONG).await.unwrap();
    redis.fill().await;
    let StoreError::Unavailable(cause) = dialogues.put(CHAT, "more", LONG).await.unwrap_err() else {
        unreachable!("the store is unavailable");
    };
    assert_eq!(cause.downcast_ref(), Some(&RedisFailure::Full), "{cause}");
    let queue = RedisJobQueue::new(server.clone());
    queue.push(WAKE_UP).await.expect_err("no room");
    RedisRateLimiter::new(server.clone()).check(CHAT, Action::Write, LIMIT).await.expect_err("no room");
    RedisTurns::new(server.clone()).take(Lane::Chat(CHAT), 1, LIMIT).await.expect_err("no room");
    RedisBalanceCache::new(server).offer(ACCOUNT, &BalanceSheet::default()).await.expect_err("no room");
    assert_eq!(dialogues.get(CHAT).await.unwrap().as_deref(), Some("before"));
    redis.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;
    wakes(&queue).await;
}

#[tokio::test]
async fn an_emptied_server_is_a_fresh_one() {
    let redis = RedisServer::start();
    let server = room_at(&redis.url());
    let limiter = RedisRateLimiter::new(server.clone());
    let queue = RedisJobQueue::new(server);
    assert_eq!(limiter.check(CHAT, Action::Write, LIMIT).await.unwrap(), Verdict::Allowed);
    assert!(matches!(limiter.check(CHAT, Action::Write, LIMIT).await.unwrap(), Verdict::Wait(_)));
    for number in 0..10 {
        queue.push(WakeUp { job: JobId::new(Uuid::from_u128(number)), ..WAKE_UP }).await.unwrap();
    }
    // Whether it is told of one before everything is gone does not matter.
    let (woken, ()) = futures::future::join(queue.pop(Duration::from_secs(1)), redis.empty()).await;
    woken.unwrap();
    redis.empty().await;
    assert_eq!(limiter.check(CHAT, Action::Write, LIMIT).await.unwrap(), Verdict::Allowed);
    let (woken, ()) = futures::future::join(queue.pop(PATIENT), async {
        redis.empty().await;
        queue.push(WAKE_UP).await.unwrap();
    })
    .await;
    assert_eq!(woken.unwrap(), Some(WAKE_UP));
}

#[tokio::test]
async fn a_line_that_the_server_lost_in_part_is_put_right_by_the_next_push() {
    let redis = RedisServer::start();
    let queue = RedisJobQueue::new(room_at(&redis.url()));
    queue.push(WAKE_UP).await.unwrap();
    let lost = "for _, key in ipairs(redis.call('KEYS', '*accounts')) do redis.call('DEL', key) end \
        for _, key in ipairs(redis.call('KEYS', '*bell')) do redis.call('DEL', key) end return 1";
    redis.ask(&["EVAL", lost, "0"]).await;
    queue.push(WAKE_UP).await.unwrap();
    assert_eq!(queue.pop(PATIENT).await.unwrap(), Some(WAKE_UP));
}

//! A part of a server for one test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use redis_adapter::{RedisServer, RedisSettings};
use testkit::suites::Elapse;

/// The server at `url`, with keys that no other test uses.
pub fn room_at(url: &str) -> RedisServer {
    static ROOMS: AtomicU32 = AtomicU32::new(0);
    let number = ROOMS.fetch_add(1, Ordering::Relaxed);
    let prefix = format!("room-{number}:").parse().unwrap();
    RedisServer::new(&RedisSettings { url: url.parse().unwrap(), prefix }).unwrap()
}

/// A room on the server that the tests of this process share.
pub fn room() -> RedisServer {
    room_at(&testkit::servers::RedisServer::shared().url())
}

/// The server's own time cannot be moved, so that it is waited for.
pub struct RealTime;

#[async_trait]
impl Elapse for RealTime {
    async fn elapse(&self, span: Duration) {
        // Spans end when the server's clock says so, which counts whole milliseconds.
        tokio::time::sleep(span + Duration::from_millis(2)).await;
    }
}

/// Lets everything on a server end that would have ended by the given time, by asking it when that would be.
pub struct Expiry(pub testkit::servers::RedisServer);

#[async_trait]
impl Elapse for Expiry {
    async fn elapse(&self, span: Duration) {
        let script = "local gone = 0 for _, key in ipairs(redis.call('KEYS', '*profile*')) do \
            if redis.call('PTTL', key) <= tonumber(ARGV[1]) then gone = gone + redis.call('DEL', key) end end \
            return gone";
        let gone = self.0.ask(&["EVAL", script, "0", &span.as_millis().to_string()]).await;
        assert_ne!(gone, "0", "something was kept");
    }
}

//! What all processes of an installation share, where there is a server for it.

use std::sync::Arc;

use embedded_adapter::{LocalDialogueStore, LocalJobQueue, LocalRateLimiter, LocalTurns};
use kernel::{Clock, DialogueStore, JobQueue, RateLimiter, Turns};
use redis_adapter::{RedisDialogueStore, RedisJobQueue, RedisRateLimiter, RedisServer, RedisTurns};

use crate::standby::{Presence, StandbyDialogues, StandbyRateLimiter, StandbyTurns};

/// Shared by all processes where there is a server, with this process as a stand-in while it is away; else by the parts of
/// this process.
pub(super) struct Shared {
    pub(super) queue: Arc<dyn JobQueue>,
    pub(super) turns: Arc<dyn Turns>,
    pub(super) limiter: Arc<dyn RateLimiter>,
    pub(super) dialogues: Arc<dyn DialogueStore>,
}

impl Shared {
    pub(super) fn by(redis: Option<&RedisServer>, clock: &Arc<dyn Clock>) -> Self {
        let own_turns = Arc::new(LocalTurns::new());
        let own_limiter = Arc::new(LocalRateLimiter::new(Arc::clone(clock)));
        let own_dialogues = Arc::new(LocalDialogueStore::new(Arc::clone(clock)));
        let Some(redis) = redis else {
            let queue = Arc::new(LocalJobQueue::new());
            return Self { queue, turns: own_turns, limiter: own_limiter, dialogues: own_dialogues };
        };
        let presence = Arc::new(Presence::of("redis"));
        Self {
            queue: Arc::new(RedisJobQueue::new(redis.clone())),
            turns: Arc::new(StandbyTurns {
                shared: Arc::new(RedisTurns::new(redis.clone())),
                own: own_turns,
                presence: Arc::clone(&presence),
            }),
            limiter: Arc::new(StandbyRateLimiter {
                shared: Arc::new(RedisRateLimiter::new(redis.clone())),
                own: own_limiter,
                presence: Arc::clone(&presence),
            }),
            dialogues: Arc::new(StandbyDialogues {
                shared: Arc::new(RedisDialogueStore::new(redis.clone())),
                own: own_dialogues,
                presence,
            }),
        }
    }
}

//! The lines of waiting wake-ups at the server.

use std::sync::LazyLock;
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Script, cmd};
use kernel::{AccountId, JobId, Urgency, WakeUp};
use uuid::Uuid;

use crate::time_span::lifetime_millis;
use crate::{RedisFailure, RedisServer};

/// How many accounts' wake-ups wait at most, of each urgency.
const MOST_ACCOUNTS: u32 = 100_000;
/// How many wake-ups of one account wait at most, of each urgency.
const MOST_JOBS: u32 = 10_000;
/// After this time without a new wake-up the lines are dropped: nobody uses them any more.
const LIFETIME: Duration = Duration::from_hours(1);
/// How long a listener waits at the server at a time. A server that is frozen is noticed no later.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(2);

static PUSH: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../scripts/push_wake_up.lua")));
static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("../scripts/take_wake_up.lua")));

/// Whether the bell rang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// It did, and rings for nobody else now.
    Bell,
    /// It did not for a while.
    Nothing,
}

/// The lines at a server.
#[derive(Clone)]
pub(super) struct Line {
    server: RedisServer,
}

impl Line {
    pub(super) const fn new(server: RedisServer) -> Self {
        Self { server }
    }

    /// Puts a wake-up in line and rings.
    pub(super) async fn push(&self, wake_up: WakeUp) -> Result<(), RedisFailure> {
        let keys = self.server.keys();
        let mut push = PUSH.key(keys.waiting_accounts(wake_up.urgency));
        push.key(format!("{}{}", keys.waiting_jobs(wake_up.urgency), wake_up.account))
            .key(keys.bell())
            .key(keys.turn())
            .arg(wake_up.account.to_string())
            .arg(wake_up.job.to_string())
            .arg(MOST_ACCOUNTS)
            .arg(MOST_JOBS)
            .arg(lifetime_millis(LIFETIME));
        self.server.script::<()>(&push).await
    }

    /// Takes the wake-up whose turn it is.
    pub(super) async fn take(&self) -> Result<Option<WakeUp>, RedisFailure> {
        let keys = self.server.keys();
        let mut take = TAKE.prepare_invoke();
        for urgency in Urgency::ALL {
            take.key(keys.waiting_accounts(urgency)).arg(keys.waiting_jobs(urgency));
        }
        take.key(keys.bell()).key(keys.turn());
        let taken: Option<(usize, String, String)> = self.server.script(&take).await?;
        taken.map(|(urgency, account, job)| wake_up(urgency, &account, &job)).transpose()
    }

    /// Rings for another worker, because whoever heard the bell has nobody to tell.
    pub(super) async fn ring(&self) -> Result<(), RedisFailure> {
        let mut ring = cmd("RPUSH");
        ring.arg(self.server.keys().bell()).arg(1);
        self.server.command::<()>(&ring).await
    }

    /// A connection to listen with.
    pub(super) async fn listening_connection(&self) -> Result<MultiplexedConnection, RedisFailure> {
        self.server.waiting_connection(LONGEST_WAIT).await
    }

    /// Waits for the bell.
    pub(super) async fn listen(&self, connection: &mut MultiplexedConnection) -> Result<Heard, RedisFailure> {
        let mut listen = cmd("BLPOP");
        listen.arg(self.server.keys().bell()).arg(LONGEST_WAIT.as_secs());
        let heard = listen.query_async::<Option<(String, String)>>(connection).await;
        let heard = self.server.noted(heard.map_err(RedisFailure::from))?;
        Ok(heard.map_or(Heard::Nothing, |_| Heard::Bell))
    }
}

/// `urgency` counts from 1, as scripts do.
fn wake_up(urgency: usize, account: &str, job: &str) -> Result<WakeUp, RedisFailure> {
    let uuid = |text: &str| Uuid::parse_str(text).map_err(|_| RedisFailure::Unexpected);
    let urgency = urgency.checked_sub(1).and_then(|index| Urgency::ALL.get(index).copied());
    Ok(WakeUp {
        account: AccountId::new(uuid(account)?),
        job: JobId::new(uuid(job)?),
        urgency: urgency.ok_or(RedisFailure::Unexpected)?,
    })
}

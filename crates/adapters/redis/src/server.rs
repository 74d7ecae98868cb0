//! The server, as all ports here reach it.

use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Object, Pool, QueueMode, Timeouts};
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{self, Cmd, ConnectionInfo, FromRedisValue, ScriptInvocation, Value};
use tokio::time::timeout;

use crate::connections::{ANSWER_WITHIN, CONNECT_WITHIN, Connections, waiting_connection, without_delay};
use crate::keys::Keys;
use crate::request::Request;
use crate::rest::Rest;
use crate::{RedisFailure, RedisSettings, RedisUrlError};

/// The longest that a call may take in all.
pub const CALL_WITHIN: Duration = Duration::from_secs(2);
/// How many connections there are at most.
const MOST_CONNECTIONS: usize = 16;
/// The longest that a call waits for one of them.
const CONNECTION_WITHIN: Duration = ANSWER_WITHIN;

/// A server. Connections are made when they are needed and made again when they are lost, so that a server that is away
/// for now is no reason not to start. Clones share the connections.
#[derive(Clone)]
pub struct RedisServer {
    shared: Arc<Shared>,
}

struct Shared {
    address: ConnectionInfo,
    pool: Pool<Connections>,
    rest: Rest,
    keys: Keys,
}

impl RedisServer {
    /// The server of these settings; nothing is sent to it yet.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(settings: &RedisSettings) -> Result<Self, RedisUrlError> {
        let address = without_delay(settings.url.connection_info()?);
        let connections = Connections::to(address.clone()).map_err(|_| RedisUrlError::Malformed)?;
        let timeouts = Timeouts {
            wait: Some(CONNECTION_WITHIN),
            create: Some(CONNECT_WITHIN),
            recycle: Some(ANSWER_WITHIN),
        };
        let pool = Pool::builder(connections)
            .max_size(MOST_CONNECTIONS)
            .timeouts(timeouts)
            // The one used last is the least likely to have been lost.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|_| RedisUrlError::Malformed)?;
        let keys = Keys::new(settings.prefix.clone());
        Ok(Self { shared: Arc::new(Shared { address, pool, rest: Rest::default(), keys }) })
    }

    /// Whether the server answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), RedisFailure> {
        self.command::<String>(&redis::cmd("PING")).await.map(|_| ())
    }

    /// The version that the server says it has, such as `7.0.15`.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn version(&self) -> Result<String, RedisFailure> {
        let mut ask = redis::cmd("INFO");
        ask.arg("server");
        let info = self.command::<String>(&ask).await?;
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
        version.map(str::to_owned).ok_or(RedisFailure::Unexpected)
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    pub(crate) async fn command<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisFailure> {
        self.ask(&Request::Command(command)).await
    }

    pub(crate) async fn script<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, RedisFailure> {
        self.ask(&Request::Script(script)).await
    }

    /// A connection of its own for a command that waits at the server for up to `longest_wait`.
    pub(crate) async fn waiting_connection(
        &self,
        longest_wait: Duration,
    ) -> Result<MultiplexedConnection, RedisFailure> {
        self.shared.rest.admit()?;
        let connection = waiting_connection(&self.shared.address, longest_wait).await;
        self.noted(connection.map_err(RedisFailure::from))
    }

    /// Takes note of how a call outside of the pool ended.
    pub(crate) fn noted<T>(&self, outcome: Result<T, RedisFailure>) -> Result<T, RedisFailure> {
        self.shared.rest.note(&outcome);
        outcome
    }

    async fn ask<T: FromRedisValue>(&self, request: &Request<'_>) -> Result<T, RedisFailure> {
        self.shared.rest.admit()?;
        let answer = timeout(CALL_WITHIN, self.ask_twice(request)).await.unwrap_or(Err(RedisFailure::Slow));
        let answer = self.noted(answer)?;
        T::from_redis_value(answer).map_err(|_| RedisFailure::Unexpected)
    }

    /// A connection that lay in the pool may have been closed meanwhile, as by a restart of the server. That says
    /// nothing about the others, so that the request is sent once more over a new one.
    async fn ask_twice(&self, request: &Request<'_>) -> Result<Value, RedisFailure> {
        match self.ask_once(request).await {
            Err(RedisFailure::Unreachable(_)) => {
                self.shared.pool.retain(|_, _| false);
                self.ask_once(request).await
            }
            answer => answer,
        }
    }

    async fn ask_once(&self, request: &Request<'_>) -> Result<Value, RedisFailure> {
        let mut connection = self.shared.pool.get().await?;
        let answer = request.send(&mut connection).await;
        if answer.as_ref().is_err_and(redis::RedisError::is_io_error) {
            // It is of no use any more, or an answer is still to come on it.
            drop(Object::take(connection));
        }
        Ok(answer?)
    }
}

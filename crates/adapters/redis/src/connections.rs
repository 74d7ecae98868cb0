//! Connections: how they are made, and when one is asked whether it still lives.

use std::time::Duration;

use deadpool::managed::{Manager, Metrics, RecycleResult};
use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::io::tcp::TcpSettings;
use deadpool_redis::redis::{AsyncConnectionConfig, Client, ConnectionInfo, RedisError};

/// The longest that making a connection may take.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// The longest that the answer to a command may take.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(500);
/// A connection that has rested for longer is asked whether it lives before it is used: a router between may have
/// forgotten it. One that the server closed is noticed without asking.
const LONG_REST: Duration = Duration::from_secs(30);

/// Makes the connections of a pool. Unlike the manager that it is made of, it asks nothing of a connection that was used
/// a moment ago, so that a command is one round trip.
pub(crate) struct Connections {
    manager: deadpool_redis::Manager,
}

impl Connections {
    pub(crate) fn to(address: ConnectionInfo) -> Result<Self, RedisError> {
        let manager = deadpool_redis::Manager::new_with_config(address, config(ANSWER_WITHIN))?;
        Ok(Self { manager })
    }
}

impl Manager for Connections {
    type Type = MultiplexedConnection;
    type Error = RedisError;

    async fn create(&self) -> Result<MultiplexedConnection, RedisError> {
        self.manager.create().await
    }

    async fn recycle(
        &self,
        connection: &mut MultiplexedConnection,
        metrics: &Metrics,
    ) -> RecycleResult<RedisError> {
        if metrics.last_used() < LONG_REST {
            return Ok(());
        }
        self.manager.recycle(connection, metrics).await
    }
}

/// A connection beside the pool, for a command that waits at the server for up to `longest_wait`.
pub(crate) async fn waiting_connection(
    address: &ConnectionInfo,
    longest_wait: Duration,
) -> Result<MultiplexedConnection, RedisError> {
    let client = Client::open(address.clone())?;
    client.get_multiplexed_async_connection_with_config(&config(longest_wait + ANSWER_WITHIN)).await
}

/// Without the delay by which small packets are gathered.
pub(crate) fn without_delay(address: ConnectionInfo) -> ConnectionInfo {
    address.set_tcp_settings(TcpSettings::default().set_nodelay(true))
}

fn config(answer_within: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_WITHIN))
        .set_response_timeout(Some(answer_within))
}

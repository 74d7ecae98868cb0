//! What is asked of the server.

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Cmd, RedisResult, ScriptInvocation, Value};

/// One command, or one script. Every one may be sent twice without harm: a second effect is none, or merely costs
/// somebody a turn.
pub(crate) enum Request<'call> {
    /// A command.
    Command(&'call Cmd),
    /// A script by its digest; its text is sent when the server does not know it.
    Script(&'call ScriptInvocation<'call>),
}

impl Request<'_> {
    pub(crate) async fn send(&self, connection: &mut MultiplexedConnection) -> RedisResult<Value> {
        match self {
            Self::Command(command) => command.query_async(connection).await,
            Self::Script(script) => script.invoke_async(connection).await,
        }
    }
}

//! Accounts by messenger id.

use std::time::Duration;

use account::{Account, ProfileCache, ProfileCacheError, TelegramUserId};
use async_trait::async_trait;
use deadpool_redis::redis::cmd;

use crate::time_span::lifetime_millis;
use crate::{RedisFailure, RedisServer, profile_payload};

/// How long an account is believed before the database is asked again. All processes share what is kept, so that this
/// matters only to a change of which the server was not told because it was away.
const LIFETIME: Duration = Duration::from_secs(30);
/// What is kept in the place of an account that was changed a moment ago. No account is kept as an empty text.
const CHANGED: &str = "";

/// Keeps accounts for half a minute. Whatever was read before a change cannot come back after it: for a while after
/// `forget` nothing is kept.
pub struct RedisProfileCache {
    server: RedisServer,
}

impl RedisProfileCache {
    /// A cache on this server.
    pub const fn new(server: RedisServer) -> Self {
        Self { server }
    }
}

#[async_trait]
impl ProfileCache for RedisProfileCache {
    async fn get(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, ProfileCacheError> {
        let mut get = cmd("GET");
        get.arg(self.server.keys().profile(telegram_user));
        let kept: Option<String> = self.server.command(&get).await.map_err(away)?;
        Ok(kept.as_deref().and_then(profile_payload::decode))
    }

    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError> {
        let Some(payload) = profile_payload::encode(account) else {
            return Ok(());
        };
        let mut put = cmd("SET");
        put.arg(self.server.keys().profile(telegram_user)).arg(payload).arg("NX");
        put.arg("PX").arg(lifetime_millis(LIFETIME));
        // No answer means that something is kept already.
        self.server.command::<Option<String>>(&put).await.map(|_| ()).map_err(away)
    }

    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError> {
        let mut forget = cmd("SET");
        forget.arg(self.server.keys().profile(telegram_user)).arg(CHANGED);
        forget.arg("PX").arg(lifetime_millis(account::PROFILE_SETTLES_WITHIN));
        self.server.command::<()>(&forget).await.map_err(away)
    }
}

fn away(failure: RedisFailure) -> ProfileCacheError {
    ProfileCacheError(failure.boxed())
}

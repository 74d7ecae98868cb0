//! Balances for display.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use balance::{BalanceCache, BalanceCacheError, BalanceSheet};
use deadpool_redis::redis::{Script, cmd};
use kernel::AccountId;

use crate::time_span::lifetime_millis;
use crate::{RedisFailure, RedisServer, balance_payload};

/// How long a balance is shown before the database is asked again: what other work does to a balance within its own unit
/// of work is not told to the cache.
const LIFETIME: Duration = Duration::from_secs(3);
/// How long it is remembered which version was the highest. Longer than any reader takes between reading a balance and
/// offering it.
const VERSION_LIFETIME: Duration = Duration::from_mins(1);

static OFFER: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("scripts/offer_balance.lua")));

/// Keeps balances for three seconds, and takes none of a lower version than it has seen.
pub struct RedisBalanceCache {
    server: RedisServer,
}

impl RedisBalanceCache {
    /// A cache on this server.
    pub const fn new(server: RedisServer) -> Self {
        Self { server }
    }
}

#[async_trait]
impl BalanceCache for RedisBalanceCache {
    async fn get(&self, account: AccountId) -> Result<Option<BalanceSheet>, BalanceCacheError> {
        let mut get = cmd("GET");
        get.arg(self.server.keys().balance(account));
        let kept: Option<String> = self.server.command(&get).await.map_err(away)?;
        Ok(kept.as_deref().and_then(balance_payload::decode))
    }

    async fn offer(&self, account: AccountId, sheet: &BalanceSheet) -> Result<(), BalanceCacheError> {
        let Some(payload) = balance_payload::encode(sheet) else {
            return Ok(());
        };
        let keys = self.server.keys();
        let mut offer = OFFER.key(keys.balance(account));
        offer
            .key(keys.balance_version(account))
            .arg(sheet.version)
            .arg(payload)
            .arg(lifetime_millis(LIFETIME))
            .arg(lifetime_millis(VERSION_LIFETIME));
        self.server.script::<()>(&offer).await.map_err(away)
    }

    async fn forget(&self, account: AccountId) -> Result<(), BalanceCacheError> {
        let mut forget = cmd("DEL");
        forget.arg(self.server.keys().balance(account));
        self.server.command::<()>(&forget).await.map_err(away)
    }
}

fn away(failure: RedisFailure) -> BalanceCacheError {
    BalanceCacheError(failure.boxed())
}

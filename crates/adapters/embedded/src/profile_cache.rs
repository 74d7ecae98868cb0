//! Accounts by messenger id, in memory.

use std::sync::Arc;
use std::time::Duration;

use account::{Account, ProfileCache, ProfileCacheError, TelegramUserId};
use async_trait::async_trait;
use kernel::{Clock, Timestamp};
use moka::future::Cache;

/// How many accounts are kept at most.
const CAPACITY: u64 = 50_000;

/// How long an account is believed before the database is asked again: the most that the port allows.
const LIFETIME: Duration = Duration::from_secs(3);

/// Keeps accounts for three seconds: what another process changed (an operator's command) acts soon after.
pub struct LocalProfileCache {
    clock: Arc<dyn Clock>,
    accounts: Cache<TelegramUserId, Arc<Kept>>,
}

#[derive(Debug)]
struct Kept {
    account: Account,
    at: Timestamp,
}

impl LocalProfileCache {
    /// An empty cache by the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, accounts: Cache::new(CAPACITY) }
    }
}

#[async_trait]
impl ProfileCache for LocalProfileCache {
    async fn get(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, ProfileCacheError> {
        let now = self.clock.now();
        let kept = self.accounts.get(&telegram_user).await;
        Ok(kept.filter(|kept| now.since(kept.at) < LIFETIME).map(|kept| kept.account.clone()))
    }

    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError> {
        let kept = Kept { account: account.clone(), at: self.clock.now() };
        self.accounts.insert(telegram_user, Arc::new(kept)).await;
        Ok(())
    }

    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError> {
        self.accounts.invalidate(&telegram_user).await;
        Ok(())
    }
}

//! Accounts by messenger id, in memory.

use std::sync::Arc;
use std::time::Duration;

use account::{Account, PROFILE_SETTLES_WITHIN, ProfileCache, ProfileCacheError, TelegramUserId};
use async_trait::async_trait;
use kernel::{Clock, Timestamp};
use moka::future::Cache;
use moka::ops::compute::Op;

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
    what: What,
    at: Timestamp,
}

#[derive(Debug)]
enum What {
    /// An account as it was read.
    Account(Account),
    /// That it was changed.
    Change,
}

impl Kept {
    fn account(&self, now: Timestamp) -> Option<Account> {
        match &self.what {
            What::Account(account) if now.since(self.at) < LIFETIME => Some(account.clone()),
            What::Account(_) | What::Change => None,
        }
    }

    fn is_settling(&self, now: Timestamp) -> bool {
        matches!(self.what, What::Change) && now.since(self.at) < PROFILE_SETTLES_WITHIN
    }
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
        Ok(kept.and_then(|kept| kept.account(now)))
    }

    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError> {
        let now = self.clock.now();
        let read = Arc::new(Kept { what: What::Account(account.clone()), at: now });
        self.accounts
            .entry(telegram_user)
            .and_compute_with(async |current| match current {
                Some(current) if current.value().is_settling(now) => Op::Nop,
                _ => Op::Put(read),
            })
            .await;
        Ok(())
    }

    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError> {
        let change = Kept { what: What::Change, at: self.clock.now() };
        self.accounts.insert(telegram_user, Arc::new(change)).await;
        Ok(())
    }
}

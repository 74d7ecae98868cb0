//! Caches in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use account::{Account, ProfileCache, ProfileCacheError, TelegramUserId};
use async_trait::async_trait;
use balance::{BalanceCache, BalanceCacheError, BalanceSheet};
use kernel::{AccountId, Clock, Timestamp};

/// Balances for display.
#[derive(Debug, Clone, Default)]
pub struct MemoryBalanceCache {
    sheets: Arc<Mutex<BTreeMap<AccountId, BalanceSheet>>>,
}

#[async_trait]
impl BalanceCache for MemoryBalanceCache {
    async fn get(&self, account: AccountId) -> Result<Option<BalanceSheet>, BalanceCacheError> {
        Ok(self.sheets.lock().unwrap_or_else(PoisonError::into_inner).get(&account).copied())
    }

    async fn offer(&self, account: AccountId, sheet: &BalanceSheet) -> Result<(), BalanceCacheError> {
        let mut sheets = self.sheets.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = sheets.entry(account).or_insert(*sheet);
        if kept.version < sheet.version {
            *kept = *sheet;
        }
        Ok(())
    }

    async fn forget(&self, account: AccountId) -> Result<(), BalanceCacheError> {
        self.sheets.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
        Ok(())
    }
}

/// Accounts for a minute.
#[derive(Clone)]
pub struct MemoryProfileCache {
    profiles: Arc<Mutex<BTreeMap<TelegramUserId, (Account, Timestamp)>>>,
    clock: Arc<dyn Clock>,
}

impl MemoryProfileCache {
    /// A cache that takes its time from `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { profiles: Arc::default(), clock }
    }
}

#[async_trait]
impl ProfileCache for MemoryProfileCache {
    async fn get(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, ProfileCacheError> {
        let now = self.clock.now();
        let profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(profiles.get(&telegram_user).filter(|(_, until)| *until > now).map(|(account, _)| account.clone()))
    }

    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError> {
        let until = self.clock.now() + Duration::from_mins(1);
        let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        profiles.insert(telegram_user, (account.clone(), until));
        Ok(())
    }

    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError> {
        self.profiles.lock().unwrap_or_else(PoisonError::into_inner).remove(&telegram_user);
        Ok(())
    }
}

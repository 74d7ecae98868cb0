//! Caches in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use account::{Account, PROFILE_SETTLES_WITHIN, ProfileCache, ProfileCacheError, TelegramUserId};
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

/// An account, or nothing instead of one that was changed; until when.
type Kept = (Option<Account>, Timestamp);

/// Accounts for a minute.
#[derive(Clone)]
pub struct MemoryProfileCache {
    profiles: Arc<Mutex<BTreeMap<TelegramUserId, Kept>>>,
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
        let kept = profiles.get(&telegram_user).filter(|(_, until)| *until > now);
        Ok(kept.and_then(|(account, _)| account.clone()))
    }

    async fn put(&self, telegram_user: TelegramUserId, account: &Account) -> Result<(), ProfileCacheError> {
        let now = self.clock.now();
        let mut profiles = self.profiles.lock().unwrap_or_else(PoisonError::into_inner);
        if !profiles.get(&telegram_user).is_some_and(|(account, until)| account.is_none() && *until > now) {
            profiles.insert(telegram_user, (Some(account.clone()), now + Duration::from_mins(1)));
        }
        Ok(())
    }

    async fn forget(&self, telegram_user: TelegramUserId) -> Result<(), ProfileCacheError> {
        let until = self.clock.now() + PROFILE_SETTLES_WITHIN;
        self.profiles.lock().unwrap_or_else(PoisonError::into_inner).insert(telegram_user, (None, until));
        Ok(())
    }
}

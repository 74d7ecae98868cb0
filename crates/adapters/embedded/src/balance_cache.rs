//! Balances for display, in memory.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use balance::{BalanceCache, BalanceCacheError, BalanceSheet};
use kernel::{AccountId, Clock, Timestamp};
use moka::future::Cache;
use moka::ops::compute::Op;

/// How many balances are kept at most.
const CAPACITY: u64 = 50_000;

/// How long a balance is shown before the database is asked again: an operator's command runs in a process of its own
/// and cannot tell this one that a balance has changed.
const LIFETIME: Duration = Duration::from_secs(3);

/// Keeps balances for three seconds, and of two always the one with the higher version.
pub struct LocalBalanceCache {
    clock: Arc<dyn Clock>,
    balances: Cache<AccountId, Kept>,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    sheet: BalanceSheet,
    at: Timestamp,
}

impl LocalBalanceCache {
    /// An empty cache by the time of `clock`.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, balances: Cache::new(CAPACITY) }
    }
}

#[async_trait]
impl BalanceCache for LocalBalanceCache {
    async fn get(&self, account: AccountId) -> Result<Option<BalanceSheet>, BalanceCacheError> {
        let now = self.clock.now();
        let kept = self.balances.get(&account).await;
        Ok(kept.filter(|kept| now.since(kept.at) < LIFETIME).map(|kept| kept.sheet))
    }

    async fn offer(&self, account: AccountId, sheet: &BalanceSheet) -> Result<(), BalanceCacheError> {
        let offered = Kept { sheet: *sheet, at: self.clock.now() };
        self.balances
            .entry(account)
            .and_compute_with(async |current| match current {
                Some(current) if current.value().sheet.version > offered.sheet.version => Op::Nop,
                _ => Op::Put(offered),
            })
            .await;
        Ok(())
    }

    async fn forget(&self, account: AccountId) -> Result<(), BalanceCacheError> {
        self.balances.invalidate(&account).await;
        Ok(())
    }
}

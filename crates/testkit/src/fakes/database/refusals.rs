//! Refusals by the safety policy, and the pauses that they lead to.

use std::collections::btree_map::Entry;
use std::time::Duration;

use account::{REFUSAL_MEMORY, RefusalRecord, Refusals, pause_after};
use async_trait::async_trait;
use kernel::{AccountId, StoreError, Timestamp};

use super::MemoryDatabase;
use super::tables::Tables;

#[async_trait]
impl Refusals for MemoryDatabase {
    async fn record(&self, account: AccountId, key: &str) -> Result<RefusalRecord, StoreError> {
        self.write("refusals.record", |tables, now| {
            if let Entry::Vacant(new) = tables.refusals.entry((account, key.to_owned())) {
                new.insert(now);
                let pause = pause_after(count(tables, account, now));
                if pause > Duration::ZERO {
                    let until = tables.refusal_pauses.entry(account).or_insert(now);
                    *until = (now + pause).max(*until);
                }
            }
            Ok(standing(tables, account, now))
        })
        .await
    }

    async fn standing(&self, account: AccountId) -> Result<RefusalRecord, StoreError> {
        self.read("refusals.standing", |tables, now| Ok(standing(tables, account, now))).await
    }
}

fn standing(tables: &Tables, account: AccountId, now: Timestamp) -> RefusalRecord {
    RefusalRecord {
        count: count(tables, account, now),
        paused_until: tables.refusal_pauses.get(&account).copied().filter(|until| *until > now),
    }
}

fn count(tables: &Tables, account: AccountId, now: Timestamp) -> u32 {
    let since = now.before(REFUSAL_MEMORY);
    let remembered = tables.refusals.iter().filter(|((owner, _), at)| *owner == account && **at > since);
    u32::try_from(remembered.count()).expect("memory holds them")
}

//! That the caches do keep something, and for how long.

use std::sync::Arc;
use std::time::Duration;

use account::{Account, ImageDefaults, ProfileCache, Standing, TelegramUserId, WelcomeGrant, ZoneName};
use balance::{BalanceCache, BalanceSheet};
use embedded_adapter::{LocalBalanceCache, LocalProfileCache};
use kernel::{AccountId, Language, Timestamp};
use testkit::suites::Elapse;
use uuid::Uuid;

use crate::manual_clock::ManualClock;

const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));
const JUST_LESS: Duration = Duration::from_millis(2_999);

fn sheet(version: u64) -> BalanceSheet {
    BalanceSheet { version, ..BalanceSheet::default() }
}

#[tokio::test]
async fn a_balance_is_kept_for_three_seconds_after_it_was_last_offered() {
    let clock = Arc::new(ManualClock::default());
    let cache = LocalBalanceCache::new(clock.clone());
    cache.offer(ACCOUNT, &sheet(1)).await.unwrap();
    clock.elapse(JUST_LESS).await;
    assert_eq!(cache.get(ACCOUNT).await.unwrap(), Some(sheet(1)));
    cache.offer(ACCOUNT, &sheet(1)).await.unwrap();
    clock.elapse(JUST_LESS).await;
    assert_eq!(cache.get(ACCOUNT).await.unwrap(), Some(sheet(1)));
    clock.elapse(Duration::from_millis(1)).await;
    assert_eq!(cache.get(ACCOUNT).await.unwrap(), None);
}

#[tokio::test]
async fn an_account_is_kept_for_three_seconds() {
    let clock = Arc::new(ManualClock::default());
    let cache = LocalProfileCache::new(clock.clone());
    let person = TelegramUserId::new(5);
    let account = Account {
        id: ACCOUNT,
        language: Language::Russian,
        zone: ZoneName::utc(),
        standing: Standing::Active,
        accepted_terms: None,
        welcome: WelcomeGrant::Due,
        defaults: ImageDefaults::default(),
        created_at: Timestamp::EPOCH,
    };
    cache.put(person, &account).await.unwrap();
    clock.elapse(JUST_LESS).await;
    assert_eq!(cache.get(person).await.unwrap(), Some(account));
    clock.elapse(Duration::from_millis(1)).await;
    assert_eq!(cache.get(person).await.unwrap(), None);
}

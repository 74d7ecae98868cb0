//! What every [`BalanceCache`] must do.

use std::sync::Arc;

use balance::{BalanceCache, BalanceSheet, Split};
use futures::future::join_all;
use kernel::{AccountId, Credits};
use uuid::Uuid;

const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(41));
const OTHER_ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(42));

/// Runs every test, each on an empty cache of its own.
pub async fn all(factory: impl AsyncFn() -> Arc<dyn BalanceCache>) {
    offer_must_not_replace_a_balance_by_one_of_a_lower_version(&*factory().await).await;
    get_must_give_what_was_offered_with_the_highest_version_or_nothing(&*factory().await).await;
    forget_must_remove_it(&*factory().await).await;
}

/// `offer` MUST NOT replace a balance by one of a lower version.
pub async fn offer_must_not_replace_a_balance_by_one_of_a_lower_version(cache: &dyn BalanceCache) {
    offer(cache, ACCOUNT, sheet(7)).await;
    for lower in [6, 0, 3] {
        offer(cache, ACCOUNT, sheet(lower)).await;
        assert_is(cache, ACCOUNT, sheet(7)).await;
    }
}

/// `get` MUST give what was offered with the highest version, or nothing.
pub async fn get_must_give_what_was_offered_with_the_highest_version_or_nothing(cache: &dyn BalanceCache) {
    assert_eq!(cache.get(ACCOUNT).await.expect("get"), None, "nothing was offered yet");
    offer(cache, OTHER_ACCOUNT, sheet(1)).await;
    // All at once, and in no order: 37 and 100 have no common divisor, so that each version comes once.
    join_all((0..100_u64).map(|step| offer(cache, ACCOUNT, sheet(step * 37 % 100)))).await;
    assert_is(cache, ACCOUNT, sheet(99)).await;
    assert_is(cache, OTHER_ACCOUNT, sheet(1)).await;
}

/// `forget` MUST remove it.
pub async fn forget_must_remove_it(cache: &dyn BalanceCache) {
    offer(cache, ACCOUNT, sheet(5)).await;
    offer(cache, OTHER_ACCOUNT, sheet(6)).await;
    cache.forget(ACCOUNT).await.expect("forget");
    assert_eq!(cache.get(ACCOUNT).await.expect("get"), None);
    assert_is(cache, OTHER_ACCOUNT, sheet(6)).await;
    cache.forget(ACCOUNT).await.expect("forgetting nothing");
    offer(cache, ACCOUNT, sheet(4)).await;
    assert_is(cache, ACCOUNT, sheet(4)).await;
}

async fn offer(cache: &dyn BalanceCache, account: AccountId, sheet: BalanceSheet) {
    cache.offer(account, &sheet).await.expect("offer");
}

/// A cache may always forget; it may never be wrong.
async fn assert_is(cache: &dyn BalanceCache, account: AccountId, expected: BalanceSheet) {
    let kept = cache.get(account).await.expect("get");
    assert!(kept.is_none_or(|sheet| sheet == expected), "{kept:?} is neither nothing nor {expected:?}");
}

/// A balance in which every field tells the version.
fn sheet(version: u64) -> BalanceSheet {
    let amount = |offset: u64| {
        Credits::new(i64::try_from(version + offset).expect("small")).expect("an amount of credits")
    };
    BalanceSheet {
        available: Split { bonus: amount(1_000), paid: amount(2_000) },
        held: Split { bonus: amount(3_000), paid: amount(4_000) },
        version,
    }
}

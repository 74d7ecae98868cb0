//! What every [`ProfileCache`] must do.

use std::sync::Arc;
use std::time::Duration;

use account::{
    Account, ImageDefaults, PROFILE_SETTLES_WITHIN, ProfileCache, Standing, TelegramUserId, TermsVersion,
    WelcomeGrant, ZoneName,
};
use kernel::{AccountId, AspectRatio, ImageCount, Language, Timestamp};
use uuid::Uuid;

use super::Elapse;

/// A cache under test, and the time that passes for it.
pub struct Subject {
    /// The cache, empty.
    pub cache: Arc<dyn ProfileCache>,
    /// Its time.
    pub time: Arc<dyn Elapse>,
}

const PERSON: TelegramUserId = TelegramUserId::new(51);
const OTHER_PERSON: TelegramUserId = TelegramUserId::new(52);

/// Runs every test, each on a cache of its own.
pub async fn all(factory: impl AsyncFn() -> Subject) {
    get_must_give_what_put_kept_for_a_minute_at_most_or_nothing(&factory().await).await;
    forget_must_remove_it(&factory().await).await;
    put_within_the_settling_time_after_forget_must_keep_nothing(&factory().await).await;
}

/// `get` MUST give what `put` kept, for a minute at most, or nothing.
pub async fn get_must_give_what_put_kept_for_a_minute_at_most_or_nothing(subject: &Subject) {
    let cache = &*subject.cache;
    assert_eq!(cache.get(PERSON).await.expect("get"), None, "nothing was kept yet");

    put(cache, PERSON, &account(1, Language::English)).await;
    put(cache, OTHER_PERSON, &account(2, Language::English)).await;
    assert_is(cache, PERSON, &account(1, Language::English)).await;
    assert_is(cache, OTHER_PERSON, &account(2, Language::English)).await;

    subject.time.elapse(Duration::from_mins(1)).await;
    for person in [PERSON, OTHER_PERSON] {
        assert_eq!(cache.get(person).await.expect("get"), None, "a minute has passed");
    }
}

/// `forget` MUST remove it.
pub async fn forget_must_remove_it(subject: &Subject) {
    let cache = &*subject.cache;
    put(cache, PERSON, &account(1, Language::English)).await;
    put(cache, OTHER_PERSON, &account(2, Language::English)).await;
    cache.forget(PERSON).await.expect("forget");
    assert_eq!(cache.get(PERSON).await.expect("get"), None);
    assert_is(cache, OTHER_PERSON, &account(2, Language::English)).await;
    cache.forget(PERSON).await.expect("forgetting nothing");
}

/// `put` within [`PROFILE_SETTLES_WITHIN`] after `forget` MUST keep nothing, so that what was read before a change does
/// not come back after it.
pub async fn put_within_the_settling_time_after_forget_must_keep_nothing(subject: &Subject) {
    let cache = &*subject.cache;
    let (before, after) = (account(1, Language::English), account(1, Language::Russian));
    put(cache, PERSON, &before).await;
    cache.forget(PERSON).await.expect("forget");
    put(cache, PERSON, &before).await;
    assert_eq!(cache.get(PERSON).await.expect("get"), None, "it was read before the change");
    put(cache, OTHER_PERSON, &account(2, Language::English)).await;
    assert_is(cache, OTHER_PERSON, &account(2, Language::English)).await;

    subject.time.elapse(PROFILE_SETTLES_WITHIN).await;
    put(cache, PERSON, &after).await;
    assert_is(cache, PERSON, &after).await;
}

async fn put(cache: &dyn ProfileCache, person: TelegramUserId, account: &Account) {
    cache.put(person, account).await.expect("put");
}

/// A cache may always forget; it may never be wrong.
async fn assert_is(cache: &dyn ProfileCache, person: TelegramUserId, expected: &Account) {
    let kept = cache.get(person).await.expect("get");
    assert!(
        kept.as_ref().is_none_or(|account| account == expected),
        "{kept:?} is neither nothing nor {expected:?}"
    );
}

/// An account in which no field has its default.
fn account(number: u128, language: Language) -> Account {
    Account {
        id: AccountId::new(Uuid::from_u128(number)),
        language,
        zone: ZoneName::usual_for(Language::Russian),
        standing: Standing::Blocked,
        accepted_terms: Some(TermsVersion(3)),
        welcome: WelcomeGrant::GivenBefore,
        defaults: ImageDefaults {
            aspect_ratio: AspectRatio::Wide,
            count: ImageCount::new(4).expect("a count"),
        },
        created_at: Timestamp::from_micros(1_700_000_000_123_456),
    }
}

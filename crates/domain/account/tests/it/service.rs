//! The service over a database in memory.

use std::sync::Arc;

use account::{
    Account, AccountService, Accounts, ProfileCache, ProfileCacheError, ProfileChange, Standing,
    TelegramUserId, TermsVersion, Visitor, WelcomeGrant,
};
use async_trait::async_trait;
use kernel::{AccountId, BoxError, DigestPurpose, Language, SecretDigests, StoreError};
use testkit::fakes::{FakeDigests, ManualClock, MemoryDatabase, MemoryProfileCache, SeededIds};
use testkit::weather::{Fate, Weather};
use uuid::Uuid;

const PERSON: TelegramUserId = TelegramUserId::new(77);
const NOBODY: AccountId = AccountId::new(Uuid::from_u128(404));

struct Studio {
    clock: ManualClock,
    database: MemoryDatabase,
    service: AccountService,
}

impl Studio {
    fn new() -> Self {
        let clock = ManualClock::default();
        let cache = Arc::new(MemoryProfileCache::new(Arc::new(clock.clone())));
        Self::with_cache(clock, cache)
    }

    fn with_cache(clock: ManualClock, cache: Arc<dyn ProfileCache>) -> Self {
        let database = MemoryDatabase::new(Arc::new(clock.clone()), Arc::new(SeededIds::new(1)));
        let accounts: Arc<dyn Accounts> = Arc::new(database.clone());
        let ids = Arc::new(SeededIds::new(2));
        let service = AccountService::new(accounts, cache, ids, Arc::new(FakeDigests::default()));
        Self { clock, database, service }
    }

    async fn welcome(&self, language_tag: Option<&str>) -> Account {
        let visitor = Visitor { telegram_user: PERSON, language_tag: language_tag.map(str::to_owned) };
        self.service.welcome(&visitor).await.expect("an account")
    }
}

/// A cache whose server is away.
struct BrokenCache;

fn away() -> ProfileCacheError {
    ProfileCacheError(BoxError::from("away"))
}

#[async_trait]
impl ProfileCache for BrokenCache {
    async fn get(&self, _: TelegramUserId) -> Result<Option<Account>, ProfileCacheError> {
        Err(away())
    }

    async fn put(&self, _: TelegramUserId, _: &Account) -> Result<(), ProfileCacheError> {
        Err(away())
    }

    async fn forget(&self, _: TelegramUserId) -> Result<(), ProfileCacheError> {
        Err(away())
    }
}

/// A database that is away.
struct Outage;

impl Weather for Outage {
    fn fate(&self, _: &'static str) -> Fate {
        Fate::FailsBefore
    }

    fn die(&self) {}
}

#[tokio::test]
async fn a_first_visit_makes_an_account_in_the_language_of_the_messenger() {
    for (tag, language, zone) in [
        (Some("ru-RU"), Language::Russian, "Europe/Moscow"),
        (Some("de"), Language::English, "UTC"),
        (None, Language::English, "UTC"),
    ] {
        let studio = Studio::new();
        assert_eq!(studio.service.find(PERSON).await.unwrap(), None);
        let account = studio.welcome(tag).await;
        assert_eq!((account.language, account.zone.as_str()), (language, zone), "{tag:?}");
        assert_eq!((account.standing, account.welcome), (Standing::Active, WelcomeGrant::Due));
        assert!(!account.has_accepted_terms());
        assert_eq!(studio.service.find(PERSON).await.unwrap().as_ref(), Some(&account));
        assert_eq!(studio.service.get(account.id).await.unwrap().as_ref(), Some(&account));
    }
}

#[tokio::test]
async fn a_later_visit_finds_the_same_account() {
    let studio = Studio::new();
    let first = studio.welcome(Some("ru")).await;
    assert_eq!(studio.welcome(Some("en")).await, first, "from the cache");
    studio.clock.advance(std::time::Duration::from_mins(2));
    assert_eq!(studio.welcome(Some("en")).await, first, "from the database: the person's own choice stands");
}

#[tokio::test]
async fn terms_that_another_process_saw_accepted_are_accepted_here_at_once() {
    let studio = Studio::new();
    let account = studio.welcome(None).await;
    let accepted = ProfileChange::AcceptedTerms(TermsVersion::CURRENT);
    // The other process knows nothing of this one's cache.
    studio.database.change(account.id, &accepted).await.unwrap();
    assert!(studio.welcome(None).await.has_accepted_terms());
    let blocked = ProfileChange::Standing(Standing::Blocked);
    studio.database.change(account.id, &blocked).await.unwrap();
    assert_eq!(studio.welcome(None).await.standing, Standing::Active, "from the cache");
}

#[tokio::test]
async fn whoever_was_erased_and_comes_back_is_recognised_by_the_digest() {
    let studio = Studio::new();
    let digest = FakeDigests::default().digest(DigestPurpose::Identity, b"77");
    let earlier = account::NewAccount {
        id: AccountId::new(Uuid::from_u128(1)),
        telegram_user: TelegramUserId::new(1),
        identity_digest: digest,
        language: Language::English,
        zone: account::ZoneName::utc(),
    };
    studio.database.register(&earlier).await.unwrap();
    assert_eq!(studio.welcome(None).await.welcome, WelcomeGrant::GivenBefore);
}

#[tokio::test]
async fn a_change_is_seen_at_the_next_visit() {
    let studio = Studio::new();
    let account = studio.welcome(None).await;
    let accepted = ProfileChange::AcceptedTerms(TermsVersion::CURRENT);
    for change in
        [ProfileChange::Language(Language::Russian), accepted, ProfileChange::Standing(Standing::Blocked)]
    {
        let changed = studio.service.change(account.id, &change).await.unwrap();
        assert_eq!(changed, Some(studio.welcome(None).await), "{change:?}");
    }
    let account = studio.welcome(None).await;
    assert_eq!((account.language, account.standing), (Language::Russian, Standing::Blocked));
    assert!(account.has_accepted_terms());
}

#[tokio::test]
async fn a_change_of_nobody_is_nothing() {
    let studio = Studio::new();
    let change = ProfileChange::Language(Language::Russian);
    assert_eq!(studio.service.change(NOBODY, &change).await.unwrap(), None);
    assert_eq!(studio.service.get(NOBODY).await.unwrap(), None);
}

/// Accounts of which one is erased between two calls: its person is still known, the account is gone.
struct HalfErased(MemoryDatabase);

#[async_trait]
impl Accounts for HalfErased {
    async fn find(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, StoreError> {
        self.0.find(telegram_user).await
    }

    async fn get(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        Accounts::get(&self.0, account).await
    }

    async fn telegram_user(&self, account: AccountId) -> Result<Option<TelegramUserId>, StoreError> {
        self.0.telegram_user(account).await
    }

    async fn register(&self, new: &account::NewAccount) -> Result<account::Registration, StoreError> {
        self.0.register(new).await
    }

    async fn change(&self, _: AccountId, _: &ProfileChange) -> Result<Option<Account>, StoreError> {
        Ok(None)
    }
}

#[tokio::test]
async fn what_is_kept_of_an_erased_account_is_forgotten() {
    for cache_works in [true, false] {
        let clock = ManualClock::default();
        let cache: Arc<dyn ProfileCache> = if cache_works {
            Arc::new(MemoryProfileCache::new(Arc::new(clock.clone())))
        } else {
            Arc::new(BrokenCache)
        };
        let database = MemoryDatabase::new(Arc::new(clock), Arc::new(SeededIds::new(1)));
        let service = AccountService::new(
            Arc::new(HalfErased(database)),
            Arc::clone(&cache),
            Arc::new(SeededIds::new(2)),
            Arc::new(FakeDigests::default()),
        );
        let visitor = Visitor { telegram_user: PERSON, language_tag: None };
        let account = service.welcome(&visitor).await.unwrap();
        let change = ProfileChange::Standing(Standing::Blocked);
        assert_eq!(service.change(account.id, &change).await.unwrap(), None);
        if cache_works {
            assert_eq!(cache.get(PERSON).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn everything_is_right_without_a_cache() {
    let studio = Studio::with_cache(ManualClock::default(), Arc::new(BrokenCache));
    let account = studio.welcome(Some("ru")).await;
    let change = ProfileChange::Language(Language::English);
    studio.service.change(account.id, &change).await.unwrap().expect("the account");
    assert_eq!(studio.welcome(Some("ru")).await, Account { language: Language::English, ..account });
}

#[tokio::test]
async fn an_outage_of_the_database_is_told() {
    let studio = Studio::new();
    let clock = Arc::new(studio.clock.clone());
    let database = studio.database.reopened(clock.clone(), Arc::new(SeededIds::new(3)), Arc::new(Outage));
    let service = AccountService::new(
        Arc::new(database),
        Arc::new(MemoryProfileCache::new(clock)),
        Arc::new(SeededIds::new(4)),
        Arc::new(FakeDigests::default()),
    );
    let visitor = Visitor { telegram_user: PERSON, language_tag: None };
    let outcome = service.welcome(&visitor).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    assert_eq!(studio.service.find(PERSON).await.unwrap(), None);
}

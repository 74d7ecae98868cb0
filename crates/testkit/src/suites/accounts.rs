//! What every [`Accounts`](account::Accounts) must do.

use account::{
    Account, ImageDefaults, NewAccount, ProfileChange, Registration, Standing, TelegramUserId, TermsVersion,
    WelcomeGrant, ZoneName,
};
use futures::future::join_all;
use kernel::{AccountId, AspectRatio, ImageCount, Language};
use uuid::Uuid;

use super::DatabaseSubject;
use super::samples::database_now;

database_suite! { $ accounts as accounts_tests:
    register_must_make_the_person_known_with_the_usual_profile,
    concurrent_registrations_of_one_person_must_give_one_account,
    the_welcome_grant_must_be_due_for_the_first_account_of_a_digest_and_given_before_for_any_later_one,
    change_must_change_that_one_thing,
    change_must_answer_none_for_an_account_that_does_not_exist,
    accepting_lower_terms_than_were_accepted_must_change_nothing,
}

/// `register` makes the person known, to be found by every id, with the usual profile.
pub async fn register_must_make_the_person_known_with_the_usual_profile(subject: &DatabaseSubject) {
    let new = newcomer(1);
    assert_eq!(subject.accounts.find(new.telegram_user).await.expect("find"), None);
    assert_eq!(subject.accounts.get(new.id).await.expect("get"), None);
    assert_eq!(subject.accounts.telegram_user(new.id).await.expect("telegram user"), None);

    let before = database_now(subject).await;
    let account = register(subject, &new).await;
    let after = database_now(subject).await;
    assert!(before <= account.created_at && account.created_at <= after, "{account:?}");
    let expected = Account {
        id: new.id,
        language: Language::Russian,
        zone: new.zone.clone(),
        standing: Standing::Active,
        accepted_terms: None,
        welcome: WelcomeGrant::Due,
        defaults: ImageDefaults::default(),
        created_at: account.created_at,
    };
    assert_eq!(account, expected);
    assert_eq!(subject.accounts.find(new.telegram_user).await.expect("find"), Some(expected.clone()));
    assert_eq!(subject.accounts.get(new.id).await.expect("get"), Some(expected.clone()));
    assert_eq!(subject.accounts.telegram_user(new.id).await.expect("telegram user"), Some(new.telegram_user));

    let again = NewAccount { id: account_id(99), language: Language::English, ..new };
    assert_eq!(
        subject.accounts.register(&again).await.expect("register"),
        Registration::Known(expected),
        "nothing was changed"
    );
    assert_eq!(subject.accounts.get(account_id(99)).await.expect("get"), None);
}

/// Concurrent registrations of one person MUST give one account.
pub async fn concurrent_registrations_of_one_person_must_give_one_account(subject: &DatabaseSubject) {
    let attempts: Vec<NewAccount> =
        (0..8).map(|number| NewAccount { id: account_id(100 + number), ..newcomer(1) }).collect();
    let outcomes = join_all(attempts.iter().map(|new| subject.accounts.register(new))).await;
    let outcomes: Vec<Registration> =
        outcomes.into_iter().map(|outcome| outcome.expect("register")).collect();
    let new = outcomes.iter().filter(|outcome| matches!(outcome, Registration::New(_))).count();
    assert_eq!(new, 1, "{outcomes:?}");
    let accounts: Vec<Account> = outcomes.into_iter().map(Registration::into_account).collect();
    assert!(accounts.iter().all(|account| *account == accounts[0]), "{accounts:?}");
    for attempt in &attempts {
        let found = subject.accounts.get(attempt.id).await.expect("get");
        assert_eq!(found.is_some(), attempt.id == accounts[0].id, "{found:?}");
    }
}

/// The welcome grant MUST be `Due` for a digest that was never seen, and for the account that it was first seen with;
/// `GivenBefore` for any later account.
pub async fn the_welcome_grant_must_be_due_for_the_first_account_of_a_digest_and_given_before_for_any_later_one(
    subject: &DatabaseSubject,
) {
    let first = newcomer(1);
    assert_eq!(register(subject, &first).await.welcome, WelcomeGrant::Due);
    let known = subject.accounts.register(&first).await.expect("register").into_account();
    assert_eq!(known.welcome, WelcomeGrant::Due, "the account that it was first seen with");
    // Whoever comes back after an erasure is new, but for the digest.
    for number in 2..=3 {
        let later = NewAccount { identity_digest: first.identity_digest.clone(), ..newcomer(number) };
        assert_eq!(register(subject, &later).await.welcome, WelcomeGrant::GivenBefore);
    }
    assert_eq!(register(subject, &newcomer(4)).await.welcome, WelcomeGrant::Due);
}

/// `change` MUST change that one thing.
pub async fn change_must_change_that_one_thing(subject: &DatabaseSubject) {
    let new = newcomer(1);
    let mut expected = register(subject, &new).await;
    let bystander = register(subject, &newcomer(2)).await;
    let zone: ZoneName = "America/Argentina/Buenos_Aires".parse().expect("a zone");
    let count = ImageCount::new(3).expect("a count");
    let changes: [(ProfileChange, Effect); 7] = [
        (ProfileChange::Language(Language::English), |account| account.language = Language::English),
        (ProfileChange::Zone(zone), |account| {
            account.zone = "America/Argentina/Buenos_Aires".parse().expect("a zone");
        }),
        (ProfileChange::AspectRatio(AspectRatio::Tall), |account| {
            account.defaults.aspect_ratio = AspectRatio::Tall;
        }),
        (ProfileChange::Count(count), |account| {
            account.defaults.count = ImageCount::new(3).expect("a count");
        }),
        (ProfileChange::AcceptedTerms(TermsVersion(2)), |account| {
            account.accepted_terms = Some(TermsVersion(2));
        }),
        (ProfileChange::Standing(Standing::Blocked), |account| account.standing = Standing::Blocked),
        (ProfileChange::Standing(Standing::Active), |account| account.standing = Standing::Active),
    ];
    for (change, effect) in changes {
        effect(&mut expected);
        // Twice is once.
        for _ in 0..2 {
            let answer = subject.accounts.change(new.id, &change).await.expect("change");
            assert_eq!(answer.as_ref(), Some(&expected), "{change:?}");
        }
        assert_eq!(subject.accounts.get(new.id).await.expect("get").as_ref(), Some(&expected));
    }
    assert_eq!(subject.accounts.get(bystander.id).await.expect("get"), Some(bystander));
}

/// `change` MUST answer `None` for an account that does not exist.
pub async fn change_must_answer_none_for_an_account_that_does_not_exist(subject: &DatabaseSubject) {
    register(subject, &newcomer(1)).await;
    for change in [
        ProfileChange::Language(Language::English),
        ProfileChange::AcceptedTerms(TermsVersion(1)),
        ProfileChange::Standing(Standing::Blocked),
    ] {
        let changed = subject.accounts.change(account_id(2), &change).await.expect("change");
        assert_eq!(changed, None, "{change:?}");
    }
}

/// Accepting lower terms than were accepted MUST change nothing.
pub async fn accepting_lower_terms_than_were_accepted_must_change_nothing(subject: &DatabaseSubject) {
    let new = newcomer(1);
    register(subject, &new).await;
    for (version, expected) in [(2, 2), (1, 2), (2, 2), (5, 5), (4, 5)] {
        let change = ProfileChange::AcceptedTerms(TermsVersion(version));
        let changed = subject.accounts.change(new.id, &change).await.expect("change").expect("the account");
        assert_eq!(changed.accepted_terms, Some(TermsVersion(expected)), "after accepting {version}");
        let kept = subject.accounts.get(new.id).await.expect("get");
        assert_eq!(kept, Some(changed));
    }
}

/// What a change does to an account.
type Effect = fn(&mut Account);

async fn register(subject: &DatabaseSubject, new: &NewAccount) -> Account {
    match subject.accounts.register(new).await.expect("register") {
        Registration::New(account) => account,
        Registration::Known(account) => panic!("{account:?} was known"),
    }
}

fn newcomer(number: i64) -> NewAccount {
    NewAccount {
        id: account_id(u128::try_from(number).expect("a small number")),
        telegram_user: TelegramUserId::new(0x000f_ffff_ffff_f000 + number),
        identity_digest: format!("{number:064x}"),
        language: Language::Russian,
        zone: ZoneName::usual_for(Language::Russian),
    }
}

fn account_id(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(0xAC_0000 + number))
}

//! What is stored of people, and under which words.

use account::{
    Account, ImageDefaults, Standing, TelegramUserId, TermsVersion, UnknownStanding, WelcomeGrant, ZoneName,
};
use kernel::{AccountId, AspectRatio, ChatId, ImageCount, Language, Timestamp};
use uuid::Uuid;

#[test]
fn standings_are_read_back() {
    for standing in [Standing::Active, Standing::Blocked] {
        assert_eq!(standing.as_str().parse(), Ok(standing));
    }
    assert_eq!("lying".parse::<Standing>(), Err(UnknownStanding("lying".to_owned())));
}

#[test]
fn a_person_has_one_private_conversation() {
    let person = TelegramUserId::new(123_456_789);
    assert_eq!(person.private_chat(), ChatId::new(123_456_789));
    assert_eq!(person.get(), 123_456_789);
    assert_eq!(person.to_string(), "123456789");
}

#[test]
fn an_account_survives_a_cache_that_keeps_text() {
    let account = Account {
        id: AccountId::new(Uuid::from_u128(1)),
        language: Language::Russian,
        zone: "Asia/Yekaterinburg".parse().unwrap(),
        standing: Standing::Blocked,
        accepted_terms: Some(TermsVersion::CURRENT),
        welcome: WelcomeGrant::GivenBefore,
        defaults: ImageDefaults { aspect_ratio: AspectRatio::Tall, count: ImageCount::new(4).unwrap() },
        created_at: Timestamp::from_seconds(1_800_000_000),
    };
    let text = serde_json::to_string(&account).unwrap();
    assert_eq!(serde_json::from_str::<Account>(&text).unwrap(), account);
    let damaged = text.replace("Asia/Yekaterinburg", "no zone");
    assert!(serde_json::from_str::<Account>(&damaged).is_err(), "{damaged}");
}

#[test]
fn lower_terms_than_those_in_force_are_not_enough() {
    let account = |accepted_terms| Account {
        id: AccountId::new(Uuid::from_u128(1)),
        language: Language::English,
        zone: ZoneName::utc(),
        standing: Standing::default(),
        accepted_terms,
        welcome: WelcomeGrant::Due,
        defaults: ImageDefaults::default(),
        created_at: Timestamp::EPOCH,
    };
    for (accepted, is_enough) in [
        (None, false),
        (Some(TermsVersion(TermsVersion::CURRENT.0 - 1)), false),
        (Some(TermsVersion::CURRENT), true),
        (Some(TermsVersion(TermsVersion::CURRENT.0 + 1)), true),
    ] {
        assert_eq!(account(accepted).has_accepted_terms(), is_enough, "{accepted:?}");
    }
}

//! What every [`Invites`](account::Invites) and [`SweepMarks`](kernel::SweepMarks) must do.

use std::num::NonZeroU32;
use std::time::Duration;

use account::{Admission, InviteCode, NewAccount, NewInvite, TelegramUserId, ZoneName};
use futures::future::join_all;
use kernel::{AccountId, Language};
use uuid::Uuid;

use super::DatabaseSubject;

database_suite! { $ invites as invites_tests:
    create_of_a_code_that_is_there_must_answer_false_and_change_nothing,
    redeem_must_admit_no_more_people_than_there_are_places,
    redeem_must_admit_nobody_after_the_end,
    redeem_by_somebody_who_was_admitted_must_use_up_no_place,
    revoke_must_answer_whether_there_was_such_a_code_and_put_nobody_out,
    mark_must_give_what_was_kept_last,
}

/// `create` of a code that is there MUST answer `false` and change nothing; `list` MUST give the newest first.
pub async fn create_of_a_code_that_is_there_must_answer_false_and_change_nothing(subject: &DatabaseSubject) {
    assert!(subject.invites.create(&invite("first", 2)).await.expect("create"));
    subject.time.elapse(Duration::from_secs(1)).await;
    assert!(subject.invites.create(&invite("second", 1)).await.expect("create"));
    assert!(!subject.invites.create(&invite("first", 9)).await.expect("create"));
    let listed = subject.invites.list().await.expect("list");
    let shown: Vec<_> = listed.iter().map(|made| (made.code.as_str(), made.places, made.used)).collect();
    assert_eq!(shown, [("second", 1, 0), ("first", 2, 0)]);
    assert_eq!((listed[0].note.as_str(), listed[0].expires_at), ("for friends", None));
}

/// `redeem` MUST admit no more people by a code than it has places, also when many come at once.
pub async fn redeem_must_admit_no_more_people_than_there_are_places(subject: &DatabaseSubject) {
    subject.invites.create(&invite("first", 3)).await.expect("create");
    let mut people = Vec::new();
    for number in 1..=8 {
        people.push(person(subject, number).await);
    }
    assert!(subject.invites.is_valid(&code("first")).await.expect("is_valid"));
    let outcomes = join_all(people.iter().map(|person| redeem(subject, *person, "first"))).await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Admission::Admitted).count(), 3, "{outcomes:?}");
    for (person, outcome) in people.iter().zip(outcomes) {
        let is_in = subject.invites.is_admitted(*person).await.expect("is_admitted");
        assert_eq!(is_in, outcome == Admission::Admitted);
    }
    assert!(!subject.invites.is_valid(&code("first")).await.expect("is_valid"));
    assert_eq!(subject.invites.list().await.expect("list")[0].used, 3);
}

/// `redeem` MUST admit nobody after the code's end, by the database's clock, and nobody by a code that is none.
pub async fn redeem_must_admit_nobody_after_the_end(subject: &DatabaseSubject) {
    let short = NewInvite { lifetime: Some(Duration::from_mins(10)), ..invite("short", 5) };
    subject.invites.create(&short).await.expect("create");
    let (one, other) = (person(subject, 1).await, person(subject, 2).await);
    assert_eq!(redeem(subject, one, "short").await, Admission::Admitted);
    assert_eq!(redeem(subject, other, "none-such").await, Admission::Void);
    subject.time.elapse(Duration::from_mins(11)).await;
    assert!(!subject.invites.is_valid(&code("short")).await.expect("is_valid"));
    assert_eq!(redeem(subject, other, "short").await, Admission::Void);
    assert!(!subject.invites.is_admitted(other).await.expect("is_admitted"));
}

/// `redeem` by somebody who was admitted MUST answer `Admitted` and use up no place.
pub async fn redeem_by_somebody_who_was_admitted_must_use_up_no_place(subject: &DatabaseSubject) {
    subject.invites.create(&invite("first", 2)).await.expect("create");
    let one = person(subject, 1).await;
    for again in ["first", "first", "none-such"] {
        assert_eq!(redeem(subject, one, again).await, Admission::Admitted);
    }
    assert_eq!(subject.invites.list().await.expect("list")[0].used, 1);
}

/// `revoke` MUST answer whether there was such a code; those who came in by it MUST stay admitted.
pub async fn revoke_must_answer_whether_there_was_such_a_code_and_put_nobody_out(subject: &DatabaseSubject) {
    subject.invites.create(&invite("first", 2)).await.expect("create");
    let (one, other) = (person(subject, 1).await, person(subject, 2).await);
    redeem(subject, one, "first").await;
    assert!(subject.invites.revoke(&code("first")).await.expect("revoke"));
    assert!(!subject.invites.revoke(&code("first")).await.expect("revoke"));
    assert!(subject.invites.list().await.expect("list").is_empty());
    assert!(subject.invites.is_admitted(one).await.expect("is_admitted"));
    assert_eq!(redeem(subject, other, "first").await, Admission::Void);
}

/// `mark` MUST give what `keep_mark` kept last for that sweep, and nothing before.
pub async fn mark_must_give_what_was_kept_last(subject: &DatabaseSubject) {
    let mark = async |sweep: &str| subject.sweep_marks.mark(sweep).await.expect("mark");
    let keep = async |kept: Option<&str>| {
        subject.sweep_marks.keep_mark("orphans", kept).await.expect("keep_mark");
    };
    assert_eq!(mark("orphans").await, None);
    keep(Some("images/1")).await;
    keep(Some("images/2")).await;
    assert_eq!(mark("orphans").await.as_deref(), Some("images/2"));
    assert_eq!(mark("others").await, None);
    keep(None).await;
    assert_eq!(mark("orphans").await, None);
}

async fn person(subject: &DatabaseSubject, number: u128) -> AccountId {
    let new = NewAccount {
        id: AccountId::new(Uuid::from_u128(number)),
        telegram_user: TelegramUserId::new(i64::try_from(number).expect("an id")),
        language: Language::English,
        zone: ZoneName::utc(),
        identity_digest: format!("digest {number}"),
    };
    subject.accounts.register(&new).await.expect("register");
    new.id
}

async fn redeem(subject: &DatabaseSubject, account: AccountId, with: &str) -> Admission {
    subject.invites.redeem(account, &code(with)).await.expect("redeem")
}

fn invite(with: &str, places: u32) -> NewInvite {
    let places = NonZeroU32::new(places).expect("places");
    NewInvite { code: code(with), places, lifetime: None, note: "for friends".to_owned() }
}

fn code(text: &str) -> InviteCode {
    text.parse().expect("a code")
}

//! What every [`PrivacyRequests`](account::PrivacyRequests) and [`PrivacyWriter`](account::PrivacyWriter) must do with
//! erasures and with what is known of a person as such.

use account::{
    Erasure, ErasureState, ExportRequest, NewAccount, Registration, TelegramUserId, WelcomeGrant, ZoneName,
};
use futures::future::join_all;
use kernel::{
    AccountId, ChatId, DataKind, ExportId, InboundUpdate, Language, LeaseName, StoreError, Timestamp,
    UpdateId,
};
use uuid::Uuid;

use super::DatabaseSubject;
use super::exports::{export, insert_new, request};
use super::samples::{ACCOUNT, LONG, OTHER_ACCOUNT, database_now, job, try_claim};

database_suite! { $ privacy as privacy_tests:
    begin_erasure_must_keep_one_erasure_per_account,
    update_erasure_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one,
    update_erasure_must_store_everything_and_the_version_plus_one,
    messages_must_count_the_received_messages_of_the_accounts_conversation,
    forget_person_must_remove_identity_profile_refusals_exports_and_received_messages,
    forget_person_must_keep_the_digest_that_remembers_the_welcome_credits_and_cut_it_from_the_account,
    forget_person_must_be_repeatable_and_leave_the_erasure,
    nothing_must_be_visible_before_the_unit_commits_and_all_of_it_afterwards,
    after_a_store_error_nothing_of_a_unit_on_privacy_must_be_committed,
}

/// `begin_erasure` MUST keep one erasure per account: a second one MUST change nothing and answer the first.
pub async fn begin_erasure_must_keep_one_erasure_per_account(subject: &DatabaseSubject) {
    assert_eq!(subject.privacy.erasure(ACCOUNT).await.expect("erasure"), None);
    let before = database_now(subject).await;
    let first = begin(subject, &erasure(ACCOUNT)).await;
    let after = database_now(subject).await;
    assert!(before <= first.requested_at && first.requested_at <= after, "{first:?}");
    let expected = Erasure { requested_at: first.requested_at, version: 1, ..erasure(ACCOUNT) };
    assert_eq!(first, expected);
    let other = Erasure { chat: None, inventory: [].into(), language: Language::English, ..erasure(ACCOUNT) };
    let outcomes = join_all((0..8).map(|_| begin(subject, &other))).await;
    assert!(outcomes.iter().all(|outcome| *outcome == first), "{outcomes:?}");
    assert_eq!(subject.privacy.erasure(ACCOUNT).await.expect("erasure"), Some(first));
    assert_eq!(subject.privacy.erasure(OTHER_ACCOUNT).await.expect("erasure"), None);
    begin(subject, &erasure(OTHER_ACCOUNT)).await;
}

/// `update_erasure` MUST fail with `Conflict` when the stored version is not the given one.
pub async fn update_erasure_must_fail_with_conflict_when_the_stored_version_is_not_the_given_one(
    subject: &DatabaseSubject,
) {
    let first = begin(subject, &erasure(ACCOUNT)).await;
    let second = update_erasure(subject, &first).await;
    let unknown = Erasure { account: OTHER_ACCOUNT, ..second.clone() };
    for stale in [&first, &unknown] {
        let mut unit = subject.privacy.begin().await.expect("begin");
        let outcome = unit.privacy().update_erasure(stale).await;
        assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{stale:?}: {outcome:?}");
        drop(unit);
        assert_eq!(subject.privacy.erasure(ACCOUNT).await.expect("erasure").as_ref(), Some(&second));
    }
}

/// `update_erasure` MUST store everything with version + 1 and answer the erasure with it.
pub async fn update_erasure_must_store_everything_and_the_version_plus_one(subject: &DatabaseSubject) {
    let begun = begin(subject, &erasure(ACCOUNT)).await;
    let changed = Erasure { state: ErasureState::Erased, ..begun };
    let erased = update_erasure(subject, &changed).await;
    assert_eq!(erased, Erasure { version: changed.version + 1, ..changed });
    // Where the person was is forgotten.
    let changed = Erasure { state: ErasureState::Done, chat: None, ..erased };
    let done = update_erasure(subject, &changed).await;
    assert_eq!(done, Erasure { version: changed.version + 1, ..changed });
    assert_eq!(subject.privacy.erasure(ACCOUNT).await.expect("erasure"), Some(done));
}

/// `messages` MUST count the received messages of the account's conversation that are not forgotten yet.
pub async fn messages_must_count_the_received_messages_of_the_accounts_conversation(
    subject: &DatabaseSubject,
) {
    let messages = async |account| subject.privacy.messages(account).await.expect("messages");
    let (ann, ben) = (newcomer(1), newcomer(2));
    for new in [&ann, &ben] {
        register(subject, new).await;
        assert_eq!(messages(new.id).await, 0);
    }
    receive(subject, &ann, 1..=3).await;
    receive(subject, &ben, 4..=4).await;
    assert_eq!((messages(ann.id).await, messages(ben.id).await), (3, 1));
    handle_one(subject, &ann).await;
    assert_eq!(messages(ann.id).await, 3, "what was handled is kept for a while");
    subject.time.elapse(LONG).await;
    assert_eq!(subject.inbox.forget_handled(LONG / 2, 100).await.expect("forget"), 1);
    assert_eq!((messages(ann.id).await, messages(ben.id).await), (2, 1));
    assert_eq!(messages(ACCOUNT).await, 0, "an account without a person");
}

/// `forget_person` MUST remove the account's identity, profile, refusals, exports and received messages, and nobody else's.
pub async fn forget_person_must_remove_identity_profile_refusals_exports_and_received_messages(
    subject: &DatabaseSubject,
) {
    let (ann, ben) = (newcomer(1), newcomer(2));
    for (number, new) in [(1, &ann), (2, &ben)] {
        register(subject, new).await;
        insert_new(subject, &request(new.id, number)).await;
        for key in ["one", "two", "three"] {
            subject.refusals.record(new.id, key).await.expect("a refusal");
        }
    }
    receive(subject, &ann, 1..=2).await;
    receive(subject, &ben, 3..=4).await;
    handle_one(subject, &ann).await;
    let left = everything_of(subject, &ben, 2).await;
    assert_ne!(left, Everything::default());
    assert_ne!(everything_of(subject, &ann, 1).await, Everything::default());

    forget(subject, ann.id).await;
    assert_eq!(everything_of(subject, &ann, 1).await, Everything::default());
    assert_eq!(subject.inbox.next(chat(&ann)).await.expect("next"), None, "nothing waits any more");
    assert_eq!(subject.inbox.last_received(chat(&ann)).await.expect("last received"), None);
    assert_eq!(everything_of(subject, &ben, 2).await, left);
    assert_eq!(subject.inbox.waiting_chats(10).await.expect("chats"), [chat(&ben)]);
}

/// `forget_person` MUST keep the digest that remembers the welcome credits, and cut it from the account.
pub async fn forget_person_must_keep_the_digest_that_remembers_the_welcome_credits_and_cut_it_from_the_account(
    subject: &DatabaseSubject,
) {
    let ann = newcomer(1);
    assert_eq!(register(subject, &ann).await, WelcomeGrant::Due);
    forget(subject, ann.id).await;
    let back = NewAccount { id: newcomer(2).id, ..ann.clone() };
    assert_eq!(register(subject, &back).await, WelcomeGrant::GivenBefore);
    forget(subject, back.id).await;
    assert_eq!(register(subject, &ann).await, WelcomeGrant::GivenBefore, "not even as the same account");
    assert_eq!(register(subject, &newcomer(3)).await, WelcomeGrant::Due, "of another person");
}

/// `forget_person` MUST be repeatable; the erasure outlives the person.
pub async fn forget_person_must_be_repeatable_and_leave_the_erasure(subject: &DatabaseSubject) {
    let ann = newcomer(1);
    register(subject, &ann).await;
    receive(subject, &ann, 1..=2).await;
    let begun = begin(subject, &erasure(ann.id)).await;
    for _ in 0..2 {
        forget(subject, ann.id).await;
        assert_eq!(everything_of(subject, &ann, 1).await, Everything::default());
        assert_eq!(subject.privacy.erasure(ann.id).await.expect("erasure").as_ref(), Some(&begun));
    }
    // The same person under a new account is not forgotten with the old one.
    let back = NewAccount { id: newcomer(2).id, ..ann.clone() };
    register(subject, &back).await;
    receive(subject, &back, 3..=3).await;
    forget(subject, ann.id).await;
    assert_eq!(subject.privacy.messages(back.id).await.expect("messages"), 1);
    assert!(subject.accounts.get(back.id).await.expect("get").is_some());
}

/// Nothing of a unit is visible before it commits, and nothing at all after a drop; all of it together afterwards.
pub async fn nothing_must_be_visible_before_the_unit_commits_and_all_of_it_afterwards(
    subject: &DatabaseSubject,
) {
    let ann = newcomer(1);
    register(subject, &ann).await;
    let wanted = request(ACCOUNT, 1);
    for commits in [false, true] {
        let mut unit = subject.privacy.begin().await.expect("begin");
        unit.privacy().insert_export(&wanted).await.expect("insert");
        unit.privacy().begin_erasure(&erasure(ann.id)).await.expect("begin an erasure");
        unit.privacy().forget_person(ann.id).await.expect("forget");
        unit.jobs().schedule(&job(1)).await.expect("schedule");
        assert_eq!(export(subject, ACCOUNT, wanted.id).await, None, "not committed");
        if commits {
            unit.commit().await.expect("commit");
        } else {
            drop(unit);
        }
        assert_eq!(export(subject, ACCOUNT, wanted.id).await.is_some(), commits);
        assert_eq!(subject.privacy.erasure(ann.id).await.expect("erasure").is_some(), commits);
        assert_eq!(subject.accounts.get(ann.id).await.expect("get").is_none(), commits);
        assert_eq!(try_claim(subject, &job(1), LONG).await.is_some(), commits);
    }
}

/// After any `StoreError` every later call of a unit and its commit MUST fail with `Poisoned`.
pub async fn after_a_store_error_nothing_of_a_unit_on_privacy_must_be_committed(subject: &DatabaseSubject) {
    let new = insert_new(subject, &request(ACCOUNT, 1)).await;
    let begun = begin(subject, &erasure(ACCOUNT)).await;
    let mut unit = subject.privacy.begin().await.expect("begin");
    unit.privacy().insert_export(&request(ACCOUNT, 2)).await.expect("insert");
    let stale = ExportRequest { version: 9, ..new.clone() };
    assert!(matches!(unit.privacy().update_export(&stale).await, Err(StoreError::Conflict { .. })));
    for outcome in [
        unit.privacy().update_export(&new).await.err(),
        unit.privacy().insert_export(&request(ACCOUNT, 3)).await.err(),
        unit.privacy().begin_erasure(&begun).await.err(),
        unit.privacy().update_erasure(&begun).await.err(),
        unit.privacy().forget_person(ACCOUNT).await.err(),
        unit.jobs().schedule(&job(1)).await.err(),
    ] {
        assert!(matches!(outcome, Some(StoreError::Poisoned)), "{outcome:?}");
    }
    assert!(matches!(unit.commit().await, Err(StoreError::Poisoned)));
    assert_eq!(export(subject, ACCOUNT, request(ACCOUNT, 2).id).await, None);
}

async fn begin(subject: &DatabaseSubject, erasure: &Erasure) -> Erasure {
    let mut unit = subject.privacy.begin().await.expect("begin");
    let begun = unit.privacy().begin_erasure(erasure).await.expect("begin an erasure");
    unit.commit().await.expect("commit");
    begun
}

async fn update_erasure(subject: &DatabaseSubject, erasure: &Erasure) -> Erasure {
    let mut unit = subject.privacy.begin().await.expect("begin");
    let updated = unit.privacy().update_erasure(erasure).await.expect("update");
    unit.commit().await.expect("commit");
    updated
}

async fn forget(subject: &DatabaseSubject, account: AccountId) {
    let mut unit = subject.privacy.begin().await.expect("begin");
    unit.privacy().forget_person(account).await.expect("forget");
    unit.commit().await.expect("commit");
}

/// What is known of a person as such.
#[derive(Debug, Default, PartialEq)]
struct Everything {
    found: Option<AccountId>,
    profile: Option<AccountId>,
    telegram_user: Option<TelegramUserId>,
    export: Option<ExportId>,
    refusals: u32,
    is_paused: bool,
    messages: u64,
}

async fn everything_of(subject: &DatabaseSubject, new: &NewAccount, number: u128) -> Everything {
    let refusals = subject.refusals.standing(new.id).await.expect("standing");
    Everything {
        found: subject.accounts.find(new.telegram_user).await.expect("find").map(|account| account.id),
        profile: subject.accounts.get(new.id).await.expect("get").map(|account| account.id),
        telegram_user: subject.accounts.telegram_user(new.id).await.expect("telegram user"),
        export: export(subject, new.id, request(new.id, number).id).await.map(|export| export.id),
        refusals: refusals.count,
        is_paused: refusals.paused_until.is_some(),
        messages: subject.privacy.messages(new.id).await.expect("messages"),
    }
}

async fn register(subject: &DatabaseSubject, new: &NewAccount) -> WelcomeGrant {
    match subject.accounts.register(new).await.expect("register") {
        Registration::New(account) => account.welcome,
        Registration::Known(account) => panic!("{account:?} was known"),
    }
}

async fn receive(subject: &DatabaseSubject, from: &NewAccount, updates: std::ops::RangeInclusive<i64>) {
    let updates: Vec<InboundUpdate> = updates
        .map(|number| InboundUpdate {
            chat: chat(from),
            update: UpdateId::new(number),
            body: "{\"message\": {}}".to_owned(),
        })
        .collect();
    let accepted = subject.inbox.accept(&updates).await.expect("accept");
    assert_eq!(accepted, u64::try_from(updates.len()).expect("a few"));
}

async fn handle_one(subject: &DatabaseSubject, from: &NewAccount) {
    let lease = subject.leases.acquire(LeaseName::Chat(chat(from)), LONG).await.expect("acquire");
    let lease = lease.expect("nobody else has it");
    let next = subject.inbox.next(chat(from)).await.expect("next").expect("something waits");
    subject.inbox.mark_handled(&lease, chat(from), next.update).await.expect("mark");
}

fn newcomer(number: i64) -> NewAccount {
    NewAccount {
        id: AccountId::new(Uuid::from_u128(0xAC_0000 + u128::try_from(number).expect("a small number"))),
        telegram_user: TelegramUserId::new(0x000f_ffff_ffff_f000 + number),
        identity_digest: format!("{number:064x}"),
        language: Language::Russian,
        zone: ZoneName::usual_for(Language::Russian),
    }
}

/// A private chat has the number of the person.
fn chat(with: &NewAccount) -> ChatId {
    ChatId::new(with.telegram_user.get())
}

/// An erasure that has just been asked for.
fn erasure(account: AccountId) -> Erasure {
    Erasure {
        account,
        state: ErasureState::Erasing,
        chat: Some(ChatId::new(77)),
        language: Language::Russian,
        inventory: [(DataKind::Images, 12), (DataKind::LedgerEntries, 30)].into_iter().collect(),
        requested_at: Timestamp::EPOCH,
        version: 0,
    }
}

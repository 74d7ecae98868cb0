//! What operators see.

use std::time::Duration;

use account::{Accounts, NewAccount, TelegramUserId, ZoneName};
use avatar::{Avatar, AvatarState};
use balance::{Operation, OperationKey};
use database_adapter::{MainAvatar, Owned, ShownAvatar};
use generation::GenerationUnits;
use kernel::{AccountId, Credits, IdSource, JobKind, JobState, Language, LedgerEntryId, NewJob};

use crate::avatars;
use crate::both::on_both;
use crate::fixture::Fixture;

on_both! {
    the_latest_of_everything_is_shown_with_whose_it_is,
    avatars_are_shown_with_whose_they_are_and_which_is_the_main_one,
}

async fn the_latest_of_everything_is_shown_with_whose_it_is(fixture: Fixture) {
    let known = register(&fixture, 7).await;
    let stranger = fixture.account();
    let mut unit = GenerationUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    for (account, key) in [(known, "first"), (known, "second"), (stranger, "third")] {
        let key: OperationKey = key.parse().expect("a key");
        let entry = LedgerEntryId::new(fixture.ids.uuid());
        let grant = Operation::GrantBonus { amount: Credits::of(4) };
        unit.ledger().record(account, entry, &key, &grant, "a memo").await.expect("a grant");
    }
    let job = NewJob::now(known, JobKind::EraseGalleryItem, fixture.ids.uuid()).after(Duration::from_mins(1));
    unit.jobs().schedule(&job).await.expect("a job");
    unit.commit().await.expect("a commit");

    let insight = fixture.database.insight(2).await.expect("an insight");
    assert_eq!(insight.balances.len(), 1, "those of accounts");
    assert_eq!(insight.balances[0].account, known);
    assert_eq!(insight.balances[0].telegram_user, Some(TelegramUserId::new(7)));
    assert_eq!(
        (insight.balances[0].sheet.spendable(), insight.balances[0].sheet.version),
        (Credits::of(8), 2)
    );
    let entries: Vec<_> = insight
        .entries
        .iter()
        .map(|entry| (entry.account, entry.telegram_user, entry.item.key.as_str()))
        .collect();
    assert_eq!(
        entries,
        [(stranger, None, "third"), (known, Some(TelegramUserId::new(7)), "second")],
        "the latest first"
    );
    assert_eq!(insight.jobs.len(), 1);
    assert_eq!((insight.jobs[0].item.job, insight.jobs[0].item.state), (job.id(), JobState::Ready));
    assert_eq!(insight.generations, []);
    assert_eq!(insight.avatars, []);
}

async fn avatars_are_shown_with_whose_they_are_and_which_is_the_main_one(fixture: Fixture) {
    let known = register(&fixture, 7).await;
    let database = &fixture.database;
    let main = avatars::keep(database, &avatars::trained(&fixture, known)).await;
    avatars::make_main(database, &main).await;
    let other = avatars::keep(database, &avatars::trained(&fixture, known)).await;
    let deleted = Avatar { state: AvatarState::Deleted, ..avatars::trained(&fixture, known) };
    avatars::keep(database, &deleted).await;

    let insight = database.insight(10).await.expect("an insight");
    let person = Some(TelegramUserId::new(7));
    let shown = |avatar: Avatar, main| Owned {
        account: known,
        telegram_user: person,
        item: ShownAvatar { avatar, main },
    };
    assert_eq!(
        insight.avatars,
        [shown(other, MainAvatar::No), shown(main, MainAvatar::Yes)],
        "the latest first, and no deleted one"
    );
}

async fn register(fixture: &Fixture, number: i64) -> AccountId {
    let account = fixture.account();
    let new = NewAccount {
        id: account,
        telegram_user: TelegramUserId::new(number),
        identity_digest: format!("digest of {number}"),
        language: Language::English,
        zone: ZoneName::utc(),
    };
    fixture.database.register(&new).await.expect("registered");
    account
}

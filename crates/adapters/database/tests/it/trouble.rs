//! What goes wrong, and what the callers hear of it.

use std::sync::Arc;

use account::{Accounts, NewAccount, TelegramUserId, ZoneName};
use balance::{BalanceReader, BalanceUnits, LedgerError, Operation};
use database_adapter::{ConnectError, Database, DatabaseOptions};
use kernel::{AccountId, Credits, IdSource, Language, LedgerEntryId, StoreError};
use sea_orm::Value;

use crate::both::on_both;
use crate::fixture::{Counter, Fixture};

on_both! {
    a_row_that_makes_no_sense_is_named,
    a_table_that_is_missing_is_a_mistake_of_ours,
}

async fn register(fixture: &Fixture) -> AccountId {
    let account = fixture.account();
    let new = NewAccount {
        id: account,
        telegram_user: TelegramUserId::new(1),
        identity_digest: "digest".to_owned(),
        language: Language::Russian,
        zone: ZoneName::utc(),
    };
    fixture.database.register(&new).await.expect("registered");
    account
}

async fn a_row_that_makes_no_sense_is_named(fixture: Fixture) {
    let account = register(&fixture).await;
    let behind = fixture.behind().await;
    for (column, nonsense, sense) in [
        ("language", Value::from("tlh"), Value::from("ru")),
        ("zone", Value::from("no zone"), Value::from("UTC")),
        ("standing", Value::from("lying"), Value::from("active")),
        ("aspect_ratio", Value::from("2:1"), Value::from("1:1")),
        ("accepted_terms", Value::from(-1_i64), Value::from(1_i64)),
    ] {
        let statement = format!("UPDATE accounts SET {column} = $2 WHERE account_id = $1");
        behind.run(&statement, vec![account.uuid().into(), nonsense]).await;
        let outcome = Accounts::get(fixture.database.as_ref(), account).await;
        let Err(StoreError::Inconsistent { table, column: named, id }) = outcome else {
            panic!("{column}: {outcome:?}");
        };
        assert_eq!((table, named, id), ("accounts", column, account.to_string()));
        behind.run(&statement, vec![account.uuid().into(), sense]).await;
    }
    assert!(Accounts::get(fixture.database.as_ref(), account).await.expect("it makes sense again").is_some());
}

async fn a_table_that_is_missing_is_a_mistake_of_ours(fixture: Fixture) {
    fixture.behind().await.run("DROP TABLE balances", vec![]).await;
    let outcome = fixture.database.sheet(fixture.account()).await;
    assert!(matches!(outcome, Err(StoreError::Bug(_))), "{outcome:?}");
}

/// A cut connection may have cost the unit; the next one is on a connection that works.
#[tokio::test]
async fn a_cut_connection_is_unavailable_and_poisons_the_unit() {
    let fixture = Fixture::postgres().await;
    let account = fixture.account();
    let behind = fixture.behind().await;
    let grant = Operation::GrantBonus { amount: Credits::of(5) };
    let key = "grant".parse().expect("a key");
    let units: &dyn BalanceUnits = fixture.database.as_ref();

    let mut unit = units.begin().await.expect("a unit");
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    unit.ledger().record(account, entry, &key, &grant, "").await.expect("a grant");
    let cut = behind
        .texts(
            "SELECT pg_terminate_backend(pid, 10000)::text FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
    assert!(cut.contains(&"true".to_owned()), "{cut:?}");
    let outcome = unit.ledger().record(account, entry, &key, &grant, "").await;
    assert!(matches!(outcome, Err(LedgerError::Store(StoreError::Unavailable(_)))), "{outcome:?}");
    assert!(matches!(unit.commit().await, Err(StoreError::Poisoned)));

    let mut unit = units.begin().await.expect("a connection that works");
    let recorded = unit.ledger().record(account, entry, &key, &grant, "").await.expect("a grant");
    unit.commit().await.expect("a commit");
    assert_eq!(recorded.sheet.version, 1, "nothing was left of the unit before");
}

#[tokio::test]
async fn nobody_at_the_address_is_said_at_the_start() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    drop(listener);
    let outcome = open(&format!("postgres://aisha:secret@{address}/aisha")).await;
    assert!(matches!(outcome, Err(ConnectError::Failed(_))));
    let complaint = format!("{:?}", outcome.err());
    assert!(!complaint.contains("secret"), "{complaint}");
    assert!(matches!(open("postgres://[").await, Err(ConnectError::MalformedUrl)));
    assert!(matches!(open("sqlite::memory:").await, Err(ConnectError::InMemory)));
    assert!(matches!(open("sqlite:///no/such/directory/aisha.db").await, Err(ConnectError::Failed(_))));
}

async fn open(url: &str) -> Result<Database, ConnectError> {
    let ids: Arc<dyn IdSource> = Arc::new(Counter::default());
    Database::connect(url, &DatabaseOptions::default(), ids).await
}

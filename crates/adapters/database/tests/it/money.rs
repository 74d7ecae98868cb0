//! Money under concurrency: whatever comes at once, nothing is spent twice.

use std::time::Duration;

use balance::{BalanceReader, BalanceUnits, LedgerError, Operation, OperationKey, Recorded, Refusal};
use database_adapter::Database;
use futures::future::join_all;
use kernel::{AccountId, Auditor, Credits, HoldId, IdSource, LedgerEntryId};

use crate::both::on_both;
use crate::fixture::Fixture;

on_both! {
    of_64_holds_at_once_exactly_those_with_money_succeed,
    of_many_ends_of_one_hold_exactly_one_succeeds,
    the_same_key_at_once_is_recorded_once,
}

const HOUR: Duration = Duration::from_hours(1);

async fn record(
    fixture: &Fixture,
    account: AccountId,
    key: &str,
    operation: Operation,
) -> Result<Recorded, LedgerError> {
    record_by(&fixture.database, fixture, account, key, operation).await
}

async fn record_by(
    database: &Database,
    fixture: &Fixture,
    account: AccountId,
    key: &str,
    operation: Operation,
) -> Result<Recorded, LedgerError> {
    let units: &dyn BalanceUnits = database;
    let key: OperationKey = key.parse().expect("a key");
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    let mut unit = units.begin().await?;
    let recorded = unit.ledger().record(account, entry, &key, &operation, "test").await?;
    unit.commit().await?;
    Ok(recorded)
}

async fn assert_in_order(fixture: &Fixture) {
    let report = fixture.database.audit().await.expect("an audit");
    // Holds without a generation are all right; everything else must be too.
    assert!(report.is_clean(), "{report}");
}

/// Half of them by another process.
async fn of_64_holds_at_once_exactly_those_with_money_succeed(fixture: Fixture) {
    let account = fixture.account();
    let amount = Credits::of(7);
    record(&fixture, account, "grant", Operation::GrantBonus { amount: Credits::of(70) })
        .await
        .expect("a grant");
    let another = fixture.another().await;
    let holds = (0..64).map(|number| {
        let database = if number % 2 == 0 { &fixture.database } else { &another };
        let hold = HoldId::new(fixture.ids.uuid());
        let operation = Operation::Hold { hold, amount, time_to_live: HOUR };
        let fixture = &fixture;
        async move { record_by(database, fixture, account, &format!("hold:{number}"), operation).await }
    });
    let mut held = 0;
    for outcome in join_all(holds).await {
        match outcome {
            Ok(_) => held += 1,
            Err(LedgerError::Refused(Refusal::Insufficient { .. })) => {}
            Err(error) => panic!("neither held nor refused: {error:?}"),
        }
    }
    assert_eq!(held, 10);
    let sheet = fixture.database.sheet(account).await.expect("a balance");
    assert_eq!((sheet.spendable(), sheet.set_aside()), (Credits::ZERO, Credits::of(70)));
    assert_in_order(&fixture).await;
}

async fn of_many_ends_of_one_hold_exactly_one_succeeds(fixture: Fixture) {
    let account = fixture.account();
    let hold = HoldId::new(fixture.ids.uuid());
    let amount = Credits::of(10);
    record(&fixture, account, "grant", Operation::GrantPaid { amount }).await.expect("a grant");
    record(&fixture, account, "hold", Operation::Hold { hold, amount, time_to_live: HOUR })
        .await
        .expect("a hold");
    let ends = (0..16).map(|number| {
        let operation = if number % 2 == 0 {
            Operation::Capture { hold, amount: Credits::of(4) }
        } else {
            Operation::Release { hold }
        };
        let fixture = &fixture;
        async move { record(fixture, account, &format!("end:{number}"), operation).await }
    });
    let mut ended = 0;
    for outcome in join_all(ends).await {
        match outcome {
            Ok(_) => ended += 1,
            Err(LedgerError::Refused(Refusal::AlreadyCaptured | Refusal::AlreadyReleased)) => {}
            Err(error) => panic!("neither ended nor refused: {error:?}"),
        }
    }
    assert_eq!(ended, 1);
    assert_in_order(&fixture).await;
}

async fn the_same_key_at_once_is_recorded_once(fixture: Fixture) {
    let account = fixture.account();
    let grants = (0..16)
        .map(|_| record(&fixture, account, "purchase:1", Operation::GrantPaid { amount: Credits::of(5) }));
    let outcomes = join_all(grants).await;
    let mut entries: Vec<_> =
        outcomes.into_iter().map(|outcome| outcome.expect("the first outcome").entry.id).collect();
    entries.dedup();
    assert_eq!(entries.len(), 1, "everybody hears of the same entry");
    let sheet = fixture.database.sheet(account).await.expect("a balance");
    assert_eq!((sheet.spendable(), sheet.version), (Credits::of(5), 1));
    assert_in_order(&fixture).await;
}

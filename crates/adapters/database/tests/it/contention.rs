//! What the database gives up in favour of others is done all the same, without anybody hearing of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use balance::{BalanceReader, BalanceUnits, LedgerError, Operation, OperationKey};
use database_adapter::Database;
use kernel::{
    AccountId, Contended, Credits, IdSource, JobKind, Jobs, LedgerEntryId, NewJob, StoreError,
    repeat_contended,
};
use tokio::sync::Barrier;
use uuid::Uuid;

use crate::fixture::Fixture;

/// Long enough for PostgreSQL to see a deadlock, and for what must not happen to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Two units of work that lock two balances in opposite order: one is given up, begins anew, and both are written.
#[tokio::test]
async fn of_two_units_in_each_others_way_both_are_done() {
    let fixture = Fixture::postgres().await;
    let accounts = [fixture.account(), fixture.account()];
    for account in accounts {
        grant(&fixture, account, "opening", 1).await.expect("a grant");
    }
    let meeting = Barrier::new(2);
    let given_up = AtomicU32::new(0);
    let unit = |first: AccountId, second: AccountId, name: &'static str| {
        let (fixture, meeting, given_up) = (&fixture, &meeting, &given_up);
        let tries = AtomicU32::new(0);
        async move {
            repeat_contended(|| {
                let is_first_try = tries.fetch_add(1, Ordering::Relaxed) == 0;
                async move {
                    let written =
                        grant_both(fixture, [first, second], name, is_first_try.then_some(meeting)).await;
                    if written.as_ref().is_err_and(LedgerError::is_contended) {
                        given_up.fetch_add(1, Ordering::Relaxed);
                    }
                    written
                }
            })
            .await
        }
    };
    let both =
        futures::future::join(unit(accounts[0], accounts[1], "one"), unit(accounts[1], accounts[0], "other"));
    let (one, other) = tokio::time::timeout(PATIENCE, both).await.expect("both come to an end");
    one.expect("the one is written");
    other.expect("the other is written");
    assert_eq!(given_up.into_inner(), 1, "there was a deadlock");
    for account in accounts {
        let sheet = fixture.database.sheet(account).await.expect("a balance");
        assert_eq!((sheet.spendable(), sheet.version), (Credits::of(11), 3));
    }
}

/// A single statement that runs into a deadlock is begun again within the adapter.
#[tokio::test]
async fn a_single_statement_that_was_given_up_is_begun_again() {
    let fixture = Fixture::postgres().await;
    let jobs: Vec<NewJob> = (0..2).map(|_| done_job(&fixture)).collect();
    for job in &jobs {
        finish(&fixture.database, job).await;
    }
    let behind = fixture.behind().await;
    // Whoever waits longest for the other is given up; that is to be the adapter.
    behind.run("SET deadlock_timeout = '60s'", vec![]).await;
    behind.run("UPDATE jobs SET changed_at = 1 WHERE id = $1", vec![jobs[0].id().uuid().into()]).await;
    behind.run("UPDATE jobs SET changed_at = 2 WHERE id = $1", vec![jobs[1].id().uuid().into()]).await;
    behind.run("BEGIN", vec![]).await;
    behind.run("SELECT id FROM jobs WHERE id = $1 FOR UPDATE", vec![jobs[1].id().uuid().into()]).await;

    let database = Arc::clone(&fixture.database);
    let forgetting = tokio::spawn(async move { database.forget_done(Duration::ZERO, 10).await });
    waiting_for_a_lock(&fixture).await;
    // The adapter holds the first job and waits for the second; this closes the circle.
    behind.run("UPDATE jobs SET nudged = FALSE WHERE id = $1", vec![jobs[0].id().uuid().into()]).await;
    behind.run("COMMIT", vec![]).await;
    let forgotten = tokio::time::timeout(PATIENCE, forgetting).await.expect("it ends").expect("a task");
    assert_eq!(forgotten.expect("begun again, it succeeds"), 2);
}

async fn grant(fixture: &Fixture, account: AccountId, name: &str, amount: u16) -> Result<(), LedgerError> {
    let mut unit = BalanceUnits::begin(fixture.database.as_ref()).await?;
    let key: OperationKey = name.parse().expect("a key");
    let operation = Operation::GrantBonus { amount: Credits::of(amount) };
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    unit.ledger().record(account, entry, &key, &operation, "").await?;
    Ok(unit.commit().await?)
}

/// Grants to both in one unit; between them it waits until the other unit is as far.
async fn grant_both(
    fixture: &Fixture,
    accounts: [AccountId; 2],
    name: &str,
    meeting: Option<&Barrier>,
) -> Result<(), LedgerError> {
    let mut unit = BalanceUnits::begin(fixture.database.as_ref()).await?;
    let key: OperationKey = name.parse().expect("a key");
    let operation = Operation::GrantBonus { amount: Credits::of(5) };
    for (number, account) in accounts.into_iter().enumerate() {
        let entry = LedgerEntryId::new(fixture.ids.uuid());
        unit.ledger().record(account, entry, &key, &operation, "").await?;
        if number == 0
            && let Some(meeting) = meeting
        {
            meeting.wait().await;
        }
    }
    Ok(unit.commit().await?)
}

fn done_job(fixture: &Fixture) -> NewJob {
    NewJob::now(fixture.account(), JobKind::EraseGalleryItem, Uuid::from_u128(7))
}

async fn finish(database: &Database, job: &NewJob) {
    let schedule = async || -> Result<(), StoreError> {
        let mut unit = gallery::GalleryUnits::begin(database).await?;
        unit.jobs().schedule(job).await?;
        unit.commit().await
    };
    schedule().await.expect("scheduled");
    let claimed = database.claim(job.account, job.id(), PATIENCE).await.expect("a claim").expect("a due job");
    let mut unit = gallery::GalleryUnits::begin(database).await.expect("a unit");
    unit.jobs().complete(&claimed.claim).await.expect("completed");
    unit.commit().await.expect("a commit");
}

/// Until somebody waits for a lock.
async fn waiting_for_a_lock(fixture: &Fixture) {
    let watching = fixture.behind().await;
    let looking = async {
        loop {
            let waiting = watching
                .texts("SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .await;
            if !waiting.is_empty() {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("somebody waits for a lock");
}

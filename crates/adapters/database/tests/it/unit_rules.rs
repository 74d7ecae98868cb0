//! What holds for a unit of work once something in it went wrong.

use std::time::Duration;

use balance::{BalanceReader, BalanceUnits, LedgerError, Operation, OperationKey, Refusal};
use generation::GenerationUnits;
use kernel::{
    AccountId, Credits, FencingToken, GenerationId, HoldId, IdSource, JobClaim, JobKind, LedgerEntryId,
    NewJob, StoreError,
};

use crate::both::on_both;
use crate::fixture::Fixture;

on_both! {
    after_a_refused_statement_nothing_can_be_committed,
    after_a_lost_claim_nothing_can_be_committed,
    a_call_that_was_given_up_half_way_poisons_the_unit,
    a_refusal_by_the_rules_leaves_the_unit_sound,
}

fn key(text: &str) -> OperationKey {
    text.parse().expect("a key")
}

/// PostgreSQL would answer the commit as if all was well; SQLite would keep what came before.
async fn after_a_refused_statement_nothing_can_be_committed(fixture: Fixture) {
    let account = fixture.account();
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    let grant = Operation::GrantBonus { amount: Credits::of(5) };
    let mut unit = BalanceUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    unit.ledger().record(account, entry, &key("first"), &grant, "").await.expect("a grant");
    let twice = unit.ledger().record(account, entry, &key("second"), &grant, "").await;
    assert!(matches!(twice, Err(LedgerError::Store(StoreError::Bug(_)))), "two entries of one id: {twice:?}");
    let third = LedgerEntryId::new(fixture.ids.uuid());
    let later = unit.ledger().record(account, third, &key("third"), &grant, "").await;
    assert!(matches!(later, Err(LedgerError::Store(StoreError::Poisoned))), "{later:?}");
    assert!(matches!(
        unit.ledger().hold(account, HoldId::new(third.uuid())).await,
        Err(StoreError::Poisoned)
    ));
    assert!(matches!(unit.commit().await, Err(StoreError::Poisoned)));
    let sheet = fixture.database.sheet(account).await.expect("a balance");
    assert_eq!(sheet.version, 0, "nothing of it was kept");
}

async fn after_a_lost_claim_nothing_can_be_committed(fixture: Fixture) {
    let account = fixture.account();
    let generation = GenerationId::new(fixture.ids.uuid());
    let job = NewJob::now(account, JobKind::AdvanceGeneration, generation.uuid());
    let mut unit = GenerationUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    unit.jobs().schedule(&job).await.expect("a job");
    let stale = JobClaim { account, job: job.id(), token: FencingToken::new(fixture.ids.uuid()) };
    assert!(matches!(unit.jobs().complete(&stale).await, Err(StoreError::Superseded { .. })));
    assert!(matches!(unit.now().await, Err(StoreError::Poisoned)));
    assert!(matches!(unit.generations().load(account, generation).await, Err(StoreError::Poisoned)));
    assert!(matches!(unit.commit().await, Err(StoreError::Poisoned)));
    let jobs: &dyn kernel::Jobs = fixture.database.as_ref();
    let claimed = jobs.claim(account, job.id(), Duration::from_mins(1)).await.expect("a look");
    assert_eq!(claimed, None, "nothing of it was kept");
}

async fn a_call_that_was_given_up_half_way_poisons_the_unit(fixture: Fixture) {
    let account = fixture.account();
    let unit = with_a_call_given_up_half_way(&fixture, account).await;
    assert!(matches!(unit.commit().await, Err(StoreError::Poisoned)));
    let sheet = fixture.database.sheet(account).await.expect("a balance");
    assert_eq!(sheet.version, 0, "nothing of it was kept");
}

/// A unit in which a call was given up before the database had answered.
async fn with_a_call_given_up_half_way(
    fixture: &Fixture,
    account: AccountId,
) -> Box<dyn balance::UnitOfWork> {
    let grant = Operation::GrantBonus { amount: Credits::of(5) };
    let key = key("grant");
    for _ in 0..100 {
        let entry = LedgerEntryId::new(fixture.ids.uuid());
        let mut unit = BalanceUnits::begin(fixture.database.as_ref()).await.expect("a unit");
        let mut call = unit.ledger().record(account, entry, &key, &grant, "");
        let is_half_way = futures::poll!(&mut call).is_pending();
        drop(call);
        if is_half_way {
            return unit;
        }
        // A busy machine may let the database answer everything before this thread goes on.
    }
    panic!("the database has always answered already");
}

async fn a_refusal_by_the_rules_leaves_the_unit_sound(fixture: Fixture) {
    let account = fixture.account();
    let hold = HoldId::new(fixture.ids.uuid());
    let too_much = Operation::Hold { hold, amount: Credits::of(9), time_to_live: Duration::from_mins(1) };
    let grant = Operation::GrantBonus { amount: Credits::of(5) };
    let mut unit = BalanceUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    let entry = || LedgerEntryId::new(fixture.ids.uuid());
    let refused = unit.ledger().record(account, entry(), &key("hold"), &too_much, "").await;
    assert!(
        matches!(refused, Err(LedgerError::Refused(Refusal::Insufficient { missing })) if missing == Credits::of(9)),
        "{refused:?}"
    );
    unit.ledger().record(account, entry(), &key("grant"), &grant, "").await.expect("a grant");
    let other = unit.ledger().record(account, entry(), &key("grant"), &too_much, "").await;
    assert!(matches!(other, Err(LedgerError::KeyConflict(_))), "{other:?}");
    unit.commit().await.expect("a sound unit");
    let sheet = fixture.database.sheet(account).await.expect("a balance");
    assert_eq!((sheet.spendable(), sheet.version), (Credits::of(5), 1));
}

//! The ledger within a unit of work: every decision is taken under a lock on the account's balance.

use async_trait::async_trait;
use balance::{
    BalanceSheet, Change, EntryKind, Hold, HoldChange, HoldState, Ledger, LedgerEntry, LedgerError,
    Operation, OperationKey, Recorded, Split,
};
use kernel::{AccountId, Credits, HoldId, LedgerEntryId, StoreError, Timestamp};
use sea_orm::DatabaseTransaction;

use crate::row::Row;
use crate::span::micros;
use crate::statement::{execute, fetch_one, fetch_optional, values};
use crate::unit::Unit;

pub(crate) const ENTRY_COLUMNS: &str = "id, operation_key, kind, bonus_delta, paid_delta, held_bonus_delta, \
    held_paid_delta, amount, hold_id, version, memo, created_at";

const LOCK_BALANCE: &str = "
    SELECT account_id, bonus, paid, held_bonus, held_paid, version FROM balances WHERE account_id = $1 FOR UPDATE";

const OPEN_BALANCE: &str = "
    INSERT INTO balances (account_id, bonus, paid, held_bonus, held_paid, version) VALUES ($1, 0, 0, 0, 0, 0)
    ON CONFLICT (account_id) DO NOTHING";

const UPDATE_BALANCE: &str = "
    UPDATE balances SET bonus = $3, paid = $4, held_bonus = $5, held_paid = $6, version = version + 1
    WHERE account_id = $1 AND version = $2";

const INSERT_ENTRY: &str = "
    INSERT INTO ledger_entries (account_id, id, operation_key, kind, bonus_delta, paid_delta, held_bonus_delta,
        held_paid_delta, amount, hold_id, version, memo, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now_micros())
    RETURNING created_at";

const FIND_HOLD: &str = "
    SELECT id, bonus, paid, captured_bonus, captured_paid, refunded_bonus, refunded_paid, state, expires_at
    FROM holds WHERE account_id = $1 AND id = $2";

const INSERT_HOLD: &str = "
    INSERT INTO holds (account_id, id, bonus, paid, captured_bonus, captured_paid, refunded_bonus, refunded_paid,
        state, expires_at)
    VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 'open', now_micros() + $5)";

const CAPTURE_HOLD: &str = "
    UPDATE holds SET state = 'captured', captured_bonus = $3, captured_paid = $4
    WHERE account_id = $1 AND id = $2 AND state = 'open'";

const RELEASE_HOLD: &str = "
    UPDATE holds SET state = 'released' WHERE account_id = $1 AND id = $2 AND state = 'open'";

const REFUND_HOLD: &str = "
    UPDATE holds SET refunded_bonus = refunded_bonus + $3, refunded_paid = refunded_paid + $4
    WHERE account_id = $1 AND id = $2 AND state = 'captured'";

/// An operation as the caller describes it.
struct Request<'a> {
    account: AccountId,
    entry: LedgerEntryId,
    key: &'a OperationKey,
    operation: &'a Operation,
    memo: &'a str,
}

#[async_trait]
impl Ledger for Unit {
    async fn record(
        &mut self,
        account: AccountId,
        entry: LedgerEntryId,
        key: &OperationKey,
        operation: &Operation,
        memo: &str,
    ) -> Result<Recorded, LedgerError> {
        let request = Request { account, entry, key, operation, memo };
        match record(self.enter()?, &request).await {
            Err(LedgerError::Store(error)) => Err(LedgerError::Store(error)),
            // A refusal has written nothing: the unit goes on.
            outcome => self.leave(Ok(outcome))?,
        }
    }

    async fn hold(&mut self, account: AccountId, hold: HoldId) -> Result<Option<Hold>, StoreError> {
        let outcome = find_hold(self.enter()?, account, hold).await;
        self.leave(outcome)
    }
}

async fn record(transaction: &DatabaseTransaction, request: &Request<'_>) -> Result<Recorded, LedgerError> {
    let sheet = lock_balance(transaction, request.account).await?;
    if let Some(entry) = find_entry(transaction, request).await? {
        return if balance::repeats(&entry, request.operation) {
            Ok(Recorded { entry, sheet })
        } else {
            Err(LedgerError::KeyConflict(request.key.clone()))
        };
    }
    let hold = match request.operation {
        Operation::Hold { .. } => None,
        operation => match operation.hold() {
            Some(hold) => find_hold(transaction, request.account, hold).await?,
            None => None,
        },
    };
    let change = balance::decide(&sheet, request.operation, hold.as_ref())?;
    let entry = write_entry(transaction, request, &sheet, &change).await?;
    write_balance(transaction, request.account, &sheet, &change.sheet).await?;
    write_hold(transaction, request, &change).await?;
    Ok(Recorded { entry, sheet: change.sheet })
}

/// The balance, locked until the unit ends. What follows sees everything that was committed before the lock was had.
async fn lock_balance(
    transaction: &DatabaseTransaction,
    account: AccountId,
) -> Result<BalanceSheet, StoreError> {
    let id = account.uuid();
    if let Some(row) = fetch_optional(transaction, "balances", LOCK_BALANCE, values![id]).await? {
        return BalanceSheet::try_from(&row);
    }
    execute(transaction, OPEN_BALANCE, values![id]).await?;
    BalanceSheet::try_from(&fetch_one(transaction, "balances", LOCK_BALANCE, values![id]).await?)
}

async fn find_entry(
    transaction: &DatabaseTransaction,
    request: &Request<'_>,
) -> Result<Option<LedgerEntry>, StoreError> {
    let statement =
        format!("SELECT {ENTRY_COLUMNS} FROM ledger_entries WHERE account_id = $1 AND operation_key = $2");
    let values = values![request.account.uuid(), request.key.as_str()];
    let row = fetch_optional(transaction, "ledger_entries", &statement, values).await?;
    row.as_ref().map(LedgerEntry::try_from).transpose()
}

async fn find_hold(
    transaction: &DatabaseTransaction,
    account: AccountId,
    hold: HoldId,
) -> Result<Option<Hold>, StoreError> {
    let values = values![account.uuid(), hold.uuid()];
    let row = fetch_optional(transaction, "holds", FIND_HOLD, values).await?;
    row.as_ref().map(Hold::try_from).transpose()
}

async fn write_entry(
    transaction: &DatabaseTransaction,
    request: &Request<'_>,
    before: &BalanceSheet,
    change: &Change,
) -> Result<LedgerEntry, StoreError> {
    let after = &change.sheet;
    let mut entry = LedgerEntry {
        id: request.entry,
        key: request.key.clone(),
        kind: change.kind,
        bonus_delta: after.available.bonus.get() - before.available.bonus.get(),
        paid_delta: after.available.paid.get() - before.available.paid.get(),
        held_bonus_delta: after.held.bonus.get() - before.held.bonus.get(),
        held_paid_delta: after.held.paid.get() - before.held.paid.get(),
        amount: change.amount,
        hold: request.operation.hold(),
        version: after.version,
        memo: request.memo.to_owned(),
        created_at: Timestamp::EPOCH,
    };
    let values = values![
        request.account.uuid(),
        entry.id.uuid(),
        entry.key.as_str(),
        entry.kind.as_str(),
        entry.bonus_delta,
        entry.paid_delta,
        entry.held_bonus_delta,
        entry.held_paid_delta,
        entry.amount.get(),
        entry.hold.map(HoldId::uuid),
        version_column(entry.version)?,
        entry.memo.as_str(),
    ];
    entry.created_at =
        fetch_one(transaction, "ledger_entries", INSERT_ENTRY, values).await?.time("created_at")?;
    Ok(entry)
}

async fn write_balance(
    transaction: &DatabaseTransaction,
    account: AccountId,
    before: &BalanceSheet,
    after: &BalanceSheet,
) -> Result<(), StoreError> {
    let values = values![
        account.uuid(),
        version_column(before.version)?,
        after.available.bonus.get(),
        after.available.paid.get(),
        after.held.bonus.get(),
        after.held.paid.get(),
    ];
    expect_one(execute(transaction, UPDATE_BALANCE, values).await?, "the balance")
}

async fn write_hold(
    transaction: &DatabaseTransaction,
    request: &Request<'_>,
    change: &Change,
) -> Result<(), StoreError> {
    let (Some(part), Some(hold)) = (change.hold, request.operation.hold()) else {
        return Ok(());
    };
    let (account, hold) = (request.account.uuid(), hold.uuid());
    let (statement, values) = match part {
        HoldChange::Opened(split) => {
            let lifetime = match request.operation {
                Operation::Hold { time_to_live, .. } => micros(*time_to_live),
                _ => 0,
            };
            (INSERT_HOLD, values![account, hold, split.bonus.get(), split.paid.get(), lifetime])
        }
        HoldChange::Captured(split) => {
            (CAPTURE_HOLD, values![account, hold, split.bonus.get(), split.paid.get()])
        }
        HoldChange::Released => (RELEASE_HOLD, values![account, hold]),
        HoldChange::Refunded(split) => {
            (REFUND_HOLD, values![account, hold, split.bonus.get(), split.paid.get()])
        }
    };
    expect_one(execute(transaction, statement, values).await?, "the hold")
}

/// A row that was read under the lock and is not there any more was changed by somebody without the lock.
fn expect_one(rows: u64, what: &'static str) -> Result<(), StoreError> {
    match rows {
        1 => Ok(()),
        _ => Err(StoreError::Conflict { what }),
    }
}

fn version_column(version: u64) -> Result<i64, StoreError> {
    i64::try_from(version).map_err(|error| StoreError::Bug(error.into()))
}

impl TryFrom<&Row> for BalanceSheet {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            available: split(row, "bonus", "paid")?,
            held: split(row, "held_bonus", "held_paid")?,
            version: row.number("version")?,
        })
    }
}

impl TryFrom<&Row> for LedgerEntry {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id("id", LedgerEntryId::new)?,
            key: row.parsed("operation_key")?,
            kind: row.parsed::<EntryKind>("kind")?,
            bonus_delta: row.get("bonus_delta")?,
            paid_delta: row.get("paid_delta")?,
            held_bonus_delta: row.get("held_bonus_delta")?,
            held_paid_delta: row.get("held_paid_delta")?,
            amount: row.number::<Credits>("amount")?,
            hold: row.get::<Option<uuid::Uuid>>("hold_id")?.map(HoldId::new),
            version: row.number("version")?,
            memo: row.get("memo")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl TryFrom<&Row> for Hold {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id("id", HoldId::new)?,
            held: split(row, "bonus", "paid")?,
            captured: split(row, "captured_bonus", "captured_paid")?,
            refunded: split(row, "refunded_bonus", "refunded_paid")?,
            state: row.parsed::<HoldState>("state")?,
            expires_at: row.time("expires_at")?,
        })
    }
}

fn split(row: &Row, bonus: &'static str, paid: &'static str) -> Result<Split, StoreError> {
    Ok(Split { bonus: row.number(bonus)?, paid: row.number(paid)? })
}

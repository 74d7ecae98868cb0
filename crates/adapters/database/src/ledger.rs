//! The ledger within a unit of work: every decision is taken under a lock on the account's balance.

use std::sync::LazyLock;

use async_trait::async_trait;
use balance::{
    BalanceSheet, Change, EntryKind, Hold, HoldChange, HoldState, Ledger, LedgerEntry, LedgerError,
    Operation, OperationKey, Recorded, Split,
};
use kernel::{AccountId, Credits, HoldId, LedgerEntryId, StoreError, Timestamp};
use sea_orm::{DatabaseTransaction, Value};
use uuid::Uuid;

use crate::row::Row;
use crate::span::micros;
use crate::statement::{execute, fetch_one, fetch_optional, values};
use crate::together::{self, execute_together};
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
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

const HOLD_COLUMNS: &str = "id AS the_hold, bonus AS hold_bonus, paid AS hold_paid, captured_bonus, captured_paid, \
    refunded_bonus, refunded_paid, state AS hold_state, expires_at";

/// What an operation needs to know beside the balance. Asked once the lock is had, so that it sees everything that was
/// committed before.
static LOOK: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT clock.now, entry.*, hold.*
        FROM (SELECT now_micros() AS now) AS clock
        LEFT JOIN (
            SELECT {ENTRY_COLUMNS} FROM ledger_entries WHERE account_id = $1 AND operation_key = $2
        ) AS entry ON TRUE
        LEFT JOIN (SELECT {HOLD_COLUMNS} FROM holds WHERE account_id = $1 AND id = $3) AS hold ON TRUE"
    )
});

const INSERT_HOLD: &str = "
    INSERT INTO holds (account_id, id, bonus, paid, captured_bonus, captured_paid, refunded_bonus, refunded_paid,
        state, expires_at)
    VALUES ($1, $2, $3, $4, 0, 0, 0, 0, 'open', $5)";

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
    let seen = look(transaction, request).await?;
    if let Some(entry) = seen.entry {
        return if balance::repeats(&entry, request.operation) {
            Ok(Recorded { entry, sheet })
        } else {
            Err(LedgerError::KeyConflict(request.key.clone()))
        };
    }
    let change = balance::decide(&sheet, request.operation, seen.hold.as_ref())?;
    let entry = new_entry(request, &sheet, &change, seen.now);
    write(transaction, request.account, &sheet, &change, &entry, lifetime_end(request, seen.now)).await?;
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

/// What an operation needs to know beside the balance.
struct Seen {
    /// The present moment.
    now: Timestamp,
    /// What the key was used for before.
    entry: Option<LedgerEntry>,
    /// The hold that the operation is about, unless it is a new one.
    hold: Option<Hold>,
}

async fn look(transaction: &DatabaseTransaction, request: &Request<'_>) -> Result<Seen, StoreError> {
    let hold = match request.operation {
        Operation::Hold { .. } => None,
        operation => operation.hold(),
    };
    let values = values![request.account.uuid(), request.key.as_str(), hold.map(HoldId::uuid)];
    let row = fetch_one(transaction, "ledger_entries", &LOOK, values).await?;
    let has_entry = row.get::<Option<Uuid>>("id")?.is_some();
    let has_hold = row.get::<Option<Uuid>>("the_hold")?.is_some();
    Ok(Seen {
        now: row.time("now")?,
        entry: has_entry.then(|| LedgerEntry::try_from(&row)).transpose()?,
        hold: has_hold.then(|| Hold::try_from(&row)).transpose()?,
    })
}

async fn find_hold(
    transaction: &DatabaseTransaction,
    account: AccountId,
    hold: HoldId,
) -> Result<Option<Hold>, StoreError> {
    let statement = format!("SELECT {HOLD_COLUMNS} FROM holds WHERE account_id = $1 AND id = $2");
    let values = values![account.uuid(), hold.uuid()];
    let row = fetch_optional(transaction, "holds", &statement, values).await?;
    row.as_ref().map(Hold::try_from).transpose()
}

fn new_entry(request: &Request<'_>, before: &BalanceSheet, change: &Change, now: Timestamp) -> LedgerEntry {
    let after = &change.sheet;
    LedgerEntry {
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
        created_at: now,
    }
}

/// When a new hold ends by itself.
fn lifetime_end(request: &Request<'_>, now: Timestamp) -> Timestamp {
    match request.operation {
        Operation::Hold { time_to_live, .. } => {
            Timestamp::from_micros(now.as_micros() + micros(*time_to_live))
        }
        _ => now,
    }
}

/// Writes the entry, the balance and the hold together.
async fn write(
    transaction: &DatabaseTransaction,
    account: AccountId,
    before: &BalanceSheet,
    change: &Change,
    entry: &LedgerEntry,
    hold_ends: Timestamp,
) -> Result<(), StoreError> {
    let mut changes = vec![
        together::Change::new(INSERT_ENTRY, entry_values(account, entry)?),
        together::Change::new(UPDATE_BALANCE, balance_values(account, before, &change.sheet)?),
    ];
    if let (Some(part), Some(hold)) = (change.hold, entry.hold) {
        changes.push(hold_change(account, hold, part, hold_ends));
    }
    let counts = execute_together(transaction, changes).await?;
    for (rows, what) in counts.into_iter().zip(["the entry", "the balance", "the hold"]) {
        expect_one(rows, what)?;
    }
    Ok(())
}

fn entry_values(account: AccountId, entry: &LedgerEntry) -> Result<Vec<Value>, StoreError> {
    Ok(values![
        account.uuid(),
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
        entry.created_at.as_micros(),
    ])
}

fn balance_values(
    account: AccountId,
    before: &BalanceSheet,
    after: &BalanceSheet,
) -> Result<Vec<Value>, StoreError> {
    Ok(values![
        account.uuid(),
        version_column(before.version)?,
        after.available.bonus.get(),
        after.available.paid.get(),
        after.held.bonus.get(),
        after.held.paid.get(),
    ])
}

fn hold_change(account: AccountId, hold: HoldId, part: HoldChange, ends: Timestamp) -> together::Change {
    let (account, hold) = (account.uuid(), hold.uuid());
    let parts = |split: Split| values![account, hold, split.bonus.get(), split.paid.get()];
    match part {
        HoldChange::Opened(split) => {
            let mut values = parts(split);
            values.push(ends.as_micros().into());
            together::Change::new(INSERT_HOLD, values)
        }
        HoldChange::Captured(split) => together::Change::new(CAPTURE_HOLD, parts(split)),
        HoldChange::Released => together::Change::new(RELEASE_HOLD, values![account, hold]),
        HoldChange::Refunded(split) => together::Change::new(REFUND_HOLD, parts(split)),
    }
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
            hold: row.get::<Option<Uuid>>("hold_id")?.map(HoldId::new),
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
            id: row.id("the_hold", HoldId::new)?,
            held: split(row, "hold_bonus", "hold_paid")?,
            captured: split(row, "captured_bonus", "captured_paid")?,
            refunded: split(row, "refunded_bonus", "refunded_paid")?,
            state: row.parsed::<HoldState>("hold_state")?,
            expires_at: row.time("expires_at")?,
        })
    }
}

fn split(row: &Row, bonus: &'static str, paid: &'static str) -> Result<Split, StoreError> {
    Ok(Split { bonus: row.number(bonus)?, paid: row.number(paid)? })
}

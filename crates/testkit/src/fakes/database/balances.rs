//! The ledger.

use async_trait::async_trait;
use balance::{
    BalanceReader, BalanceSheet, ExpiredHold, Hold, HoldChange, HoldState, Ledger, LedgerEntry, LedgerError,
    Operation, OperationKey, Recorded, Split, decide, repeats,
};
use kernel::{AccountId, Credits, Cursor, HoldId, LedgerEntryId, Page, PageSize, StoreError, Timestamp};

use uuid::Uuid;

use super::MemoryDatabase;
use super::tables::Tables;
use super::unit::MemoryUnit;

#[async_trait]
impl Ledger for MemoryUnit {
    async fn record(
        &mut self,
        account: AccountId,
        entry: LedgerEntryId,
        key: &OperationKey,
        operation: &Operation,
        memo: &str,
    ) -> Result<Recorded, LedgerError> {
        self.call("ledger.record", |tables, now| {
            match record(tables, now, account, entry, key, operation, memo) {
                Err(LedgerError::Store(error)) => Err(error),
                // A refusal is an answer, not a failure of the unit.
                answer => Ok(answer),
            }
        })
        .await?
    }

    async fn hold(&mut self, account: AccountId, hold: HoldId) -> Result<Option<Hold>, StoreError> {
        self.call("ledger.hold", |tables, _| Ok(tables.holds.get(&(account, hold)).copied())).await
    }
}

fn record(
    tables: &mut Tables,
    now: Timestamp,
    account: AccountId,
    id: LedgerEntryId,
    key: &OperationKey,
    operation: &Operation,
    memo: &str,
) -> Result<Recorded, LedgerError> {
    let before = tables.sheets.get(&account).copied().unwrap_or_default();
    if let Some(earlier) = entries_of(tables, account).find(|entry| entry.key == *key) {
        return if repeats(earlier, operation) {
            Ok(Recorded { entry: earlier.clone(), sheet: before })
        } else {
            Err(LedgerError::KeyConflict(key.clone()))
        };
    }
    let hold = operation.hold().and_then(|hold| tables.holds.get(&(account, hold)));
    let change = decide(&before, operation, hold)?;
    let delta = |after: Credits, before: Credits| after.get() - before.get();
    let entry = LedgerEntry {
        id,
        key: key.clone(),
        kind: change.kind,
        bonus_delta: delta(change.sheet.available.bonus, before.available.bonus),
        paid_delta: delta(change.sheet.available.paid, before.available.paid),
        held_bonus_delta: delta(change.sheet.held.bonus, before.held.bonus),
        held_paid_delta: delta(change.sheet.held.paid, before.held.paid),
        amount: change.amount,
        hold: operation.hold(),
        version: change.sheet.version,
        memo: memo.to_owned(),
        created_at: now,
    };
    if let (Some(hold), Some(what)) = (operation.hold(), change.hold) {
        change_hold(tables, now, account, hold, operation, what)?;
    }
    if tables.entries.insert((account, id), entry.clone()).is_some() {
        return Err(twice("ledger entries", id.uuid()).into());
    }
    tables.sheets.insert(account, change.sheet);
    Ok(Recorded { entry, sheet: change.sheet })
}

/// What a unique index says. Whoever gets it can commit nothing any more.
fn twice(what: &str, id: Uuid) -> StoreError {
    StoreError::Bug(format!("two {what} with the id {id}").into())
}

fn change_hold(
    tables: &mut Tables,
    now: Timestamp,
    account: AccountId,
    id: HoldId,
    operation: &Operation,
    change: HoldChange,
) -> Result<(), LedgerError> {
    if let (HoldChange::Opened(held), Operation::Hold { time_to_live, .. }) = (change, operation) {
        let expires_at = now + *time_to_live;
        let hold = Hold {
            id,
            held,
            captured: Split::ZERO,
            refunded: Split::ZERO,
            state: HoldState::Open,
            expires_at,
        };
        return match tables.holds.insert((account, id), hold) {
            None => Ok(()),
            Some(_) => Err(twice("holds", id.uuid()).into()),
        };
    }
    let hold = tables.holds.get_mut(&(account, id)).ok_or(StoreError::Inconsistent {
        table: "holds",
        column: "id",
        id: id.to_string(),
    })?;
    match change {
        HoldChange::Opened(_) => {}
        HoldChange::Captured(spent) => {
            hold.state = HoldState::Captured;
            hold.captured = spent;
        }
        HoldChange::Released => hold.state = HoldState::Released,
        HoldChange::Refunded(returned) => {
            hold.refunded = hold.refunded.plus(returned).map_err(balance::Refusal::from)?;
        }
    }
    Ok(())
}

pub(super) fn entries_of(
    tables: &Tables,
    account: AccountId,
) -> impl DoubleEndedIterator<Item = &LedgerEntry> {
    let first = LedgerEntryId::new(uuid::Uuid::nil());
    let last = LedgerEntryId::new(uuid::Uuid::max());
    tables.entries.range((account, first)..=(account, last)).map(|(_, entry)| entry)
}

#[async_trait]
impl BalanceReader for MemoryDatabase {
    async fn sheet(&self, account: AccountId) -> Result<BalanceSheet, StoreError> {
        self.read("balances.sheet", |tables, _| Ok(tables.sheets.get(&account).copied().unwrap_or_default()))
            .await
    }

    async fn history(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<LedgerEntry>, StoreError> {
        self.read("balances.history", |tables, _| {
            let rows = entries_of(tables, account)
                .rev()
                .filter(|entry| after.is_none_or(|after| entry.id.uuid() < after.id()))
                .take(usize::from(size.get()) + 1)
                .cloned()
                .collect();
            Ok(Page::from_rows(rows, size, |entry| entry.id.uuid()))
        })
        .await
    }

    async fn expired_holds(&self, limit: u16) -> Result<Vec<ExpiredHold>, StoreError> {
        self.read("balances.expired_holds", |tables, now| {
            let mut expired: Vec<_> = tables
                .holds
                .iter()
                .filter(|(_, hold)| hold.state == HoldState::Open && hold.expires_at <= now)
                .map(|((account, _), hold)| (hold.expires_at, *account, hold.id))
                .collect();
            expired.sort();
            expired.truncate(usize::from(limit));
            Ok(expired.into_iter().map(|(_, account, hold)| ExpiredHold { account, hold }).collect())
        })
        .await
    }

    async fn open_holds(&self, account: AccountId) -> Result<Vec<HoldId>, StoreError> {
        self.read("balances.open_holds", |tables, _| {
            let own = tables.holds.iter().filter(|((owner, _), _)| *owner == account);
            let open = own.filter(|(_, hold)| hold.state == HoldState::Open);
            Ok(open.map(|((_, hold), _)| *hold).collect())
        })
        .await
    }

    async fn count_entries(&self, account: AccountId) -> Result<u64, StoreError> {
        self.read("balances.count_entries", |tables, _| {
            Ok(u64::try_from(entries_of(tables, account).count()).expect("memory holds them"))
        })
        .await
    }
}

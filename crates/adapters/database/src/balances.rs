//! Balances as they are read outside of units of work.

use async_trait::async_trait;
use balance::{BalanceReader, BalanceSheet, ExpiredHold, LedgerEntry};
use kernel::{AccountId, Cursor, HoldId, Page, PageSize, StoreError};

use crate::Database;
use crate::ledger::ENTRY_COLUMNS;
use crate::paging::older_rows;
use crate::statement::{fetch_all, fetch_one, fetch_optional, values};

const SHEET: &str = "
    SELECT account_id, bonus, paid, held_bonus, held_paid, version FROM balances WHERE account_id = $1";

const EXPIRED_HOLDS: &str = "
    SELECT account_id, id FROM holds
    WHERE state = 'open' AND expires_at <= now_micros() ORDER BY expires_at LIMIT $1";

const OPEN_HOLDS: &str = "SELECT id FROM holds WHERE account_id = $1 AND state = 'open' ORDER BY id";

const COUNT_ENTRIES: &str = "SELECT count(*) AS entries FROM ledger_entries WHERE account_id = $1";

#[async_trait]
impl BalanceReader for Database {
    async fn sheet(&self, account: AccountId) -> Result<BalanceSheet, StoreError> {
        let row = fetch_optional(self.reader(), "balances", SHEET, values![account.uuid()]).await?;
        row.as_ref().map_or_else(|| Ok(BalanceSheet::default()), BalanceSheet::try_from)
    }

    async fn history(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<LedgerEntry>, StoreError> {
        let (older, values) = older_rows(account, after, size);
        let statement = format!(
            "SELECT {ENTRY_COLUMNS} FROM ledger_entries WHERE account_id = $1 {older} ORDER BY id DESC LIMIT $2"
        );
        let rows = fetch_all(self.reader(), "ledger_entries", &statement, values).await?;
        let entries = rows.iter().map(LedgerEntry::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_rows(entries, size, |entry: &LedgerEntry| entry.id.uuid()))
    }

    async fn expired_holds(&self, limit: u16) -> Result<Vec<ExpiredHold>, StoreError> {
        let rows = fetch_all(self.reader(), "holds", EXPIRED_HOLDS, values![i64::from(limit)]).await?;
        rows.iter()
            .map(|row| {
                Ok(ExpiredHold {
                    account: row.id("account_id", AccountId::new)?,
                    hold: row.id("id", HoldId::new)?,
                })
            })
            .collect()
    }

    async fn open_holds(&self, account: AccountId) -> Result<Vec<HoldId>, StoreError> {
        let rows = fetch_all(self.reader(), "holds", OPEN_HOLDS, values![account.uuid()]).await?;
        rows.iter().map(|row| row.id("id", HoldId::new)).collect()
    }

    async fn count_entries(&self, account: AccountId) -> Result<u64, StoreError> {
        let row = fetch_one(self.reader(), "ledger_entries", COUNT_ENTRIES, values![account.uuid()]).await?;
        row.number("entries")
    }
}

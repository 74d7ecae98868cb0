//! What operators look at: the latest of everything, with who it is about. Read-only, and not for large tables in a
//! hurry: it looks at rows of all accounts.

use account::TelegramUserId;
use avatar::Avatar;
use balance::{BalanceSheet, LedgerEntry};
use generation::Generation;
use kernel::{AccountId, JobRecord, StoreError};

use crate::Database;
use crate::ledger::ENTRY_COLUMNS;
use crate::row::Row;
use crate::statement::{Connection, fetch_all, values};

/// The latest of everything, each newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Insight {
    /// Balances, those of the latest accounts first.
    pub balances: Vec<AccountBalance>,
    /// Ledger entries.
    pub entries: Vec<Owned<LedgerEntry>>,
    /// Jobs, by when they last changed hands.
    pub jobs: Vec<Owned<JobRecord>>,
    /// Generations.
    pub generations: Vec<Owned<Generation>>,
    /// Avatars that are not deleted.
    pub avatars: Vec<Owned<ShownAvatar>>,
}

/// An avatar as a person sees it in their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAvatar {
    /// The avatar.
    pub avatar: Avatar,
    /// Whether it is drawn with when none is named.
    pub main: MainAvatar,
}

/// Whether an avatar is the main one of its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MainAvatar {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// What an account has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountBalance {
    /// The account.
    pub account: AccountId,
    /// Its person at the messenger; `None` when they are gone.
    pub telegram_user: Option<TelegramUserId>,
    /// The balance.
    pub sheet: BalanceSheet,
}

/// Something, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned<T> {
    /// The account.
    pub account: AccountId,
    /// Its person at the messenger; `None` when they are gone.
    pub telegram_user: Option<TelegramUserId>,
    /// What is theirs.
    pub item: T,
}

const BALANCES: &str = "
    SELECT accounts.account_id, telegram_user_id, coalesce(bonus, 0) AS bonus, coalesce(paid, 0) AS paid,
        coalesce(held_bonus, 0) AS held_bonus, coalesce(held_paid, 0) AS held_paid, coalesce(version, 0) AS version
    FROM accounts
    LEFT JOIN balances ON balances.account_id = accounts.account_id
    LEFT JOIN identities ON identities.account_id = accounts.account_id
    ORDER BY accounts.created_at DESC, accounts.account_id DESC LIMIT $1";

const JOB_COLUMNS: &str = "id, kind, subject, state, attempt, coalesce(due_at, changed_at) AS run_at, reason, \
    changed_at";

const GENERATION_COLUMNS: &str = "id, intent, state, payload, created_at, deadline, version";

const AVATAR_COLUMNS: &str = "id, state, is_main, payload, created_at, updated_at, version";

/// Every row.
const ALL: &str = "TRUE";
/// What a person still has.
const NOT_DELETED: &str = "state <> 'deleted'";

impl Database {
    /// The latest of everything, up to `limit` of each.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn insight(&self, limit: u16) -> Result<Insight, StoreError> {
        let reader = self.reader();
        let balances = fetch_all(reader, "balances", BALANCES, values![i64::from(limit)]).await?;
        Ok(Insight {
            balances: balances.iter().map(AccountBalance::try_from).collect::<Result<_, _>>()?,
            entries: latest(reader, "ledger_entries", ENTRY_COLUMNS, ALL, "created_at", limit).await?,
            jobs: latest(reader, "jobs", JOB_COLUMNS, ALL, "changed_at", limit).await?,
            generations: latest(reader, "generations", GENERATION_COLUMNS, ALL, "created_at", limit).await?,
            avatars: latest(reader, "avatars", AVATAR_COLUMNS, NOT_DELETED, "created_at", limit).await?,
        })
    }
}

/// The latest rows of a table that fulfil a condition, by `time`, with whose they are.
async fn latest<C, T>(
    connection: &C,
    table: &'static str,
    columns: &str,
    condition: &str,
    time: &str,
    limit: u16,
) -> Result<Vec<Owned<T>>, StoreError>
where
    C: Connection,
    T: for<'row> TryFrom<&'row Row, Error = StoreError>,
{
    let statement = format!(
        "SELECT latest.*, telegram_user_id
        FROM (
            SELECT account_id, {columns} FROM {table} WHERE {condition} ORDER BY {time} DESC, id DESC LIMIT $1
        ) AS latest
        LEFT JOIN identities ON identities.account_id = latest.account_id
        ORDER BY latest.{time} DESC, latest.id DESC"
    );
    let rows = fetch_all(connection, table, &statement, values![i64::from(limit)]).await?;
    rows.iter()
        .map(|row| {
            Ok(Owned {
                account: row.id("account_id", AccountId::new)?,
                telegram_user: telegram_user(row)?,
                item: T::try_from(row)?,
            })
        })
        .collect()
}

impl TryFrom<&Row> for ShownAvatar {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let main = if row.get("is_main")? { MainAvatar::Yes } else { MainAvatar::No };
        Ok(Self { avatar: Avatar::try_from(row)?, main })
    }
}

impl TryFrom<&Row> for AccountBalance {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            account: row.id("account_id", AccountId::new)?,
            telegram_user: telegram_user(row)?,
            sheet: BalanceSheet::try_from(row)?,
        })
    }
}

fn telegram_user(row: &Row) -> Result<Option<TelegramUserId>, StoreError> {
    Ok(row.get::<Option<i64>>("telegram_user_id")?.map(TelegramUserId::new))
}

//! Erasures of people, and what is known of a person as such.

use account::{Erasure, ErasureColumns, PrivacyPayloadError};
use kernel::{AccountId, ChatId, LeaseName, StoreError};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::row::Row;
use crate::statement::{Connection, execute, fetch_one, fetch_optional, values};

const TABLE: &str = "erasures";

const BEGIN: &str = "
    INSERT INTO erasures (account_id, payload, requested_at, version) VALUES ($1, $2, now_micros(), 1)
    ON CONFLICT (account_id) DO NOTHING";

const FIND: &str = "SELECT account_id, payload, requested_at, version FROM erasures WHERE account_id = $1";

const UPDATE: &str = "
    UPDATE erasures SET payload = $3, version = version + 1 WHERE account_id = $1 AND version = $2";

const CHAT: &str = "SELECT telegram_user_id FROM identities WHERE account_id = $1";

const COUNT_MESSAGES: &str = "SELECT count(*) AS messages FROM inbox WHERE chat_id = $1";

const FORGET_MESSAGES: &str = "DELETE FROM inbox WHERE chat_id = $1";

/// Whoever holds the conversation now releases it by themselves.
const FORGET_LEASE: &str = "DELETE FROM leases WHERE name = $1 AND expires_at <= now_micros()";

/// The digest stays, but leads nowhere any more.
const CUT_WELCOME_DIGEST: &str = "UPDATE welcome_digests SET account_id = $2 WHERE account_id = $1";

/// Everything that says something of the person and is kept by their account.
const FORGET_BY_ACCOUNT: [&str; 5] = [
    "DELETE FROM identities WHERE account_id = $1",
    "DELETE FROM accounts WHERE account_id = $1",
    "DELETE FROM exports WHERE account_id = $1",
    "DELETE FROM refusals WHERE account_id = $1",
    "DELETE FROM refusal_pauses WHERE account_id = $1",
];

/// Keeps an erasure, or finds the one that was begun before.
pub(crate) async fn begin(
    transaction: &DatabaseTransaction,
    erasure: &Erasure,
) -> Result<Erasure, StoreError> {
    execute(transaction, BEGIN, values![erasure.account.uuid(), payload(erasure)?]).await?;
    Erasure::try_from(&fetch_one(transaction, TABLE, FIND, values![erasure.account.uuid()]).await?)
}

/// Stores a changed erasure.
pub(crate) async fn update(
    transaction: &DatabaseTransaction,
    erasure: &Erasure,
) -> Result<Erasure, StoreError> {
    let version = i64::try_from(erasure.version).map_err(|error| StoreError::Bug(error.into()))?;
    let values = values![erasure.account.uuid(), version, payload(erasure)?];
    if execute(transaction, UPDATE, values).await? == 1 {
        Ok(Erasure { version: erasure.version + 1, ..erasure.clone() })
    } else {
        Err(StoreError::Conflict { what: "the erasure" })
    }
}

fn payload(erasure: &Erasure) -> Result<String, StoreError> {
    erasure.to_payload().map_err(|error: PrivacyPayloadError| StoreError::Bug(error.into()))
}

/// An erasure.
pub(crate) async fn find<C: Connection>(
    connection: &C,
    account: AccountId,
) -> Result<Option<Erasure>, StoreError> {
    let row = fetch_optional(connection, TABLE, FIND, values![account.uuid()]).await?;
    row.as_ref().map(Erasure::try_from).transpose()
}

/// Removes what is known of a person as such.
pub(crate) async fn forget_person(
    transaction: &DatabaseTransaction,
    account: AccountId,
) -> Result<(), StoreError> {
    if let Some(chat) = chat(transaction, account).await? {
        execute(transaction, FORGET_MESSAGES, values![chat.get()]).await?;
        execute(transaction, FORGET_LEASE, values![LeaseName::Chat(chat).to_string()]).await?;
    }
    execute(transaction, CUT_WELCOME_DIGEST, values![account.uuid(), Uuid::nil()]).await?;
    for statement in FORGET_BY_ACCOUNT {
        execute(transaction, statement, values![account.uuid()]).await?;
    }
    Ok(())
}

/// How many received messages of the account's person are kept.
pub(crate) async fn count_messages<C: Connection>(
    connection: &C,
    account: AccountId,
) -> Result<u64, StoreError> {
    match chat(connection, account).await? {
        Some(chat) => {
            let values = values![chat.get()];
            fetch_one(connection, "inbox", COUNT_MESSAGES, values).await?.number("messages")
        }
        None => Ok(0),
    }
}

/// The conversation with the account's person: a private chat has the number of the person (Telegram Bot API
/// documentation).
async fn chat<C: Connection>(connection: &C, account: AccountId) -> Result<Option<ChatId>, StoreError> {
    let row = fetch_optional(connection, "identities", CHAT, values![account.uuid()]).await?;
    row.map(|row| row.get("telegram_user_id").map(ChatId::new)).transpose()
}

impl TryFrom<&Row> for Erasure {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let columns = ErasureColumns {
            account: row.id("account_id", AccountId::new)?,
            requested_at: row.time("requested_at")?,
            version: row.number("version")?,
        };
        let payload: String = row.get("payload")?;
        Self::from_payload(columns, &payload).map_err(|_| row.inconsistent("payload"))
    }
}

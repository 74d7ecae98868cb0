//! Refusals by the safety policy, and the pauses that they lead to.

use std::time::Duration;

use account::{REFUSAL_MEMORY, RefusalRecord, Refusals, pause_after};
use async_trait::async_trait;
use kernel::{AccountId, StoreError};

use crate::Database;
use crate::span::micros;
use crate::statement::{Connection, execute, fetch_one, fetch_optional, values};

/// Locks the account's pause until the transaction ends, so that nobody else counts meanwhile.
const LOCK_PAUSE: &str = "
    INSERT INTO refusal_pauses (account_id, paused_until) VALUES ($1, NULL)
    ON CONFLICT (account_id) DO UPDATE SET paused_until = refusal_pauses.paused_until";

const INSERT: &str = "
    INSERT INTO refusals (account_id, refusal_key, refused_at) VALUES ($1, $2, now_micros())
    ON CONFLICT (account_id, refusal_key) DO NOTHING";

const COUNT: &str = "
    SELECT count(*) AS refusals FROM refusals WHERE account_id = $1 AND refused_at > now_micros() - $2";

/// Never shortens a pause.
const PAUSE: &str = "
    UPDATE refusal_pauses SET paused_until = now_micros() + $2
    WHERE account_id = $1 AND coalesce(paused_until, 0) < now_micros() + $2";

const PAUSED_UNTIL: &str = "
    SELECT paused_until FROM refusal_pauses WHERE account_id = $1 AND paused_until > now_micros()";

#[async_trait]
impl Refusals for Database {
    async fn record(&self, account: AccountId, key: &str) -> Result<RefusalRecord, StoreError> {
        let transaction = self.begin().await?;
        execute(&transaction, LOCK_PAUSE, values![account.uuid()]).await?;
        if execute(&transaction, INSERT, values![account.uuid(), key]).await? == 1 {
            let pause = pause_after(count(&transaction, account).await?);
            if pause > Duration::ZERO {
                execute(&transaction, PAUSE, values![account.uuid(), micros(pause)]).await?;
            }
        }
        let record = standing(&transaction, account).await?;
        Self::commit(transaction).await?;
        Ok(record)
    }

    async fn standing(&self, account: AccountId) -> Result<RefusalRecord, StoreError> {
        standing(self.reader(), account).await
    }
}

async fn standing<C: Connection>(connection: &C, account: AccountId) -> Result<RefusalRecord, StoreError> {
    let count = count(connection, account).await?;
    let row = fetch_optional(connection, "refusal_pauses", PAUSED_UNTIL, values![account.uuid()]).await?;
    let paused_until = row.map(|row| row.time("paused_until")).transpose()?;
    Ok(RefusalRecord { count, paused_until })
}

async fn count<C: Connection>(connection: &C, account: AccountId) -> Result<u32, StoreError> {
    let values = values![account.uuid(), micros(REFUSAL_MEMORY)];
    fetch_one(connection, "refusals", COUNT, values).await?.number("refusals")
}

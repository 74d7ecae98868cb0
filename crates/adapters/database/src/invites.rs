//! Invitations, and by which one an account came in.

use account::{Admission, Invite, InviteCode, Invites, NewInvite};
use async_trait::async_trait;
use kernel::{AccountId, StoreError};

use crate::Database;
use crate::row::Row;
use crate::span::micros;
use crate::statement::{execute, fetch_all, fetch_optional, values};

const TABLE: &str = "invites";

const CREATE: &str = "
    INSERT INTO invites (code, places, used, expires_at, note, created_at)
    VALUES ($1, $2, 0, now_micros() + $3, $4, now_micros())
    ON CONFLICT (code) DO NOTHING";

const LIST: &str = "
    SELECT code, places, used, expires_at, note, created_at FROM invites ORDER BY created_at DESC, code DESC";

const REVOKE: &str = "DELETE FROM invites WHERE code = $1";

const VALID: &str = "
    SELECT code FROM invites
    WHERE code = $1 AND used < places AND (expires_at IS NULL OR expires_at > now_micros())";

/// Locks the code until the transaction ends, so that nobody else takes the same place.
const TAKE_PLACE: &str = "
    UPDATE invites SET used = used + 1
    WHERE code = $1 AND used < places AND (expires_at IS NULL OR expires_at > now_micros())";

const ADMIT: &str = "UPDATE accounts SET invite = $2 WHERE account_id = $1 AND invite IS NULL";

const ADMITTED: &str = "SELECT account_id FROM accounts WHERE account_id = $1 AND invite IS NOT NULL";

#[async_trait]
impl Invites for Database {
    async fn create(&self, invite: &NewInvite) -> Result<bool, StoreError> {
        let NewInvite { code, places, lifetime, note } = invite;
        let values = values![code.as_str(), i64::from(places.get()), lifetime.map(micros), note.as_str()];
        Ok(execute(self.writer(), CREATE, values).await? == 1)
    }

    async fn list(&self) -> Result<Vec<Invite>, StoreError> {
        let rows = fetch_all(self.reader(), TABLE, LIST, values![]).await?;
        rows.iter().map(Invite::try_from).collect()
    }

    async fn revoke(&self, code: &InviteCode) -> Result<bool, StoreError> {
        Ok(execute(self.writer(), REVOKE, values![code.as_str()]).await? == 1)
    }

    async fn is_valid(&self, code: &InviteCode) -> Result<bool, StoreError> {
        Ok(fetch_optional(self.reader(), TABLE, VALID, values![code.as_str()]).await?.is_some())
    }

    async fn redeem(&self, account: AccountId, code: &InviteCode) -> Result<Admission, StoreError> {
        let transaction = self.begin().await?;
        // The account first: who is in takes no place.
        if execute(&transaction, ADMIT, values![account.uuid(), code.as_str()]).await? == 0 {
            drop(transaction);
            let is_in = self.is_admitted(account).await?;
            return Ok(if is_in { Admission::Admitted } else { Admission::Void });
        }
        if execute(&transaction, TAKE_PLACE, values![code.as_str()]).await? == 0 {
            return Ok(Admission::Void);
        }
        Database::commit(transaction).await?;
        Ok(Admission::Admitted)
    }

    async fn is_admitted(&self, account: AccountId) -> Result<bool, StoreError> {
        Ok(fetch_optional(self.reader(), "accounts", ADMITTED, values![account.uuid()]).await?.is_some())
    }
}

impl TryFrom<&Row> for Invite {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            code: row.parsed("code")?,
            places: row.number("places")?,
            used: row.number("used")?,
            expires_at: row.optional_time("expires_at")?,
            note: row.get("note")?,
            created_at: row.time("created_at")?,
        })
    }
}

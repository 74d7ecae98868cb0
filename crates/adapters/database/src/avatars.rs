//! Avatars as rows: columns for what is searched for and what must hold, a versioned payload for the rest.

use avatar::{Avatar, PayloadColumns, PayloadError, StateName};
use kernel::{AccountId, AvatarId, StoreError};
use sea_orm::Value;

use crate::row::Row;
use crate::statement::values;

/// The table.
pub(crate) const TABLE: &str = "avatars";

/// What an [`Avatar`] is read from.
pub(crate) const COLUMNS: &str = "account_id, id, state, payload, created_at, updated_at, version";

impl TryFrom<&Row> for Avatar {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let columns = PayloadColumns {
            id: row.id("id", AvatarId::new)?,
            account: row.id("account_id", AccountId::new)?,
            created_at: row.time("created_at")?,
            updated_at: row.time("updated_at")?,
            version: row.number("version")?,
        };
        let payload: String = row.get("payload")?;
        let avatar = Self::from_payload(columns, &payload).map_err(|_| row.inconsistent("payload"))?;
        if row.parsed::<StateName>("state")? == avatar.state.name() {
            Ok(avatar)
        } else {
            Err(row.inconsistent("state"))
        }
    }
}

/// The columns that say what is searched for and what must hold, and the payload, behind the two ids.
pub(crate) fn written(avatar: &Avatar) -> Result<Vec<Value>, StoreError> {
    let payload = avatar.to_payload().map_err(|error: PayloadError| StoreError::Bug(error.into()))?;
    let training = avatar.training.as_ref();
    Ok(values![
        avatar.account.uuid(),
        avatar.id.uuid(),
        avatar.state.name().as_str(),
        avatar.kind.as_ref().map(|kind| kind.name().as_str().to_owned()),
        avatar.weights.is_some(),
        training.map(|training| training.hold.uuid()),
        training.map(|training| training.price.get()),
        payload,
    ])
}

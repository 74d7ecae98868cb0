//! Photos that were sent for avatars. Whoever changes one holds the avatar's row, so that photos are counted and the
//! avatar is judged by them with nobody in between.

use avatar::{NewPhoto, Photo, PhotoAdded, PhotoState, PhotoStateName};
use kernel::{AccountId, AvatarId, IncomingFileId, MessageId, PhotoId, StoreError};
use sea_orm::DatabaseTransaction;

use crate::avatars::TABLE as AVATARS_TABLE;
use crate::row::Row;
use crate::statement::{execute, fetch_one, fetch_optional, values};

/// The table.
pub(crate) const PHOTOS_TABLE: &str = "avatar_photos";

/// What a [`Photo`] is read from.
const COLUMNS: &str = "account_id, id, avatar_id, state, file, unique_file, message_id, payload, created_at";

const LOCK_AVATAR: &str = "SELECT id FROM avatars WHERE account_id = $1 AND id = $2 FOR UPDATE";

const AVATAR_OF: &str = "SELECT avatar_id FROM avatar_photos WHERE account_id = $1 AND id = $2";

const COUNT: &str = "
    SELECT
        count(*) FILTER (WHERE message_id = $3 OR unique_file = $4) AS repeats,
        count(*) FILTER (WHERE state IN ('received', 'accepted')) AS taken
    FROM avatar_photos WHERE account_id = $1 AND avatar_id = $2";

const INSERT: &str = "
    INSERT INTO avatar_photos
        (account_id, id, avatar_id, state, file, unique_file, message_id, payload, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now_micros())";

const SET_STATE: &str = "
    UPDATE avatar_photos SET state = $3, payload = $4 WHERE account_id = $1 AND id = $2";

const REMOVE: &str = "DELETE FROM avatar_photos WHERE account_id = $1 AND id = $2";

const REMOVE_ALL: &str = "DELETE FROM avatar_photos WHERE account_id = $1 AND avatar_id = $2";

/// The photos of an avatar, `$2`.
pub(crate) fn of_avatar() -> String {
    format!("SELECT {COLUMNS} FROM avatar_photos WHERE account_id = $1 AND avatar_id = $2 ORDER BY id")
}

/// The photo `$2`.
pub(crate) fn one() -> String {
    format!("SELECT {COLUMNS} FROM avatar_photos WHERE account_id = $1 AND id = $2")
}

/// Keeps a photo, unless it is there or `most` are.
pub(crate) async fn add(
    transaction: &DatabaseTransaction,
    account: AccountId,
    avatar: AvatarId,
    photo: &NewPhoto,
    most: u8,
) -> Result<PhotoAdded, StoreError> {
    if !lock_avatar(transaction, account, avatar).await? {
        return Err(StoreError::Conflict { what: "the avatar of a photo" });
    }
    let values = values![account.uuid(), avatar.uuid(), photo.message.get(), photo.unique_file.as_str()];
    let counts = fetch_one(transaction, PHOTOS_TABLE, COUNT, values).await?;
    if counts.number::<u64>("repeats")? > 0 {
        return Ok(PhotoAdded::Repeat);
    }
    if counts.number::<u64>("taken")? >= u64::from(most) {
        return Ok(PhotoAdded::Full);
    }
    let state = PhotoState::Received;
    let values = values![
        account.uuid(),
        photo.id.uuid(),
        avatar.uuid(),
        state.name().as_str(),
        photo.file.as_str(),
        photo.unique_file.as_str(),
        photo.message.get(),
        payload(&state)?,
    ];
    execute(transaction, INSERT, values).await?;
    Ok(PhotoAdded::New)
}

/// Changes where a photo stands; whether it is there.
pub(crate) async fn set_state(
    transaction: &DatabaseTransaction,
    account: AccountId,
    photo: PhotoId,
    state: &PhotoState,
) -> Result<bool, StoreError> {
    lock_avatar_of(transaction, account, photo).await?;
    let values = values![account.uuid(), photo.uuid(), state.name().as_str(), payload(state)?];
    Ok(execute(transaction, SET_STATE, values).await? == 1)
}

/// Removes a photo; whether it was there.
pub(crate) async fn remove(
    transaction: &DatabaseTransaction,
    account: AccountId,
    photo: PhotoId,
) -> Result<bool, StoreError> {
    lock_avatar_of(transaction, account, photo).await?;
    Ok(execute(transaction, REMOVE, values![account.uuid(), photo.uuid()]).await? == 1)
}

/// Removes all photos of an avatar whose row is held.
pub(crate) async fn remove_all(
    transaction: &DatabaseTransaction,
    account: AccountId,
    avatar: AvatarId,
) -> Result<(), StoreError> {
    execute(transaction, REMOVE_ALL, values![account.uuid(), avatar.uuid()]).await?;
    Ok(())
}

/// Holds the row of the avatar that a photo was sent for, which is always the same one.
async fn lock_avatar_of(
    transaction: &DatabaseTransaction,
    account: AccountId,
    photo: PhotoId,
) -> Result<(), StoreError> {
    let values = values![account.uuid(), photo.uuid()];
    if let Some(row) = fetch_optional(transaction, PHOTOS_TABLE, AVATAR_OF, values).await? {
        let avatar = row.id("avatar_id", AvatarId::new)?;
        lock_avatar(transaction, account, avatar).await?;
    }
    Ok(())
}

/// Holds an avatar's row; whether there is one.
async fn lock_avatar(
    transaction: &DatabaseTransaction,
    account: AccountId,
    avatar: AvatarId,
) -> Result<bool, StoreError> {
    let values = values![account.uuid(), avatar.uuid()];
    Ok(fetch_optional(transaction, AVATARS_TABLE, LOCK_AVATAR, values).await?.is_some())
}

fn payload(state: &PhotoState) -> Result<String, StoreError> {
    serde_json::to_string(state).map_err(|error| StoreError::Bug(error.into()))
}

impl TryFrom<&Row> for Photo {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let payload: String = row.get("payload")?;
        let state: PhotoState = serde_json::from_str(&payload).map_err(|_| row.inconsistent("payload"))?;
        if row.parsed::<PhotoStateName>("state")? != state.name() {
            return Err(row.inconsistent("state"));
        }
        Ok(Self {
            id: row.id("id", PhotoId::new)?,
            account: row.id("account_id", AccountId::new)?,
            avatar: row.id("avatar_id", AvatarId::new)?,
            file: IncomingFileId::new(row.get::<String>("file")?),
            unique_file: row.get("unique_file")?,
            message: MessageId::new(row.get("message_id")?),
            state,
            created_at: row.time("created_at")?,
        })
    }
}

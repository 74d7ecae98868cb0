//! Avatars within a unit of work.

use std::time::Duration;

use async_trait::async_trait;
use avatar::{Avatar, AvatarWriter, Consent, NewPhoto, Photo, PhotoAdded, PhotoState};
use kernel::{AccountId, AvatarId, PhotoId, StoreError};
use sea_orm::DatabaseTransaction;

use crate::avatars::{COLUMNS, TABLE, written};
use crate::avatars_photos::{self, PHOTOS_TABLE};
use crate::database::now;
use crate::span::micros;
use crate::statement::{execute, fetch_all, fetch_one, fetch_optional, values};
use crate::unit::Unit;

const INSERT: &str = "
    INSERT INTO avatars
        (account_id, id, state, kind, is_main, has_weights, hold_id, price, payload, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, FALSE, $5, $6, $7, $8, $9, $9, 1)";

/// A deleted avatar is nobody's main one.
const UPDATE: &str = "
    UPDATE avatars SET state = $3, kind = $4, has_weights = $5, hold_id = $6, price = $7, payload = $8,
        is_main = is_main AND $3 <> 'deleted', updated_at = now_micros(), version = version + 1
    WHERE account_id = $1 AND id = $2 AND version = $9
    RETURNING created_at, updated_at, version";

/// How long a training took is kept apart from the avatar, which may be trained again or erased.
const REMEMBER_DURATION: &str = "
    INSERT INTO training_durations (trainer, avatar_id, round, took, verified_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (trainer, avatar_id, round) DO NOTHING";

const UNDER_WAY: &str = "
    SELECT count(*) AS avatars FROM avatars
    WHERE account_id = $1 AND state IN ('queued', 'submitting', 'training', 'copying')";

/// Two avatars that are made the main one at the same time queue up here, instead of failing at the unique index; and two
/// that are ordered, instead of both being within what one person may have under way.
const QUEUE_UP: &str = "SELECT account_id FROM accounts WHERE account_id = $1 FOR UPDATE";

const CLEAR_OTHERS: &str =
    "UPDATE avatars SET is_main = FALSE WHERE account_id = $1 AND is_main AND id <> $2";

const SET_MAIN: &str = "
    UPDATE avatars SET is_main = TRUE WHERE account_id = $1 AND id = $2 AND state <> 'deleted'";

const CLEAR_MAIN: &str = "UPDATE avatars SET is_main = FALSE WHERE account_id = $1 AND id = $2 AND is_main";

const FORGET_CALLBACKS: &str = "DELETE FROM training_callbacks WHERE account_id = $1 AND avatar_id = $2";

#[async_trait]
impl AvatarWriter for Unit {
    async fn insert(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError> {
        let outcome = insert(self.enter()?, avatar).await;
        self.leave(outcome)
    }

    async fn load(&mut self, account: AccountId, id: AvatarId) -> Result<Option<Avatar>, StoreError> {
        let outcome = load(self.enter()?, account, id).await;
        self.leave(outcome)
    }

    async fn update(&mut self, avatar: &Avatar) -> Result<Avatar, StoreError> {
        let outcome = update(self.enter()?, avatar).await;
        self.leave(outcome)
    }

    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError> {
        let outcome = under_way(self.enter()?, account).await;
        self.leave(outcome)
    }

    async fn make_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError> {
        let outcome = make_main(self.enter()?, account, id).await;
        self.leave(outcome)
    }

    async fn clear_main(&mut self, account: AccountId, id: AvatarId) -> Result<(), StoreError> {
        let cleared = execute(self.enter()?, CLEAR_MAIN, values![account.uuid(), id.uuid()]).await;
        self.leave(cleared.map(|_| ()))
    }

    async fn add_photo(
        &mut self,
        account: AccountId,
        avatar: AvatarId,
        photo: &NewPhoto,
        most: u8,
    ) -> Result<PhotoAdded, StoreError> {
        let outcome = avatars_photos::add(self.enter()?, account, avatar, photo, most).await;
        self.leave(outcome)
    }

    async fn photos(&mut self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError> {
        let values = values![account.uuid(), avatar.uuid()];
        let rows = fetch_all(self.enter()?, PHOTOS_TABLE, &avatars_photos::of_avatar(), values).await;
        let outcome = rows.and_then(|rows| rows.iter().map(Photo::try_from).collect());
        self.leave(outcome)
    }

    async fn set_photo(
        &mut self,
        account: AccountId,
        photo: PhotoId,
        state: &PhotoState,
    ) -> Result<bool, StoreError> {
        let outcome = avatars_photos::set_state(self.enter()?, account, photo, state).await;
        self.leave(outcome)
    }

    async fn remove_photo(&mut self, account: AccountId, photo: PhotoId) -> Result<bool, StoreError> {
        let outcome = avatars_photos::remove(self.enter()?, account, photo).await;
        self.leave(outcome)
    }

    async fn erase(&mut self, account: AccountId, avatar: AvatarId) -> Result<(), StoreError> {
        let outcome = erase(self.enter()?, account, avatar).await;
        self.leave(outcome)
    }
}

/// The clock is read once, so that the consent was given at the very moment at which the avatar was begun.
async fn insert(transaction: &DatabaseTransaction, avatar: &Avatar) -> Result<Avatar, StoreError> {
    let now = now(transaction).await?;
    let new = Avatar {
        consent: Consent { given_at: now, ..avatar.consent.clone() },
        created_at: now,
        updated_at: now,
        version: 1,
        ..avatar.clone()
    };
    let mut values = written(&new)?;
    values.push(now.as_micros().into());
    execute(transaction, INSERT, values).await?;
    Ok(new)
}

async fn load(
    transaction: &DatabaseTransaction,
    account: AccountId,
    id: AvatarId,
) -> Result<Option<Avatar>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM avatars WHERE account_id = $1 AND id = $2 FOR UPDATE");
    let row = fetch_optional(transaction, TABLE, &statement, values![account.uuid(), id.uuid()]).await?;
    row.as_ref().map(Avatar::try_from).transpose()
}

async fn update(transaction: &DatabaseTransaction, avatar: &Avatar) -> Result<Avatar, StoreError> {
    let version = i64::try_from(avatar.version).map_err(|error| StoreError::Bug(error.into()))?;
    let mut values = written(avatar)?;
    values.push(version.into());
    let row = fetch_optional(transaction, TABLE, UPDATE, values).await?;
    let row = row.ok_or(StoreError::Conflict { what: "the avatar" })?;
    remember_duration(transaction, avatar).await?;
    Ok(Avatar {
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        version: row.number("version")?,
        ..avatar.clone()
    })
}

async fn remember_duration(transaction: &DatabaseTransaction, avatar: &Avatar) -> Result<(), StoreError> {
    let (Some(training), Some(weights)) = (&avatar.training, &avatar.weights) else {
        return Ok(());
    };
    // Those of an earlier training are drawn with until the new ones are there.
    if weights.verified_at < training.ordered_at {
        return Ok(());
    }
    let took: Duration = weights.verified_at.since(training.ordered_at);
    let values = values![
        training.trainer.as_str(),
        avatar.id.uuid(),
        i64::from(training.round),
        micros(took),
        weights.verified_at.as_micros(),
    ];
    execute(transaction, REMEMBER_DURATION, values).await?;
    Ok(())
}

async fn under_way(transaction: &DatabaseTransaction, account: AccountId) -> Result<u16, StoreError> {
    execute(transaction, QUEUE_UP, values![account.uuid()]).await?;
    fetch_one(transaction, TABLE, UNDER_WAY, values![account.uuid()]).await?.number("avatars")
}

async fn make_main(
    transaction: &DatabaseTransaction,
    account: AccountId,
    id: AvatarId,
) -> Result<(), StoreError> {
    fetch_optional(transaction, "accounts", QUEUE_UP, values![account.uuid()]).await?;
    execute(transaction, CLEAR_OTHERS, values![account.uuid(), id.uuid()]).await?;
    if execute(transaction, SET_MAIN, values![account.uuid(), id.uuid()]).await? == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict { what: "the avatar" })
    }
}

async fn erase(
    transaction: &DatabaseTransaction,
    account: AccountId,
    avatar: AvatarId,
) -> Result<(), StoreError> {
    let Some(loaded) = load(transaction, account, avatar).await? else {
        return Ok(());
    };
    update(transaction, &loaded.tombstone()).await?;
    avatars_photos::remove_all(transaction, account, avatar).await?;
    execute(transaction, FORGET_CALLBACKS, values![account.uuid(), avatar.uuid()]).await?;
    Ok(())
}

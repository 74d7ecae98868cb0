//! Avatars as they are read outside of units of work.

use std::time::Duration;

use async_trait::async_trait;
use avatar::{Avatar, AvatarReader, Photo, TrainerId, TrainingCallback};
use kernel::{AccountId, AvatarId, PhotoId, StoreError, Timestamp};

use crate::Database;
use crate::avatars::{COLUMNS, TABLE};
use crate::avatars_callbacks::PARKED_TRAININGS;
use crate::avatars_photos::{self, PHOTOS_TABLE};
use crate::statement::{fetch_all, fetch_optional, values};

/// Fewer trainings than this say nothing about what is usual.
const FEWEST_DURATIONS: usize = 3;

const DURATIONS: &str = "
    SELECT took FROM training_durations WHERE trainer = $1 ORDER BY verified_at DESC LIMIT 50";

#[async_trait]
impl AvatarReader for Database {
    async fn find(
        &self,
        account: AccountId,
        id: AvatarId,
    ) -> Result<Option<(Avatar, Timestamp)>, StoreError> {
        let statement =
            format!("SELECT {COLUMNS}, now_micros() AS now FROM avatars WHERE account_id = $1 AND id = $2");
        let values = values![account.uuid(), id.uuid()];
        let row = fetch_optional(self.reader(), TABLE, &statement, values).await?;
        row.map(|row| Ok((Avatar::try_from(&row)?, row.time("now")?))).transpose()
    }

    async fn list(&self, account: AccountId) -> Result<Vec<Avatar>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM avatars WHERE account_id = $1 AND state <> 'deleted' ORDER BY id DESC"
        );
        let rows = fetch_all(self.reader(), TABLE, &statement, values![account.uuid()]).await?;
        rows.iter().map(Avatar::try_from).collect()
    }

    async fn main(&self, account: AccountId) -> Result<Option<Avatar>, StoreError> {
        let statement = format!("SELECT {COLUMNS} FROM avatars WHERE account_id = $1 AND is_main");
        let row = fetch_optional(self.reader(), TABLE, &statement, values![account.uuid()]).await?;
        row.as_ref().map(Avatar::try_from).transpose()
    }

    async fn draft(&self, account: AccountId) -> Result<Option<Avatar>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM avatars
            WHERE account_id = $1 AND state IN ('draft', 'collecting') ORDER BY id DESC LIMIT 1"
        );
        let row = fetch_optional(self.reader(), TABLE, &statement, values![account.uuid()]).await?;
        row.as_ref().map(Avatar::try_from).transpose()
    }

    async fn photos(&self, account: AccountId, avatar: AvatarId) -> Result<Vec<Photo>, StoreError> {
        let values = values![account.uuid(), avatar.uuid()];
        let rows = fetch_all(self.reader(), PHOTOS_TABLE, &avatars_photos::of_avatar(), values).await?;
        rows.iter().map(Photo::try_from).collect()
    }

    async fn photo(&self, account: AccountId, photo: PhotoId) -> Result<Option<Photo>, StoreError> {
        let values = values![account.uuid(), photo.uuid()];
        let row = fetch_optional(self.reader(), PHOTOS_TABLE, &avatars_photos::one(), values).await?;
        row.as_ref().map(Photo::try_from).transpose()
    }

    async fn parked(&self, account: AccountId, id: AvatarId) -> Result<Vec<TrainingCallback>, StoreError> {
        let values = values![account.uuid(), id.uuid()];
        let rows = fetch_all(self.reader(), "training_callbacks", PARKED_TRAININGS, values).await?;
        rows.iter().map(TrainingCallback::try_from).collect()
    }

    async fn usual_duration(&self, trainer: &TrainerId) -> Result<Option<Duration>, StoreError> {
        let values = values![trainer.as_str()];
        let rows = fetch_all(self.reader(), "training_durations", DURATIONS, values).await?;
        let durations = rows.iter().map(|row| row.number("took").map(Duration::from_micros));
        Ok(median(durations.collect::<Result<_, _>>()?))
    }
}

/// The middle one, or the mean of the two in the middle; nothing when there are too few.
fn median(mut durations: Vec<Duration>) -> Option<Duration> {
    if durations.len() < FEWEST_DURATIONS {
        return None;
    }
    durations.sort_unstable();
    let upper = *durations.get(durations.len() / 2)?;
    let lower = *durations.get((durations.len() - 1) / 2)?;
    Some((lower + upper) / 2)
}

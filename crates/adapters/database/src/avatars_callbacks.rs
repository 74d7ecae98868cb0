//! Callbacks about trainings, kept until they are used and remembered afterwards.

use async_trait::async_trait;
use avatar::{ParkedTraining, TrainingCallback, TrainingCallbacks};
use kernel::{AccountId, AvatarId, ProviderEvent, ProviderName, StoreError};

use crate::row::Row;
use crate::statement::{execute, values};
use crate::unit::Unit;

const PARK: &str = "
    INSERT INTO training_callbacks
        (provider, request_id, id, account_id, avatar_id, attempt, body, received_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, now_micros())
    ON CONFLICT (provider, request_id) DO NOTHING";

const SETTLE: &str = "
    UPDATE training_callbacks SET settled_at = coalesce(settled_at, now_micros())
    WHERE provider = $1 AND request_id = $2";

/// The unused callbacks about an avatar's trainings, in the order in which they came.
pub(crate) const PARKED_TRAININGS: &str = "
    SELECT id, provider, request_id, account_id, avatar_id, attempt, body FROM training_callbacks
    WHERE account_id = $1 AND avatar_id = $2 AND settled_at IS NULL ORDER BY received_at, id";

#[async_trait]
impl TrainingCallbacks for Unit {
    async fn park(&mut self, callback: &TrainingCallback) -> Result<ParkedTraining, StoreError> {
        let values = values![
            callback.provider.as_str(),
            callback.event.request_id.as_str(),
            self.ids().uuid(),
            callback.account.uuid(),
            callback.avatar.uuid(),
            i64::from(callback.attempt),
            callback.event.body.as_str(),
        ];
        let parked = execute(self.enter()?, PARK, values).await;
        let outcome = parked.map(|rows| if rows == 1 { ParkedTraining::New } else { ParkedTraining::Repeat });
        self.leave(outcome)
    }

    /// One that went with its erased avatar is given no more either.
    async fn settle(&mut self, callback: &TrainingCallback) -> Result<(), StoreError> {
        let values = values![callback.provider.as_str(), callback.event.request_id.as_str()];
        let settled = execute(self.enter()?, SETTLE, values).await;
        self.leave(settled.map(|_| ()))
    }
}

impl TryFrom<&Row> for TrainingCallback {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            provider: ProviderName::new(row.get::<String>("provider")?),
            account: row.id("account_id", AccountId::new)?,
            avatar: row.id("avatar_id", AvatarId::new)?,
            attempt: row.number("attempt")?,
            event: ProviderEvent { request_id: row.get("request_id")?, body: row.get("body")? },
        })
    }
}

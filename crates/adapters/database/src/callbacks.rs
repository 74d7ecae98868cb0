//! The inbox of providers' callbacks.

use async_trait::async_trait;
use generation::{CallbackInbox, Parked, ParkedCallback, ProviderName};
use kernel::{AccountId, GenerationId, ProviderEvent, StoreError};

use crate::row::Row;
use crate::statement::{execute, values};
use crate::unit::Unit;

const PARK: &str = "
    INSERT INTO provider_callbacks
        (provider, request_id, id, account_id, generation_id, attempt, body, received_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, now_micros())
    ON CONFLICT (provider, request_id) DO NOTHING";

const SETTLE: &str = "
    UPDATE provider_callbacks SET settled_at = coalesce(settled_at, now_micros())
    WHERE provider = $1 AND request_id = $2";

/// The unused callbacks of a generation, in the order in which they came.
pub(crate) const PARKED: &str = "
    SELECT id, provider, request_id, account_id, generation_id, attempt, body FROM provider_callbacks
    WHERE account_id = $1 AND generation_id = $2 AND settled_at IS NULL ORDER BY received_at, id";

#[async_trait]
impl CallbackInbox for Unit {
    async fn park(&mut self, callback: &ParkedCallback) -> Result<Parked, StoreError> {
        let values = values![
            callback.provider.as_str(),
            callback.event.request_id.as_str(),
            self.ids().uuid(),
            callback.account.uuid(),
            callback.generation.uuid(),
            i64::from(callback.attempt),
            callback.event.body.as_str(),
        ];
        let parked = execute(self.enter()?, PARK, values).await;
        let outcome = parked.map(|rows| if rows == 1 { Parked::New } else { Parked::Repeat });
        self.leave(outcome)
    }

    async fn settle(&mut self, callback: &ParkedCallback) -> Result<(), StoreError> {
        let values = values![callback.provider.as_str(), callback.event.request_id.as_str()];
        let settled = execute(self.enter()?, SETTLE, values).await;
        let outcome = settled.and_then(|rows| {
            if rows == 1 { Ok(()) } else { Err(StoreError::Conflict { what: "the callback" }) }
        });
        self.leave(outcome)
    }
}

impl TryFrom<&Row> for ParkedCallback {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            provider: ProviderName::new(row.get::<String>("provider")?),
            account: row.id("account_id", AccountId::new)?,
            generation: row.id("generation_id", GenerationId::new)?,
            attempt: row.number("attempt")?,
            event: ProviderEvent { request_id: row.get("request_id")?, body: row.get("body")? },
        })
    }
}

//! Leases: rows that one process holds at a time.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{FencingToken, Lease, LeaseName, Leases, StoreError};

use crate::Database;
use crate::span::micros;
use crate::statement::values;

/// What a lease is called when it has passed to somebody else.
pub(crate) const LEASE: &str = "lease";

const ACQUIRE: &str = "
    INSERT INTO leases (name, token, expires_at) VALUES ($1, $2, now_micros() + $3)
    ON CONFLICT (name) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at
    WHERE leases.expires_at <= now_micros()";

const EXTEND: &str = "UPDATE leases SET expires_at = now_micros() + $3 WHERE name = $1 AND token = $2";

const RELEASE: &str = "DELETE FROM leases WHERE name = $1 AND token = $2";

#[async_trait]
impl Leases for Database {
    async fn acquire(&self, name: LeaseName, span: Duration) -> Result<Option<Lease>, StoreError> {
        let token = FencingToken::new(self.ids().uuid());
        let values = values![name.to_string(), token.uuid(), micros(span)];
        let rows = self.write(ACQUIRE, values).await?;
        Ok((rows == 1).then_some(Lease { name, token }))
    }

    async fn extend(&self, lease: &Lease, span: Duration) -> Result<(), StoreError> {
        let values = values![lease.name.to_string(), lease.token.uuid(), micros(span)];
        under_lease(self.write(EXTEND, values).await?)
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let values = values![lease.name.to_string(), lease.token.uuid()];
        under_lease(self.write(RELEASE, values).await?)
    }
}

fn under_lease(rows: u64) -> Result<(), StoreError> {
    match rows {
        0 => Err(StoreError::Superseded { what: LEASE }),
        _ => Ok(()),
    }
}

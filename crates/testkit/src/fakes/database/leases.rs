//! Leases.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{FencingToken, Lease, LeaseName, Leases, StoreError, Timestamp};

use super::MemoryDatabase;
use super::tables::{LeaseRow, Tables};

const LEASE: &str = "lease";

#[async_trait]
impl Leases for MemoryDatabase {
    async fn acquire(&self, name: LeaseName, span: Duration) -> Result<Option<Lease>, StoreError> {
        let token = FencingToken::new(self.ids.uuid());
        self.write("leases.acquire", |tables, now| {
            if tables.leases.get(&name).is_some_and(|row| row.until > now) {
                return Ok(None);
            }
            tables.leases.insert(name, LeaseRow { token, until: now + span });
            Ok(Some(Lease { name, token }))
        })
        .await
    }

    async fn extend(&self, lease: &Lease, span: Duration) -> Result<(), StoreError> {
        self.write("leases.extend", |tables, now| {
            held(tables, lease, now)?.until = now + span;
            Ok(())
        })
        .await
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        self.write("leases.release", |tables, now| {
            held(tables, lease, now)?;
            tables.leases.remove(&lease.name);
            Ok(())
        })
        .await
    }
}

/// The row of a lease that is held now.
pub(super) fn held<'tables>(
    tables: &'tables mut Tables,
    lease: &Lease,
    now: Timestamp,
) -> Result<&'tables mut LeaseRow, StoreError> {
    tables
        .leases
        .get_mut(&lease.name)
        .filter(|row| row.token == lease.token && row.until > now)
        .ok_or(StoreError::Superseded { what: LEASE })
}

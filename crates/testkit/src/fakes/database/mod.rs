//! A database in memory: one value stands behind every port of the database.
//!
//! A unit of work has the database to itself and works on a copy, which takes the place of what was there when it is
//! committed. Reads outside see what was committed last.

mod accounts;
mod auditor;
mod avatars;
mod avatars_audit;
mod balances;
mod failures;
mod gallery;
mod generations;
mod help_requests;
mod inbox;
mod invites;
mod jobs;
mod leases;
mod pauses;
mod privacy;
mod references;
mod refusals;
mod spending;
pub mod tables;
mod tampering;
mod unit;

use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Clock, IdSource, StoreError, Timestamp};

use crate::weather::{FairWeather, Weather, befall, weathered};
use tables::Tables;

pub use tampering::Debt;

/// A database in memory. Clones are one database, each perhaps with weather of its own.
#[derive(Clone)]
pub struct MemoryDatabase {
    committed: Arc<Mutex<Arc<Tables>>>,
    writer: Arc<tokio::sync::Mutex<()>>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    weather: Arc<dyn Weather>,
}

impl MemoryDatabase {
    /// An empty database whose clock is `clock` and whose tokens come from `ids`.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        Self { committed: Arc::default(), writer: Arc::default(), clock, ids, weather: Arc::new(FairWeather) }
    }

    /// The same database as a program that has just started finds it: under this weather, with nobody writing. The
    /// earlier program must be gone.
    #[must_use]
    pub fn reopened(&self, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>, weather: Arc<dyn Weather>) -> Self {
        Self { committed: Arc::clone(&self.committed), writer: Arc::default(), clock, ids, weather }
    }

    /// The same database as another process of the same program sees it: under this weather, with the same right to
    /// write.
    #[must_use]
    pub fn with_weather(&self, ids: Arc<dyn IdSource>, weather: Arc<dyn Weather>) -> Self {
        Self { ids, weather, ..self.clone() }
    }

    /// What is committed now.
    pub fn committed(&self) -> Arc<Tables> {
        Arc::clone(&self.committed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what is committed behind every port's back.
    pub fn tamper(&self, change: impl FnOnce(&mut Tables)) {
        let mut tables = (*self.committed()).clone();
        change(&mut tables);
        self.replace(tables);
    }

    fn replace(&self, tables: Tables) {
        *self.committed.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(tables);
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A read outside of a unit of work, at the moment at which it is made.
    async fn read<T>(
        &self,
        port: &'static str,
        read: impl FnOnce(&Tables, Timestamp) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let effect = || read(&self.committed(), self.now());
        weathered(&self.weather, port, effect, StoreError::Unavailable).await
    }

    /// A change that is a transaction of its own, at the moment at which it is made. A change that fails must have
    /// changed nothing.
    async fn write<T>(
        &self,
        port: &'static str,
        change: impl FnOnce(&mut Tables, Timestamp) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A slow call is slow on its way here, where it keeps nobody from writing.
        let aftermath =
            befall(&self.weather, port).await.map_err(|struck| StoreError::Unavailable(Box::new(struck)))?;
        let alone = self.writer.lock().await;
        let outcome = {
            let mut committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
            // In place: copying everything for one row is what makes a test of many rows slow.
            change(Arc::make_mut(&mut committed), self.now())
        };
        drop(alone);
        aftermath.settle(&self.weather, outcome, StoreError::Unavailable).await
    }
}

//! A lender whose addresses lead into memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt as _;
use kernel::{
    Clock, FailureClass, FileLender, LendingError, ObjectKey, ObjectStore, ProviderError, Timestamp,
};

use crate::weather::{FairWeather, Weather, weathered};

/// What is lent.
#[derive(Debug, Clone)]
struct Loan {
    object: ObjectKey,
    bytes: Bytes,
    until: Timestamp,
}

/// A lender of copies that it keeps in memory. Clones are one lender.
#[derive(Clone)]
pub struct FakeLender {
    objects: Arc<dyn ObjectStore>,
    clock: Arc<dyn Clock>,
    loans: Arc<Mutex<BTreeMap<String, Loan>>>,
    weather: Arc<dyn Weather>,
}

impl FakeLender {
    /// A lender of these objects, whose loans end by this clock.
    pub fn new(objects: Arc<dyn ObjectStore>, clock: Arc<dyn Clock>) -> Self {
        Self { objects, clock, loans: Arc::default(), weather: Arc::new(FairWeather) }
    }

    /// The same lender under other weather, of the objects as they are seen there.
    #[must_use]
    pub fn with_weather(&self, objects: Arc<dyn ObjectStore>, weather: Arc<dyn Weather>) -> Self {
        Self { objects, weather, ..self.clone() }
    }

    /// What whoever has the address reads there now.
    pub fn read(&self, address: &str) -> Option<Bytes> {
        let now = self.clock.now();
        self.lock().get(address).filter(|loan| loan.until > now).map(|loan| loan.bytes.clone())
    }

    /// The objects that can be read by somebody now.
    pub fn lent(&self) -> Vec<ObjectKey> {
        let now = self.clock.now();
        self.lock().values().filter(|loan| loan.until > now).map(|loan| loan.object.clone()).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Loan>> {
        self.loans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl FileLender for FakeLender {
    async fn lend(
        &self,
        object: &ObjectKey,
        _content_type: &str,
        lifetime: Duration,
    ) -> Result<String, LendingError> {
        let opened = self.objects.open(object).await?.ok_or_else(|| LendingError::Missing(object.clone()))?;
        let reading = opened.bytes.try_fold(BytesMut::new(), async |mut copy, piece| {
            copy.extend_from_slice(&piece);
            Ok(copy)
        });
        let bytes = reading.await.map_err(|error| LendingError::Provider(away(error)))?.freeze();
        let loan = Loan { object: object.clone(), bytes, until: self.clock.now() + lifetime };
        weathered(
            &self.weather,
            "lender.lend",
            || {
                let mut loans = self.lock();
                let address = format!("lent://{}/{object}", loans.len());
                loans.insert(address.clone(), loan);
                Ok(address)
            },
            |error| LendingError::Provider(away(error)),
        )
        .await
    }
}

fn away(source: kernel::BoxError) -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "away", "the lender is away").caused_by(source)
}

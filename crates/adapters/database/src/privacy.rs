//! Requests for what is kept of a person, and for its erasure.

use std::time::Duration;

use account::{Erasure, ExportInserted, ExportRequest, PrivacyRequests, PrivacyUnitOfWork, PrivacyWriter};
use async_trait::async_trait;
use kernel::{AccountId, ExportId, StoreError};

use crate::unit::Unit;
use crate::{Database, erasures, exports};

#[async_trait]
impl PrivacyWriter for Unit {
    async fn insert_export(&mut self, request: &ExportRequest) -> Result<ExportInserted, StoreError> {
        let outcome = exports::insert(self.enter()?, request).await;
        self.leave(outcome)
    }

    async fn update_export(&mut self, request: &ExportRequest) -> Result<ExportRequest, StoreError> {
        let outcome = exports::update(self.enter()?, request).await;
        self.leave(outcome)
    }

    async fn begin_erasure(&mut self, erasure: &Erasure) -> Result<Erasure, StoreError> {
        let outcome = erasures::begin(self.enter()?, erasure).await;
        self.leave(outcome)
    }

    async fn update_erasure(&mut self, erasure: &Erasure) -> Result<Erasure, StoreError> {
        let outcome = erasures::update(self.enter()?, erasure).await;
        self.leave(outcome)
    }

    async fn forget_person(&mut self, account: AccountId) -> Result<(), StoreError> {
        let outcome = erasures::forget_person(self.enter()?, account).await;
        self.leave(outcome)
    }
}

#[async_trait]
impl PrivacyRequests for Database {
    async fn begin(&self) -> Result<Box<dyn PrivacyUnitOfWork>, StoreError> {
        Ok(Box::new(Unit::begin(self).await?))
    }

    async fn export(&self, account: AccountId, id: ExportId) -> Result<Option<ExportRequest>, StoreError> {
        exports::find(self.reader(), account, id).await
    }

    async fn erasure(&self, account: AccountId) -> Result<Option<Erasure>, StoreError> {
        erasures::find(self.reader(), account).await
    }

    async fn messages(&self, account: AccountId) -> Result<u64, StoreError> {
        erasures::count_messages(self.reader(), account).await
    }

    async fn expired_exports(
        &self,
        age: Duration,
        limit: u16,
    ) -> Result<Vec<(AccountId, ExportId)>, StoreError> {
        exports::expired(self, age, limit).await
    }

    async fn forget_export(&self, account: AccountId, id: ExportId) -> Result<bool, StoreError> {
        exports::forget(self, account, id).await
    }
}

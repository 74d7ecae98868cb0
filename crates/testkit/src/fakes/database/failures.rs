//! Unexpected failures.

use async_trait::async_trait;
use kernel::{FailureLog, FailureRecord, FailureReference, NewFailure, StoreError};

use super::MemoryDatabase;

#[async_trait]
impl FailureLog for MemoryDatabase {
    async fn record(&self, failure: &NewFailure) -> Result<bool, StoreError> {
        self.write("failures.record", |tables, now| {
            tables.references.insert(failure.reference.to_string(), failure.fingerprint.clone());
            let is_first = !tables.failures.contains_key(&failure.fingerprint);
            let record =
                tables.failures.entry(failure.fingerprint.clone()).or_insert_with(|| FailureRecord {
                    fingerprint: failure.fingerprint.clone(),
                    count: 0,
                    first_at: now,
                    last_at: now,
                    last_reference: failure.reference.clone(),
                    sample: failure.sample.clone(),
                });
            record.count += 1;
            record.last_at = now;
            record.last_reference = failure.reference.clone();
            record.sample.clone_from(&failure.sample);
            Ok(is_first)
        })
        .await
    }

    async fn latest(&self, limit: u16) -> Result<Vec<FailureRecord>, StoreError> {
        self.read("failures.latest", |tables, _| {
            let mut records: Vec<FailureRecord> = tables.failures.values().cloned().collect();
            records.sort_by_key(|record| std::cmp::Reverse(record.last_at));
            records.truncate(usize::from(limit));
            Ok(records)
        })
        .await
    }

    async fn find(&self, reference: &FailureReference) -> Result<Option<FailureRecord>, StoreError> {
        self.read("failures.find", |tables, _| {
            let fingerprint = tables.references.get(&reference.to_string());
            Ok(fingerprint.and_then(|fingerprint| tables.failures.get(fingerprint)).cloned())
        })
        .await
    }
}

//! Pauses.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Pausable, Pause, PauseCause, PauseNews, Pauses, StoreError};

use super::MemoryDatabase;

#[async_trait]
impl Pauses for MemoryDatabase {
    async fn pause(&self, subject: &Pausable, cause: &PauseCause) -> Result<PauseNews, StoreError> {
        self.write("pauses.pause", |tables, now| {
            let since = tables.pauses.get(subject).map_or(now, |pause| pause.since);
            tables
                .pauses
                .insert(subject.clone(), Pause { subject: subject.clone(), cause: cause.clone(), since });
            let told = (subject.clone(), cause.code.clone());
            let is_known = tables.told.get(&told).is_some_and(|at| now.since(*at) < Duration::from_hours(1));
            if is_known {
                return Ok(PauseNews::Known);
            }
            tables.told.insert(told, now);
            Ok(PauseNews::Tell)
        })
        .await
    }

    async fn lift(&self, subject: &Pausable) -> Result<bool, StoreError> {
        self.write("pauses.lift", |tables, _| Ok(tables.pauses.remove(subject).is_some())).await
    }

    async fn first_news(&self, subject: &Pausable, code: &str) -> Result<PauseNews, StoreError> {
        self.write("pauses.first_news", |tables, now| {
            let told = (subject.clone(), code.to_owned());
            if tables.told.contains_key(&told) {
                return Ok(PauseNews::Known);
            }
            tables.told.insert(told, now);
            Ok(PauseNews::Tell)
        })
        .await
    }

    async fn active(&self) -> Result<Vec<Pause>, StoreError> {
        self.read("pauses.active", |tables, _| Ok(tables.pauses.values().cloned().collect())).await
    }
}

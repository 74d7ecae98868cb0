//! Puts the ports of a container under watch.

use std::collections::BTreeMap;
use std::sync::Arc;

use avatar::AvatarUnits;
use chat::TelegramApi;
use database_adapter::Database;
use generation::{GenerationUnits, PromptAssistant, Transcriber};
use kernel::{Clock, JobQueue, Moderator, ObjectStore, PhotoAnalyst};

use crate::generators::{Generators, Trainers};
use crate::metrics::{
    MeasuredAnalyst, MeasuredAssistant, MeasuredGenerator, MeasuredModerator, MeasuredObjects, MeasuredQueue,
    MeasuredTelegram, MeasuredTrainer, MeasuredTranscriber, MeasuredUnits, Metrics, UnitBook,
};

/// Puts ports under watch.
pub(super) struct Instruments {
    metrics: Metrics,
    book: Arc<UnitBook>,
}

impl Instruments {
    pub(super) fn new(metrics: Metrics, clock: Arc<dyn Clock>, providers: BTreeMap<String, String>) -> Self {
        let book = Arc::new(UnitBook::new(metrics.clone(), clock, providers));
        Self { metrics, book }
    }

    fn metrics(&self) -> Metrics {
        self.metrics.clone()
    }

    pub(super) fn telegram(&self, inner: Arc<dyn TelegramApi>) -> Arc<dyn TelegramApi> {
        Arc::new(MeasuredTelegram::new(inner, self.metrics()))
    }

    pub(super) fn generators(&self, inner: Generators) -> Generators {
        let watched = inner.into_iter().map(|(name, generator)| {
            let generator = MeasuredGenerator::new(generator, self.metrics(), name.as_str());
            (name, Arc::new(generator) as _)
        });
        watched.collect()
    }

    pub(super) fn trainers(&self, inner: Trainers) -> Trainers {
        let watched = inner.into_iter().map(|(name, trainer)| {
            let trainer = MeasuredTrainer::new(trainer, self.metrics(), name.as_str());
            (name, Arc::new(trainer) as _)
        });
        watched.collect()
    }

    pub(super) fn moderator(&self, inner: Arc<dyn Moderator>) -> Arc<dyn Moderator> {
        Arc::new(MeasuredModerator::new(inner, self.metrics()))
    }

    pub(super) fn analyst(&self, inner: Arc<dyn PhotoAnalyst>) -> Arc<dyn PhotoAnalyst> {
        Arc::new(MeasuredAnalyst::new(inner, self.metrics()))
    }

    pub(super) fn assistant(&self, inner: Arc<dyn PromptAssistant>) -> Arc<dyn PromptAssistant> {
        Arc::new(MeasuredAssistant::new(inner, self.metrics()))
    }

    pub(super) fn transcriber(&self, inner: Arc<dyn Transcriber>) -> Arc<dyn Transcriber> {
        Arc::new(MeasuredTranscriber::new(inner, self.metrics()))
    }

    pub(super) fn objects(&self, inner: Arc<dyn ObjectStore>) -> Arc<dyn ObjectStore> {
        Arc::new(MeasuredObjects::new(inner, self.metrics()))
    }

    pub(super) fn queue(&self, inner: Arc<dyn JobQueue>) -> Arc<dyn JobQueue> {
        Arc::new(MeasuredQueue::new(inner, self.metrics()))
    }

    pub(super) fn generation_units(&self, database: &Arc<Database>) -> Arc<dyn GenerationUnits> {
        let units: Arc<dyn GenerationUnits> = Arc::clone(database) as _;
        Arc::new(MeasuredUnits::new(units, Arc::clone(&self.book)))
    }

    pub(super) fn avatar_units(&self, database: &Arc<Database>) -> Arc<dyn AvatarUnits> {
        let units: Arc<dyn AvatarUnits> = Arc::clone(database) as _;
        Arc::new(MeasuredUnits::new(units, Arc::clone(&self.book)))
    }
}

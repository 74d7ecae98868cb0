//! Units of work that are watched: what a unit did to credits, generations and trainings is recorded when it commits,
//! and only then.

mod avatars;
mod balances;
mod generations;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use balance::{EntryKind, LedgerEntry, Recorded};
use kernel::{Clock, LedgerEntryId, Timestamp};

use crate::metrics::Metrics;
use crate::metrics::names::{CREDITS, GENERATION_SECONDS, IMAGES, TRAINING_SECONDS};
use crate::registry::Registries;

/// Begins units of work that are watched.
pub(crate) struct MeasuredUnits<Units: ?Sized> {
    inner: Arc<Units>,
    book: Arc<UnitBook>,
}

impl<Units: ?Sized> MeasuredUnits<Units> {
    pub(crate) const fn new(inner: Arc<Units>, book: Arc<UnitBook>) -> Self {
        Self { inner, book }
    }
}

/// Where the deeds of units are recorded.
pub(crate) struct UnitBook {
    metrics: Metrics,
    clock: Arc<dyn Clock>,
    /// Who runs each model and trainer.
    providers: BTreeMap<String, String>,
}

/// Something that a unit did and that counts once the unit is durable.
enum Deed {
    Credits { operation: &'static str, amount: i64 },
    GenerationEnded { model: String, outcome: &'static str, images: u64, asked_at: Timestamp },
    TrainingEnded { trainer: String, outcome: &'static str, ordered_at: Timestamp },
}

impl UnitBook {
    /// A book that knows who runs each model and trainer.
    pub(crate) const fn new(
        metrics: Metrics,
        clock: Arc<dyn Clock>,
        providers: BTreeMap<String, String>,
    ) -> Self {
        Self { metrics, clock, providers }
    }

    /// Who runs each model and trainer.
    pub(crate) fn providers(registries: &Registries) -> BTreeMap<String, String> {
        let models = registries.models.all().map(|model| (model.id.to_string(), model.provider.to_string()));
        let trainers =
            registries.trainers.all().map(|trainer| (trainer.id.to_string(), trainer.provider.to_string()));
        models.chain(trainers).collect()
    }

    fn provider(&self, id: &str) -> &str {
        self.providers.get(id).map_or("unknown", String::as_str)
    }

    /// The time since a moment of the database's clock, going by ours.
    fn since(&self, begun: Timestamp) -> Duration {
        self.clock.now().since(begun)
    }

    fn record(&self, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Credits { operation, amount } => {
                    self.metrics.add(&CREDITS, &[operation], u64::try_from(amount).unwrap_or(0));
                }
                Deed::GenerationEnded { model, outcome, images, asked_at } => {
                    let provider = self.provider(&model);
                    let labels = [provider, model.as_str(), outcome];
                    self.metrics.observe(&GENERATION_SECONDS, &labels, self.since(asked_at));
                    if images > 0 {
                        self.metrics.add(&IMAGES, &[provider, model.as_str()], images);
                    }
                }
                Deed::TrainingEnded { trainer, outcome, ordered_at } => {
                    let labels = [self.provider(&trainer), trainer.as_str(), outcome];
                    self.metrics.observe(&TRAINING_SECONDS, &labels, self.since(ordered_at));
                }
            }
        }
    }
}

/// What an operation did, unless it was done before.
fn credits_moved(drawn: LedgerEntryId, recorded: &Recorded) -> Vec<Deed> {
    // The same key again gives the first entry, which has another id than the one that was drawn now.
    if recorded.entry.id == drawn { moved(&recorded.entry) } else { Vec::new() }
}

fn moved(entry: &LedgerEntry) -> Vec<Deed> {
    let amount = entry.amount.get();
    let ended = -(entry.held_bonus_delta + entry.held_paid_delta);
    let credits = |operation, amount| Deed::Credits { operation, amount };
    match entry.kind {
        EntryKind::GrantBonus => vec![credits("granted-bonus", amount)],
        EntryKind::GrantPaid => vec![credits("granted-paid", amount)],
        EntryKind::Hold => vec![credits("held", amount)],
        EntryKind::Capture => vec![credits("captured", amount), credits("released", ended - amount)],
        EntryKind::Release => vec![credits("released", ended)],
        EntryKind::Refund => vec![credits("refunded", amount)],
        EntryKind::ClawBack => vec![credits("clawed-back", amount)],
    }
}

//! The list price, for buttons that are shown without asking what is paused. A request is priced anew.

use avatar::Avatar;
use generation::{ModelKind, ModelRegistry};
use kernel::{Credits, Timestamp};

use crate::handlers::Chat;

/// The price of one image from a description at `now`; `None` when no model is left.
pub(crate) fn list_price(registry: &ModelRegistry, now: Timestamp) -> Option<Credits> {
    first_price(registry, ModelKind::TextToImage, now)
}

/// The price of one image of an avatar at `now`; `None` when no model is left that draws it.
pub(crate) fn list_price_of(registry: &ModelRegistry, avatar: &Avatar, now: Timestamp) -> Option<Credits> {
    match &avatar.weights {
        Some(weights) => {
            let model = registry.get(&weights.draws_with)?;
            model.shutdown.is_none_or(|at| at > now).then_some(model.price)
        }
        None => first_price(registry, ModelKind::ReferenceLikeness, now),
    }
}

fn first_price(registry: &ModelRegistry, kind: ModelKind, now: Timestamp) -> Option<Credits> {
    registry.chain(kind, now).ok()?.first().map(|model| model.price)
}

impl Chat {
    /// The price of one image.
    pub(crate) fn list_price(&self) -> Option<Credits> {
        list_price(self.ports.generation.registry(), self.ports.clock.now())
    }
}

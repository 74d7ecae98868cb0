//! The list price, for buttons that are shown without asking what is paused. A request is priced anew.

use generation::{ModelKind, ModelRegistry};
use kernel::{Credits, Timestamp};

use crate::handlers::Chat;

/// The price of one image at `now`; `None` when no model is left.
pub(crate) fn list_price(registry: &ModelRegistry, now: Timestamp) -> Option<Credits> {
    let chain = registry.chain(ModelKind::TextToImage, now).ok()?;
    chain.first().map(|model| model.price)
}

impl Chat {
    /// The price of one image.
    pub(crate) fn list_price(&self) -> Option<Credits> {
        list_price(self.ports.generation.registry(), self.ports.clock.now())
    }
}

//! Makers of images in memory, with everything that real ones do: answers at once or much later, refusals, limits,
//! locked accounts, lost answers, images held back, callbacks once, twice, late, early or never.

mod line;
mod models;
mod plan;
mod works;

pub use line::Line;
pub use models::{FAL, GOOGLE, registry};
pub use works::Works;

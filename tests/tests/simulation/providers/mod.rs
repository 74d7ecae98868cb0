//! Makers of images and a trainer in memory, with everything that real ones do: answers at once or much later, refusals, limits,
//! locked accounts, lost answers, images held back, callbacks once, twice, late, early or never.

mod line;
mod models;
mod plan;
mod trainer;
mod training_plan;
mod trainings;
mod works;

pub use line::Line;
pub use models::{FAL, GOOGLE, registry, trainers};
pub use trainer::TrainerLine;
pub use trainings::Trainings;
pub use works::Works;

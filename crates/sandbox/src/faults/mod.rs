//! Faults on demand: rules that make a server misbehave, and the middleware that obeys them.

mod board;
mod fault;
mod gate;
mod holding;
mod routes;
mod serving;

pub use board::{FaultBoard, FaultRule, InvalidRule, NewRule, Taken};
pub use fault::{Fault, Service, Stage, StatusFault, Times, TrainingError};
pub use gate::{Breakdown, Gate, Summary, close_without_answer, gate};
pub use holding::HeldRequest;
pub use routes::router;
pub use serving::serve;

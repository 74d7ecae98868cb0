//! What the end-to-end tests are written with: a studio (sandbox and bot as processes) and the people who use it.

mod driving;
mod person;
mod studio;

pub use driving::Driving;
pub use person::{Message, Person};
pub use studio::{Fault, Studio};

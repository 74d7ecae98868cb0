//! What the end-to-end tests are written with: a studio (sandbox and bot as processes), a cluster (a studio of many bots)
//! and the people who use it.

mod avatars;
pub mod cluster;
mod driving;
mod fault;
mod files;
mod person;
mod quiet;
mod studio;

pub use driving::Driving;
pub use fault::Fault;
pub use files::{Sent, blank_png, photo, portraits};
pub use person::{Message, Person};
pub use sandbox::test_pictures::PictureKind;
pub use studio::Studio;

//! People at their Telegram: each does, by chance, what people do.

mod person;
mod pictures;
mod sitting;
mod wire;

pub use person::{Deed, Person};

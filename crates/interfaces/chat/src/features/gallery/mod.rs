//! Kept images: cards to leaf through, and what can be done with an image wherever it is shown.

mod card;
mod deletion;
mod favourite;
mod original;
mod surface;

pub(crate) use card::{open, open_at, turn_to};
pub(crate) use deletion::{ask_deletion, back_to_set, delete, keep, pick};
pub(crate) use favourite::{mark, unmark};
pub(crate) use original::send_original;
pub(crate) use surface::refresh_keyboard;

//! Kept images: cards to leaf through, and what can be done with an image wherever it is shown.

mod card;
mod deletion;
mod favourite;
mod filter;
mod original;
mod period;
mod picked;
mod several;
mod surface;

pub(crate) use card::{open, open_at, turn_to};
pub(crate) use deletion::{ask_deletion, back_to_set, delete, erase_now, keep, pick, restore};
pub(crate) use favourite::{mark, unmark};
pub(crate) use filter::{choose, choose_month};
pub(crate) use original::send_original;
pub(crate) use picked::{erase_picked, restore_picked};
pub(crate) use several::pick_step;
pub(crate) use surface::refresh_keyboard;

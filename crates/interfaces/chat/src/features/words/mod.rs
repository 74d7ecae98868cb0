//! Help with words, voice and photos: asking for it, and going on from the answer.

mod answer;
mod ask;
mod script;

pub(crate) use answer::go_on;
pub(crate) use ask::{Asked, ask, help_with_offer};
pub(crate) use script::is_mostly_latin;

//! FAL's callbacks: that they come from FAL, and what they say.

mod interpretation;
mod keys;
mod signature;
mod verification;

pub(crate) use interpretation::interpret;
pub(crate) use verification::Callbacks;

//! What buttons carry: one enum, so that every button has a handler or the program does not compile.

mod bytes;
mod data;
mod encoding;

pub use data::{AgainSource, CallbackData, OfferChoice, Repeat, Setting, Surface};
pub use encoding::UnreadableButton;

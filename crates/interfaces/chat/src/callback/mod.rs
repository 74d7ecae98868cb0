//! What buttons carry: one enum, so that every button has a handler or the program does not compile.

mod avatar;
mod bytes;
mod data;
mod encoding;
mod steps;
mod view;

pub use avatar::{AvatarButton, PortraitButton, StyleCode, WizardButton};
pub use data::{
    AgainSource, CallbackData, ErasureStep, HelpStep, OfferChoice, PhotoUse, PickStep, Repeat, Setting,
    ShownAt, Surface, WordsHelp,
};
pub use encoding::UnreadableButton;
pub use view::{AvatarTag, CalendarMonth, GalleryView, Period};

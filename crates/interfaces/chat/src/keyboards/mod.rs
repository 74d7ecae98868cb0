//! Buttons that several features show.

mod images;
mod menu;

pub(crate) use images::{
    AgainOffer, SetImage, card, deletion_choice, ending, gallery_door, result, set, set_deletion,
};
pub(crate) use menu::{menu, menu_row};

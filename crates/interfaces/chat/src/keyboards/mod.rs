//! Buttons that several features show.

mod images;
mod menu;

pub(crate) use images::{
    AgainOffer, Card, SetImage, card, deletion_choice, ending, gallery_door, result, set, set_deletion,
    undo_row,
};
pub(crate) use menu::{menu, menu_row, ticked};

//! Styles that a person can be drawn in: data in YAML files, so that a pack is added without code.

mod catalogue;
mod pack;

pub use catalogue::{StyleCatalogue, StyleError};
pub(crate) use pack::{Style, StylePack};

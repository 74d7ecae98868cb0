//! Photos that come out of the blue: what can be done with them is offered, once for a whole album.

mod offer;
mod usage;

pub(crate) use offer::{ArrivedPhoto, arrived};
pub(crate) use usage::use_photo;

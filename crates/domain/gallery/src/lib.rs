//! Kept images: what they are, where they came from, what they cost; browsing, favourites, deletion.
#![deny(missing_docs)]

mod item;
mod personal_data;
mod repository;
mod service;

pub use item::{Favourite, GalleryItem, MessengerFiles, NewGalleryItem, Origin, Remains, UnknownOrigin};
pub use repository::{
    FavouritesShown, Gallery, GalleryCounts, GalleryFilter, GalleryUnits, GalleryWriter, Place, UnitOfWork,
};
pub use service::{GalleryError, GalleryService};

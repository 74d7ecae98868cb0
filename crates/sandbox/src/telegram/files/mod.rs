//! Files as Telegram keeps them: identifiers that may be sent again, photos in several sizes, documents byte for byte.

mod identifiers;
mod photo;
mod store;

pub use photo::{PhotoRefusal, make_photo};
pub use store::{FileDescription, FileKind, FileStore, MediaDetails, NewFile, PhotoSize, StoredFile};

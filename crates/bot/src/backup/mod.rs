//! Backups: the database and a list of all objects, sealed for a key whose other half is kept elsewhere, in the object
//! store under `backups/`.
//!
//! Everything flows in pieces: neither a dump nor a list is ever in memory as a whole.

mod catalogue;
mod digest;
mod dump;
mod making;
mod manifest;
mod pipe;
mod places;
mod postgres;
mod restoring;
mod sealing;
mod sqlite;

pub(crate) use catalogue::Catalogue;
pub(crate) use making::make;
pub(crate) use places::BackupId;
pub(crate) use restoring::{Restored, restore};
pub(crate) use sealing::Identities;

//! Objects on MinIO, SeaweedFS, AWS and any other server that speaks the S3 API.
//!
//! A large object goes up and comes down piece by piece, so that its size never shows in memory. The bucket is made when
//! it is missing, and told to forget what is temporary.
//!
//! **Architecture invariant:** the keys sign requests and go nowhere else: no error, log line or `Debug` repeats them.

mod bucket;
mod calls;
mod failure;
mod lifecycle;
mod listing;
mod objects;
mod reading;
mod settings;
mod upload;

pub use objects::S3ObjectStore;
pub use settings::{Addressing, S3Settings, SetupError};

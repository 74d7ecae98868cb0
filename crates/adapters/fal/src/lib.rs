//! Images and trainings over FAL's queue API, the callbacks that FAL makes when work is finished, and the storage from
//! which FAL reads what is lent to it.
//!
//! **Architecture invariant:** the key goes to the hosts of the configured queue URL and REST URL and nowhere else; what
//! FAL says in free text reaches an error only when it repeats nothing of the prompt, the key, the callback's address or
//! the address of a file.

mod address;
mod callbacks;
mod complaint;
mod endpoint;
mod failure;
mod fal;
mod files;
mod generator;
mod handle;
mod http;
mod input;
mod lender;
mod lifecycle;
mod output;
mod queue;
mod result_host;
mod settings;
mod status;
mod storage;
mod training;

pub use fal::Fal;
pub use lender::FalFileLender;
pub use result_host::{ResultHost, ResultHostError};
pub use settings::{FalSettings, QueuePriority, SetupError};

/// FAL's name in the registries of models and trainers.
pub const PROVIDER: &str = "fal";

//! Images over FAL's queue API: text to image, and the callbacks that FAL makes when work is finished.
//!
//! **Architecture invariant:** the key goes to the host of the configured queue URL and nowhere else; what FAL says in
//! free text reaches an error only when it repeats nothing of the prompt, the key or the callback's address.

mod address;
mod callbacks;
mod complaint;
mod endpoint;
mod failure;
mod fal;
mod files;
mod handle;
mod http;
mod input;
mod output;
mod queue;
mod result_host;
mod settings;

pub use fal::Fal;
pub use result_host::{ResultHost, ResultHostError};
pub use settings::{FalSettings, QueuePriority, SetupError};

/// FAL's name in the model registry.
pub const PROVIDER: &str = "fal";

//! OpenAI's API: so far the checks of words, by its moderation endpoint.
//!
//! Neither a text that was sent nor the key ever appears in an error. OpenAI's own messages quote both, so they are never
//! passed on; an error says the status, OpenAI's machine-readable code and the id of the request instead.
#![deny(missing_docs)]

mod complaint;
mod discretion;
mod exchange;
mod moderation;
mod openai;
mod retry_after;
mod settings;

pub use openai::OpenAi;
pub use settings::{OpenAiSettings, SetupError};

//! OpenAI's API: checks of words and photos, better words for descriptions, looks at photos, and transcriptions.
//!
//! **Architecture invariant:** neither a text, a photo or a recording that was sent nor the key ever appears in an error.
//! OpenAI's own messages quote them, so they are never passed on; an error says the status, OpenAI's machine-readable code
//! and the id of the request instead.
//!
//! **Architecture invariant:** words of a person and photos reach a model in a part of their own, which its instructions
//! declare to be data; an answer is taken only in the form that was asked for.
#![deny(missing_docs)]

mod chat;
mod complaint;
mod data_url;
mod discretion;
mod exchange;
mod moderation;
mod openai;
mod photos;
mod retry_after;
mod settings;
mod speech;
mod wording;

pub use openai::OpenAi;
pub use settings::{ChatDialect, ChatModel, OpenAiSettings, SetupError, UnknownChatDialect};

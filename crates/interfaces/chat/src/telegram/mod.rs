//! The messenger: what this crate asks of it, how that is paced, and the adapter to the real one.

mod api;
mod bot;
mod error;
mod files;
mod keyboard;
mod message;
mod paced;
mod pacing;
mod refusal;
mod request;

pub use api::{Activity, BotIdentity, CommandEntry, PressAnswer, PressId, RawUpdate, TelegramApi, Webhook};
pub use bot::{TelegramBot, TelegramBotError, TelegramTimeouts};
pub use error::TelegramError;
pub(crate) use files::LARGEST_FILE;
pub use files::TelegramFiles;
pub use keyboard::{Button, ButtonAction, Keyboard};
pub use message::{
    AlbumPhoto, DocumentMessage, FileId, FileSource, PhotoMessage, SentMessage, TextMessage, Upload,
};
pub use paced::PacedTelegram;
pub use pacing::Pacing;

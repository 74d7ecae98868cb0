//! The whole sandbox at work: its data directory, its ports, its servers, and the bot beside them.

mod data_directory;
mod environment;
mod ports;
mod sandbox;

pub use data_directory::DataDirectory;
pub use environment::{BOT_TOKEN, Urls};
pub use ports::Reach;
pub use sandbox::{Chats, Sandbox, SandboxOptions};

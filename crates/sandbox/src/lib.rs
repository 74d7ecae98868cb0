//! The sandbox: Telegram, FAL, Google and OpenAI as local servers that speak the real wire, a chat page in the
//! browser, and the real bot beside them as a process of its own.

pub mod clock;
pub mod command_line;
pub mod driving;
pub mod faults;
pub mod http_client;
pub mod journal;
mod load;
mod page;
pub mod paint;
pub mod process;
mod program;
pub mod providers;
pub mod running;
pub mod telegram;
pub mod test_pictures;
pub mod test_voice;

pub use program::main;

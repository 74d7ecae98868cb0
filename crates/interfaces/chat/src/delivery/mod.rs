//! Bringing results and news of requests to their person: the port of the generations over Telegram.

mod endings;
mod images;
mod notifier;
mod progress;

pub use notifier::{NotifierPorts, TelegramNotifier};

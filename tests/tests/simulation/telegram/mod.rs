//! Telegram in memory: what every conversation shows, what it ever showed, and the updates that wait to be fetched.

mod line;
mod markup;
mod message;
mod server;

pub use line::Line;
pub use message::{Body, Message};
pub use server::{Showing, Telegram};

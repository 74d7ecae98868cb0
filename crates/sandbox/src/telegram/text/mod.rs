//! Formatted text: what a bot writes with a parse mode, as Telegram keeps it (plain text and entities), and back to
//! safe HTML for a reader.

mod detection;
mod entity;
mod html;
mod html_tag;
mod reading;

pub use detection::detect;
pub use entity::FormattedText;
pub use reading::{LongestText, read_text};

//! The sandbox: Telegram, FAL, Google and OpenAI as local servers that speak the real wire, a chat page in the
//! browser, and the real bot beside them as a process of its own.

pub mod faults;
pub mod journal;
pub mod paint;
pub mod providers;
pub mod telegram;

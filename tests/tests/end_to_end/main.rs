//! The whole system as processes, driven through the sandbox's Telegram as a person would. Every test has a studio of its
//! own and ends with an audit.

mod avatar_ends;
mod avatar_faults;
mod avatar_kills;
mod avatar_photos;
mod avatars;
mod bad_input;
mod control;
mod first_image;
mod gallery;
mod gallery_more;
mod instant;
mod kills;
mod money;
mod operators;
mod privacy;
mod provider_faults;
mod telegram_faults;
mod webhook_faults;
mod words;
mod words_away;
mod world;

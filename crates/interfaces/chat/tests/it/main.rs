//! The conversations on fakes: a person writes and presses, and what they see is checked.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod avatar_notifier;
mod avatars;
mod balance_and_settings;
mod conformance;
mod delivery;
mod drawing;
mod fake_telegram;
mod files;
mod gallery;
mod helping;
mod imagining;
mod intake;
mod limits;
mod onboarding;
mod operators;
mod pacing;
mod person;
mod privacy;
mod results;
mod several;
mod storm;
mod studio;
mod unusual;
mod webhook;
mod wire;

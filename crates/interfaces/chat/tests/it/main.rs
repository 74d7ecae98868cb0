//! The conversations on fakes: a person writes and presses, and what they see is checked.

mod balance_and_settings;
mod delivery;
mod fake_telegram;
mod gallery;
mod imagining;
mod intake;
mod limits;
mod onboarding;
mod operators;
mod person;
mod results;
mod studio;
mod unusual;
mod wire;

//! The driver of generations on fakes and mocks: what must (not) be called, and what comes of each kind of trouble.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod after_the_end;
mod answers;
mod calls;
mod delivery;
mod endings;
mod failing;
mod likeness;
mod messenger;
mod pausing;
mod personal_data;
mod previews;
mod refusals;
mod requests;
mod safety_check;
mod scripted_notifier;
mod sitters;
mod spending;
mod troubles;
mod workshop;

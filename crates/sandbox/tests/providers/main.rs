//! The providers' servers, asked over HTTP the way their clients ask.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests stop the test; clippy exempts only the test functions themselves"
)]

mod fal;
mod fal_avatars;
mod fal_calls;
mod fal_storage;
mod fal_training;
mod fal_webhooks;
mod faults;
mod google;
mod openai;
mod openai_chat;
mod openai_speech;
mod support;

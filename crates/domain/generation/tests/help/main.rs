//! Help with words, voice and photos: what is taken, what is answered, and what goes on when nobody can help.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod asking;
mod desk;
mod giving_up;
mod troubles;

//! Avatars on fakes and mocks: from the consent to the verified weights, and everything that can come between.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod avatars;
mod calls;
mod cancelling;
mod deleting;
mod drafts;
mod failing;
mod forgetting;
mod giving_up;
mod ordering;
mod personal_data;
mod photos;
mod retraining;
mod reviewing;
mod spending;
mod studio;
mod trainers;
mod training;
mod trouble;

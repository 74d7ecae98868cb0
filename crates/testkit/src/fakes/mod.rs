//! Fakes of every port, in memory and deterministic. Each passes the suite of its port.

mod caches;
mod callbacks;
mod clock;
pub mod database;
mod dialogue;
mod digests;
mod generator;
mod ids;
mod imaging;
mod limiter;
mod moderator;
mod notifier;
mod objects;
mod operators;
mod queue;

pub use caches::{MemoryBalanceCache, MemoryProfileCache};
pub use callbacks::FakeCallbackUrls;
pub use clock::ManualClock;
pub use database::MemoryDatabase;
pub use dialogue::MemoryDialogues;
pub use digests::FakeDigests;
pub use generator::{FakeGenerator, Style};
pub use ids::SeededIds;
pub use imaging::{FakeImaging, fake_header, fake_image, fake_photo};
pub use limiter::MemoryRateLimiter;
pub use moderator::FakeModerator;
pub use notifier::{Heard, RecordingNotifier};
pub use objects::MemoryObjects;
pub use operators::RecordingOperators;
pub use queue::MemoryQueue;

//! Ports served from inside one process: wake-ups, rate limits, conversations, caches, objects on the local disk,
//! archives, time and ids. With them an installation needs no server beside it.
//!
//! What lies in memory here is lost with the process, and nothing of value does: jobs, money and images have their truth
//! in the database and in the object store.
#![deny(missing_docs)]

mod archiver;
mod balance_cache;
mod clock;
mod dialogue_store;
mod expiring_map;
mod ids;
mod job_queue;
mod objects;
mod profile_cache;
mod rate_limiter;
mod turns;
mod waiting_line;

pub use archiver::ZipArchiver;
pub use balance_cache::LocalBalanceCache;
pub use clock::SystemClock;
pub use dialogue_store::LocalDialogueStore;
pub use ids::SystemIds;
pub use job_queue::LocalJobQueue;
pub use objects::DirectoryObjectStore;
pub use profile_cache::LocalProfileCache;
pub use rate_limiter::LocalRateLimiter;
pub use turns::LocalTurns;

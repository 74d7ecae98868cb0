//! What takes the place of a shared server while it is away: the same ports inside this process.
//!
//! Limits and paces are then kept by each process on its own, and conversations are remembered by the process that had
//! them. Caches need nothing of the kind: a failing cache is as good as an empty one. Neither do wake-ups: workers look
//! for due jobs themselves.

mod dialogues;
mod presence;
mod rate_limiter;
mod turns;

pub(crate) use dialogues::StandbyDialogues;
pub(crate) use presence::Presence;
pub(crate) use rate_limiter::StandbyRateLimiter;
pub(crate) use turns::StandbyTurns;

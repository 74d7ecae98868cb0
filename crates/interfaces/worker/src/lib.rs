//! Runs jobs, and sweeps up what nobody looked after.
//!
//! A [`Worker`] waits for wake-ups, claims their jobs and runs them; a [`Sweeper`] feeds due jobs to the queue, so that
//! a lost wake-up costs a second and nothing else. Both know only ports, keep nothing of value, and may be stopped,
//! killed or doubled at any moment.

mod avatar_jobs;
mod backoff;
mod execution;
mod gallery_jobs;
mod generation_jobs;
mod handler;
mod help_jobs;
mod orphans;
mod outage;
mod privacy_jobs;
mod settings;
mod sweep_watch;
mod sweeper;
mod unexpected;
mod wake_ups;
mod worker;

pub use avatar_jobs::AvatarJobs;
pub use backoff::retry_delay;
pub use gallery_jobs::GalleryJobs;
pub use generation_jobs::GenerationJobs;
pub use handler::{JobError, JobFailure, JobHandler, JobHandlers};
pub use help_jobs::HelpJobs;
pub use orphans::OrphanSweep;
pub use privacy_jobs::PrivacyJobs;
pub use settings::{SettingsError, SweeperSettings, WorkerSettings};
pub use sweep_watch::{SweepFind, SweepWatch};
pub use sweeper::{Sweeper, SweeperPorts};
pub use worker::{Worker, WorkerPorts};

//! `[worker]`

use std::num::NonZeroUsize;

use worker::{SettingsError, WorkerSettings};

use super::generation::{GenerationSection, PROVIDER_TIMEOUT};
use super::reader::Reader;
use super::{ConfigurationError, Setting};

const CONCURRENCY: Setting = Setting::new("worker", "concurrency", "a whole number above zero, such as 32");
const LEASE: Setting = Setting::new("worker", "lease_seconds", "whole seconds, 3 or more, such as 60");
const LONGEST_RUN: Setting = Setting::new(
    "worker",
    "longest_run_seconds",
    "whole seconds, more than [generation] provider_timeout_seconds and 30",
);

/// How jobs are run.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSection {
    /// Times and numbers.
    pub settings: WorkerSettings,
}

impl WorkerSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let lease = reader.seconds(&LEASE)?;
        let settings = WorkerSettings {
            lease,
            extend_every: lease / 3,
            concurrency: reader.required::<NonZeroUsize>(&CONCURRENCY)?.get(),
            longest_run: reader.seconds(&LONGEST_RUN)?,
            ..WorkerSettings::default()
        };
        Ok(Self { settings })
    }

    /// Checks that the times fit together.
    pub(super) fn check(&self, generation: &GenerationSection) -> Result<(), ConfigurationError> {
        self.settings.check(generation.policy.provider_timeout).map_err(|error| {
            let (first, second) = match error {
                SettingsError::NoConcurrency => (CONCURRENCY, CONCURRENCY),
                SettingsError::LeaseTooShort { .. } => (LEASE, LEASE),
                SettingsError::RunTooShort { .. } => (LONGEST_RUN, PROVIDER_TIMEOUT),
            };
            ConfigurationError::Relation { first, second, problem: error.to_string() }
        })
    }
}

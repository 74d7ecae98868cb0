//! How many jobs are run at once, and how patient worker and sweeper are.

use std::time::Duration;

use thiserror::Error;

/// Times and numbers of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerSettings {
    /// How many jobs run at once, at least 1.
    pub concurrency: usize,
    /// How long to wait for a wake-up before looking at the stop signal again.
    pub patience: Duration,
    /// How long a claim holds without being extended.
    pub lease: Duration,
    /// How often a claim is extended while its job runs.
    pub extend_every: Duration,
    /// The longest that one run of a job may take; a longer one is cut off and tried again.
    pub longest_run: Duration,
    /// How long a stopping worker waits for its jobs before it hands them back.
    pub stop_patience: Duration,
    /// How many due jobs are looked up at once while the queue is away.
    pub scan_limit: u16,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            concurrency: 32,
            patience: Duration::from_secs(1),
            lease: Duration::from_mins(1),
            extend_every: Duration::from_secs(20),
            longest_run: Duration::from_mins(5),
            // With the handing back a stop takes less than 20 s.
            stop_patience: Duration::from_secs(17),
            scan_limit: 64,
        }
    }
}

/// Times that do not fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// Nothing would ever run.
    #[error("a worker must run at least one job at once")]
    NoConcurrency,
    /// A claim would be lost although its worker is well.
    #[error("a claim holds for {lease:?}, less than twice the {extend_every:?} between two extensions")]
    LeaseTooShort {
        /// How long a claim holds.
        lease: Duration,
        /// How often it is extended.
        extend_every: Duration,
    },
    /// A job would be cut off while a provider may still answer.
    #[error("a job may run for {longest_run:?}, less than a provider may take with its margin ({needed:?})")]
    RunTooShort {
        /// How long a job may run.
        longest_run: Duration,
        /// How long it must be able to.
        needed: Duration,
    },
}

impl WorkerSettings {
    /// What a job does around a call to a provider: fetching, checking and storing images.
    pub const MARGIN: Duration = Duration::from_secs(30);

    /// Checks that the times fit together, and to providers that may take `provider_timeout` for one call.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self, provider_timeout: Duration) -> Result<(), SettingsError> {
        if self.concurrency == 0 {
            return Err(SettingsError::NoConcurrency);
        }
        if self.lease < self.extend_every * 2 {
            return Err(SettingsError::LeaseTooShort { lease: self.lease, extend_every: self.extend_every });
        }
        let needed = provider_timeout + Self::MARGIN;
        if self.longest_run <= needed {
            return Err(SettingsError::RunTooShort { longest_run: self.longest_run, needed });
        }
        Ok(())
    }
}

/// Times and numbers of the sweeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SweeperSettings {
    /// How often due jobs are fed to the queue and expired holds released.
    pub sweep_every: Duration,
    /// How often paused providers are probed and old rows forgotten.
    pub tidy_every: Duration,
    /// How often whoever watches the sweeper measures the installation.
    pub measure_every: Duration,
    /// How long the sweeper's lease holds without being extended.
    pub lease: Duration,
    /// How often it is extended.
    pub extend_every: Duration,
    /// How many jobs, holds or rows are taken at once.
    pub batch: u16,
    /// From which age on done jobs and handled updates are forgotten.
    pub forget_after: Duration,
}

impl Default for SweeperSettings {
    fn default() -> Self {
        Self {
            sweep_every: Duration::from_secs(1),
            tidy_every: Duration::from_mins(1),
            measure_every: Duration::from_secs(15),
            // With the wait between two tries, somebody else sweeps within 15 s of a sweeper's death.
            lease: Duration::from_secs(10),
            extend_every: Duration::from_secs(3),
            batch: 500,
            forget_after: Duration::from_hours(7 * 24),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_fit_together() {
        assert_eq!(WorkerSettings::default().check(Duration::from_mins(2)), Ok(()));
    }

    #[test]
    fn times_that_do_not_fit_are_refused() {
        let good = WorkerSettings::default();
        let idle = WorkerSettings { concurrency: 0, ..good };
        assert_eq!(idle.check(Duration::ZERO), Err(SettingsError::NoConcurrency));
        let forgetful = WorkerSettings { lease: Duration::from_secs(30), ..good };
        assert!(matches!(forgetful.check(Duration::ZERO), Err(SettingsError::LeaseTooShort { .. })));
        assert!(matches!(good.check(Duration::from_mins(5)), Err(SettingsError::RunTooShort { .. })));
    }
}

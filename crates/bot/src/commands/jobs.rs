//! `jobs list|revive`

use std::process::ExitCode;

use anyhow::bail;
use clap::{Subcommand, ValueEnum};
use kernel::{AccountId, JobId, JobRecord, JobState, Jobs as _};

use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::{column, moment, say};

/// What is done about jobs.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum JobsCommand {
    /// List jobs, the latest first
    List {
        /// Which ones
        #[arg(long, value_enum, default_value_t = WantedState::Buried)]
        state: WantedState,
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: u16,
    },
    /// Give a buried job another try; it is run by the bot
    Revive {
        /// Whose job, as `jobs list` shows it
        account: AccountId,
        /// Which job, as `jobs list` shows it
        job: JobId,
    },
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum WantedState {
    /// Given up
    Buried,
    /// Waits for its time and a worker
    Ready,
    /// Is being run
    Running,
    /// Completed
    Done,
}

impl From<WantedState> for JobState {
    fn from(wanted: WantedState) -> Self {
        match wanted {
            WantedState::Buried => Self::Buried,
            WantedState::Ready => Self::Ready,
            WantedState::Running => Self::Running,
            WantedState::Done => Self::Done,
        }
    }
}

pub(crate) async fn run(configuration: Configuration, command: JobsCommand) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    match command {
        JobsCommand::List { state, limit } => {
            let jobs = foundation.database.list(state.into(), limit).await?;
            if jobs.is_empty() {
                say("no such job")?;
            }
            for job in jobs {
                say(&line(&job))?;
            }
        }
        JobsCommand::Revive { account, job } => {
            if !foundation.database.revive(account, job).await? {
                bail!(
                    "there is no buried job {job} of the account {account}; `jobs list` shows those that are"
                );
            }
            say(&format!("the job {job} is run again"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(job: &JobRecord) -> String {
    format!(
        "{account} {job} {kind} of {subject}, attempt {attempt}, due {due}{reason}",
        account = job.account,
        job = job.job,
        kind = column(job.kind.as_str(), 18),
        subject = job.subject,
        attempt = job.attempt,
        due = moment(job.run_at),
        reason = job.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default(),
    )
}

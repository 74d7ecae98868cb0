//! `failures [REFERENCE]`

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use kernel::{FailureLog as _, FailureRecord, FailureReference};

use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::{moment, say};

/// Which failures.
#[derive(Debug, Clone, Args)]
pub(crate) struct FailuresArguments {
    /// What the person was told, such as K7QM-2F9X
    reference: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    limit: u16,
}

pub(crate) async fn run(
    configuration: Configuration,
    arguments: FailuresArguments,
) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    if let Some(text) = arguments.reference {
        let reference = FailureReference::from_stored(text.trim().to_uppercase());
        let failure = foundation
            .database
            .find(&reference)
            .await?
            .with_context(|| format!("no failure with the reference {reference} is known"))?;
        say(&words(&failure))?;
    } else {
        let failures = foundation.database.latest(arguments.limit).await?;
        if failures.is_empty() {
            say("no failure is known")?;
        }
        for failure in failures {
            say(&words(&failure))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn words(failure: &FailureRecord) -> String {
    format!(
        "{fingerprint}\n  {count} times, first {first}, last {last} (reference {reference})\n  {sample}",
        fingerprint = failure.fingerprint,
        count = failure.count,
        first = moment(failure.first_at),
        last = moment(failure.last_at),
        reference = failure.last_reference,
        sample = failure.sample,
    )
}

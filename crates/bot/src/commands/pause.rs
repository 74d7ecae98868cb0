//! `pause`, `resume`, `maintenance` and `pauses`

use std::process::ExitCode;

use anyhow::anyhow;
use clap::{Args, Subcommand};
use kernel::{Feature, Pausable, PauseCause, Pauses as _};

use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::{column, moment, say};

/// What is paused, and why.
#[derive(Debug, Clone, Args)]
pub(crate) struct PauseArguments {
    /// images, trainings or help; or provider:NAME, or model:ID
    #[arg(value_parser = subject)]
    subject: Pausable,
    /// Why, for the other operators
    #[arg(long, default_value = "an operator wants it so")]
    reason: String,
}

/// What goes on.
#[derive(Debug, Clone, Args)]
pub(crate) struct ResumeArguments {
    /// images, trainings or help; or provider:NAME, or model:ID
    #[arg(value_parser = subject)]
    subject: Pausable,
}

/// Whether people are asked to come back later.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum MaintenanceCommand {
    /// Answer everybody but operators that the bot is being worked on; what is under way goes on
    On {
        /// Why, for the other operators
        #[arg(long, default_value = "an operator wants it so")]
        reason: String,
    },
    /// Answer everybody again
    Off,
}

pub(crate) async fn pause(
    configuration: Configuration,
    arguments: PauseArguments,
) -> anyhow::Result<ExitCode> {
    set(configuration, arguments.subject, &arguments.reason).await
}

pub(crate) async fn resume(
    configuration: Configuration,
    arguments: ResumeArguments,
) -> anyhow::Result<ExitCode> {
    lift(configuration, arguments.subject).await
}

pub(crate) async fn maintenance(
    configuration: Configuration,
    command: MaintenanceCommand,
) -> anyhow::Result<ExitCode> {
    match command {
        MaintenanceCommand::On { reason } => set(configuration, Pausable::Maintenance, &reason).await,
        MaintenanceCommand::Off => lift(configuration, Pausable::Maintenance).await,
    }
}

/// Lists what is paused.
pub(crate) async fn list(configuration: Configuration) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    let active = foundation.database.active().await?;
    if active.is_empty() {
        say("nothing is paused")?;
    }
    for pause in active {
        let subject = column(&pause.subject.to_string(), 30);
        say(&format!(
            "{subject} since {}: {}: {}",
            moment(pause.since),
            pause.cause.code,
            pause.cause.detail
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(configuration: Configuration, subject: Pausable, reason: &str) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    foundation.database.pause(&subject, &PauseCause::by_operator(reason)).await?;
    let state = if subject == Pausable::Maintenance { "on" } else { "paused" };
    say(&format!("{subject} is {state}; every process obeys within 5 seconds"))?;
    Ok(ExitCode::SUCCESS)
}

async fn lift(configuration: Configuration, subject: Pausable) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    let was_paused = foundation.database.lift(&subject).await?;
    say(&match (was_paused, &subject) {
        (true, Pausable::Maintenance) => {
            "maintenance is off; every process obeys within 5 seconds".to_owned()
        }
        (true, _) => format!("{subject} goes on; every process obeys within 5 seconds"),
        (false, Pausable::Maintenance) => "maintenance was off".to_owned(),
        (false, _) => format!("{subject} was not paused"),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn subject(text: &str) -> anyhow::Result<Pausable> {
    if let Some(feature) = Feature::ALL.into_iter().find(|feature| feature.as_str() == text) {
        return Ok(Pausable::Feature(feature));
    }
    match text.parse() {
        Ok(Pausable::Maintenance) => Err(anyhow!("that is `maintenance on` or `maintenance off`")),
        Ok(subject) => Ok(subject),
        Err(_) => {
            let features = Feature::ALL.map(Feature::as_str).join(", ");
            Err(anyhow!("expected one of {features}, or provider:NAME, or model:ID"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_named_by_its_bare_name() {
        assert_eq!(subject("images").unwrap(), Pausable::Feature(Feature::Images));
        assert_eq!(subject("provider:fal").unwrap(), Pausable::Provider("fal".to_owned()));
        let problem = subject("maintenance").unwrap_err().to_string();
        assert!(problem.contains("maintenance on"), "{problem}");
        let problem = subject("pictures").unwrap_err().to_string();
        assert!(problem.contains("images, trainings, help"), "{problem}");
    }
}

//! `backup [list]`

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::Foundation;
use crate::backup::{Catalogue, make};
use crate::configuration::Configuration;
use crate::container::configured_objects;
use crate::foundation::{FoundationParts, Schema};
use crate::output::{moment, say};

/// What is done about backups.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct BackupArguments {
    #[command(subcommand)]
    command: Option<BackupCommand>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum BackupCommand {
    /// List the backups that are there, the oldest first
    List,
}

pub(crate) async fn run(
    configuration: Configuration,
    arguments: BackupArguments,
) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Some(BackupCommand::List) => list(configuration).await,
        None => back_up(configuration).await,
    }
}

async fn back_up(configuration: Configuration) -> anyhow::Result<ExitCode> {
    configuration.backup.recipient()?;
    let foundation =
        Box::pin(Foundation::with(configuration, FoundationParts::default(), Schema::AsItIs)).await?;
    let objects = configured_objects(&foundation)?;
    let (id, summary) = make(&foundation, &objects).await?;
    say(&format!(
        "the backup {id} is made: the database in {} bytes, and a list of {} objects of {} bytes",
        summary.database_bytes, summary.objects, summary.object_bytes
    ))?;
    for removed in Catalogue::of(objects).prune(foundation.configuration.backup.keep).await? {
        say(&format!("the backup {removed} is removed"))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(configuration: Configuration) -> anyhow::Result<ExitCode> {
    let foundation =
        Box::pin(Foundation::with(configuration, FoundationParts::default(), Schema::AsItIs)).await?;
    let backups = Catalogue::of(configured_objects(&foundation)?).complete().await?;
    if backups.is_empty() {
        say("there is no backup yet")?;
    }
    for (id, summary) in backups {
        say(&format!(
            "{id} of {}: the database in {} bytes, {} objects of {} bytes, by the release {}",
            moment(summary.made_at()),
            summary.database_bytes,
            summary.objects,
            summary.object_bytes,
            summary.release
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

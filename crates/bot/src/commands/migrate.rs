//! `migrate up|status`

use std::process::ExitCode;

use clap::Subcommand;

use crate::Foundation;
use crate::configuration::Configuration;
use crate::foundation::{FoundationParts, Schema};
use crate::output::say;

/// What is done about the schema.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Bring the schema up to date
    Up,
    /// List what is to be done; exit code 1 when there is anything
    Status,
}

pub(crate) async fn run(configuration: Configuration, command: MigrateCommand) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::with(configuration, FoundationParts::default(), Schema::AsItIs).await?;
    let pending = foundation.database.pending_migrations().await?;
    if pending.is_empty() {
        say("the database is up to date")?;
        return Ok(ExitCode::SUCCESS);
    }
    match command {
        MigrateCommand::Up => {
            Box::pin(foundation.database.migrate()).await?;
            say(&format!("done:\n{}", pending.join("\n")))?;
            Ok(ExitCode::SUCCESS)
        }
        MigrateCommand::Status => {
            say(&format!("to be done:\n{}", pending.join("\n")))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

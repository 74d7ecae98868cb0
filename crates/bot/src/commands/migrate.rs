//! `migrate up|status`

use std::process::ExitCode;

use clap::Subcommand;
use database_adapter::AppliedMigration;

use crate::Foundation;
use crate::configuration::Configuration;
use crate::foundation::{FoundationParts, Schema};
use crate::output::{moment, say};

/// What is done about the schema.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Bring the schema up to date
    Up,
    /// List what was done, and when, and what is to be done; exit code 1 when there is anything to be done
    Status,
}

pub(crate) async fn run(configuration: Configuration, command: MigrateCommand) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::with(configuration, FoundationParts::default(), Schema::AsItIs).await?;
    let pending = foundation.database.pending_migrations().await?;
    match command {
        MigrateCommand::Up if pending.is_empty() => say("the database is up to date")?,
        MigrateCommand::Up => {
            Box::pin(foundation.database.migrate()).await?;
            say(&format!("done:\n{}", pending.join("\n")))?;
        }
        MigrateCommand::Status => {
            let applied = foundation.database.applied_migrations().await?;
            say(&status(&applied, &pending))?;
            if !pending.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn status(applied: &[AppliedMigration], pending: &[String]) -> String {
    let mut lines: Vec<String> =
        applied.iter().map(|made| format!("done {}  {}", moment(made.at), made.name)).collect();
    lines.extend(pending.iter().map(|name| format!("to be done                 {name}")));
    let summary = match pending.len() {
        0 => "the database is up to date".to_owned(),
        1 => "1 change is to be done: run `migrate up`".to_owned(),
        changes => format!("{changes} changes are to be done: run `migrate up`"),
    };
    lines.push(summary);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    #[test]
    fn what_is_done_and_what_is_to_be_done_are_told_apart() {
        let at = Timestamp::from_seconds(1_795_000_000);
        let applied = [AppliedMigration { name: "m1_first".to_owned(), at }];
        assert_eq!(
            status(&applied, &["m2_second".to_owned()]),
            "done 2026-11-18T11:06:40Z  m1_first\n\
            to be done                 m2_second\n\
            1 change is to be done: run `migrate up`"
        );
        assert_eq!(status(&applied, &[]), "done 2026-11-18T11:06:40Z  m1_first\nthe database is up to date");
    }
}

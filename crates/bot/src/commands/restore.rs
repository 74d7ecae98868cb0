//! `restore`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::Foundation;
use crate::backup::{BackupId, Catalogue, Identities, Restored, restore};
use crate::configuration::Configuration;
use crate::container::configured_objects;
use crate::foundation::{FoundationParts, Schema};
use crate::output::say;

/// How many keys of objects that are not as they were are named.
const NAMED: usize = 20;

/// What is restored.
#[derive(Debug, Clone, Args)]
pub(crate) struct RestoreArguments {
    /// Which backup, as `backup list` shows it [default: the latest]
    backup: Option<BackupId>,
    /// The file with the private key, as `age-keygen` writes it
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
}

pub(crate) async fn run(
    configuration: Configuration,
    arguments: RestoreArguments,
) -> anyhow::Result<ExitCode> {
    let identities = Identities::read(&arguments.identity)?;
    let foundation =
        Box::pin(Foundation::with(configuration.clone(), FoundationParts::default(), Schema::AsItIs)).await?;
    let objects = configured_objects(&foundation)?;
    let (id, summary) = Catalogue::of(objects.clone()).find(arguments.backup).await?;
    let restored = restore(foundation, objects, (&id, &summary), identities).await?;
    say(&format!("the backup {id} is restored, made by the release {}", summary.release))?;
    let whole = tell_of_objects(&restored)?;
    tell_of_schema(configuration).await?;
    say("`audit` checks every invariant; do that before the bot runs")?;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells how the objects compare with the backup's list, and whether all are there.
fn tell_of_objects(restored: &Restored) -> anyhow::Result<bool> {
    let objects = &restored.objects;
    say(&format!(
        "{} objects are as they were, {} are missing, {} have other bytes",
        objects.intact,
        objects.missing.len(),
        objects.altered.len()
    ))?;
    for key in objects.missing.iter().take(NAMED) {
        say(&format!("missing: {key}"))?;
    }
    for key in objects.altered.iter().take(NAMED) {
        say(&format!("altered: {key}"))?;
    }
    Ok(objects.missing.is_empty() && objects.altered.is_empty())
}

async fn tell_of_schema(configuration: Configuration) -> anyhow::Result<()> {
    let foundation =
        Box::pin(Foundation::with(configuration, FoundationParts::default(), Schema::AsItIs)).await?;
    let pending = foundation.database.pending_migrations().await?;
    if !pending.is_empty() {
        say(&format!("the schema is {} changes behind this release: run `migrate up`", pending.len()))?;
    }
    Ok(())
}

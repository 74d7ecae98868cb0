//! `sandbox load`: what the bot does on this machine, in figures.
//!
//! The sandbox's servers and the people run in this process, the bot in one of its own, so that what each of them costs is
//! told apart.

mod closed_loop;
mod course;
mod crowd;
mod delivery;
mod in_flight;
mod report;
mod spread;
mod start_up;
mod table;
mod usage;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use tempfile::TempDir;

use crate::command_line::{MakeSystemView, this_program};
use crate::running::{Chats, DataDirectory, Reach, Sandbox, SandboxOptions};
use report::Report;

/// How the bot is loaded.
#[derive(Debug, Args)]
pub struct LoadArguments {
    /// How many people write at the same time, each as soon as they were answered
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=2_000))]
    people: u16,
    /// How long each command is written, in seconds
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    seconds: u64,
    /// Print the figures as one line of JSON alone; the table goes to standard error
    #[arg(long)]
    json: bool,
    /// Where everything is kept, so that another disk can be measured; must be empty [default: a temporary directory]
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
}

/// Loads the bot, prints the figures, and leaves nothing behind.
///
/// # Errors
/// When something can't be started, or the bot doesn't do what is measured.
pub async fn run(arguments: LoadArguments, make_view: MakeSystemView) -> anyhow::Result<()> {
    let temporary = TempDir::with_prefix("aisha-load-").context("no temporary directory can be made")?;
    let path = arguments.data.as_deref().unwrap_or(temporary.path());
    must_be_empty(path)?;
    let data = DataDirectory::open(path)?;
    let view = make_view(&data, None);
    let options = SandboxOptions {
        data,
        reach: Reach::ThisMachine,
        page_port: None,
        bot_program: Some(this_program()?),
        bot_environment: Vec::new(),
        people: Vec::new(),
        chats: Chats::Forgotten,
    };
    let sandbox = Sandbox::start(options, view).await?;
    let report = course::run(&sandbox, arguments.people, arguments.seconds).await;
    let stopped = sandbox.stop().await;
    let report = report?;
    stopped?;
    print(&report, arguments.json)
}

/// Figures over an old database would be others.
fn must_be_empty(path: &Path) -> anyhow::Result<()> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => {
            anyhow::ensure!(entries.next().is_none(), "{} is not empty", path.display());
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
    }
}

fn print(report: &Report, json_alone: bool) -> anyhow::Result<()> {
    let table = table::render(report);
    let json = serde_json::to_string(report)?;
    let mut output = std::io::stdout().lock();
    if json_alone {
        write!(std::io::stderr(), "{table}")?;
    } else {
        writeln!(output, "{table}")?;
    }
    writeln!(output, "{json}")?;
    Ok(())
}

/// Tells whoever waits what is being measured.
fn tell(what: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr(), "load: {what}").context("standard error is closed")
}

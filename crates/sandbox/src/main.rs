//! `sandbox`: everything that Aisha needs, on this machine.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use sandbox::command_line::{Asked, CommandLine};
use sandbox::driving::NoDatabase;
use sandbox::process::end_with_parent;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    match CommandLine::parse().asked() {
        Asked::Bot(arguments) => {
            end_with_parent();
            run_bot(arguments).await
        }
        Asked::Sandbox(command_line) => {
            let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
            tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
            command_line.run(|_| Arc::new(NoDatabase)).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The bot's own command line. This is the one place where the bot is called.
async fn run_bot(arguments: Vec<OsString>) -> anyhow::Result<ExitCode> {
    let _ = arguments;
    anyhow::bail!("the bot is not linked into this build of the sandbox")
}

//! The command line. Every command may be repeated without harm.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{account, audit, check, credits, failures, health, jobs, migrate};
use crate::configuration::{Configuration, Environment, Sources};
use crate::{roles, telemetry};

/// Aisha: a photo studio in Telegram.
#[derive(Debug, Parser)]
#[command(name = "bot", version, no_binary_name = true)]
struct CommandLine {
    /// A file of settings [default: aisha.toml, if it is there]
    #[arg(long, value_name = "FILE", global = true)]
    configuration: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot
    Run(roles::RunArguments),
    /// Try every service and model, say what is wrong, and lift the pauses of those that work again
    Check,
    /// Look at the database's schema, or bring it up to date
    Migrate {
        #[command(subcommand)]
        command: migrate::MigrateCommand,
    },
    /// Check every invariant; exit code 1 when one is violated
    Audit,
    /// Look at jobs, or give a buried one another try
    Jobs {
        #[command(subcommand)]
        command: jobs::JobsCommand,
    },
    /// Unexpected failures, the latest first; or the one that a person was told the reference of
    Failures(failures::FailuresArguments),
    /// Whether the bot is ready; exit code 1 when it is not
    Health(health::HealthArguments),
    /// Give credits
    Credits {
        #[command(subcommand)]
        command: credits::CreditsCommand,
    },
    /// Keep a person out, or let them in again
    Account {
        #[command(subcommand)]
        command: account::AccountCommand,
    },
}

/// Runs the command that `arguments` (without the program's name) ask for.
///
/// # Errors
/// When the command cannot be done; the error says what to do about it.
pub async fn run(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    match CommandLine::try_parse_from(arguments) {
        Ok(command_line) => Box::pin(command_line.run()).await,
        // Help is asked for in the same way as it is given for a mistake.
        Err(answer) => {
            answer.print()?;
            Ok(u8::try_from(answer.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from))
        }
    }
}

impl CommandLine {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let environment = Environment::of_this_process();
        let sources = match self.configuration {
            Some(file) => Sources::with_file(file, environment),
            None => Sources::usual(Path::new("."), environment),
        };
        let configuration = Configuration::load(&sources)?;
        telemetry::start_log(&configuration.log)?;
        install_cryptography();
        match self.command {
            Command::Run(arguments) => roles::run(configuration, &arguments).await,
            Command::Check => check::run(configuration).await,
            Command::Migrate { command } => migrate::run(configuration, command).await,
            Command::Audit => audit::run(configuration).await,
            Command::Jobs { command } => jobs::run(configuration, command).await,
            Command::Failures(arguments) => failures::run(configuration, arguments).await,
            Command::Health(arguments) => health::run(configuration, arguments).await,
            Command::Credits { command } => credits::run(configuration, command).await,
            Command::Account { command } => account::run(configuration, command).await,
        }
    }
}

/// Chooses the cryptography of every TLS connection of this process.
pub(crate) fn install_cryptography() {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        // Somebody was faster, which only happens when several containers are built in one process.
        tracing::debug!("the process has its cryptography already");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        CommandLine::command().debug_assert();
    }
}

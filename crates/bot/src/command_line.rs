//! The command line. Every command may be repeated without harm.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    account, audit, backup, check, credits, failures, health, invite, jobs, migrate, pause, restore,
};
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
    /// Make a backup of the database and a list of all objects, sealed; or list the backups
    Backup(backup::BackupArguments),
    /// Restore a backup into an empty database, and compare the objects with its list
    Restore(restore::RestoreArguments),
    /// Look at jobs, or give a buried one another try
    Jobs {
        #[command(subcommand)]
        command: jobs::JobsCommand,
    },
    /// Unexpected failures, the latest first; or the one that a person was told the reference of
    Failures(failures::FailuresArguments),
    /// Whether the bot is ready; exit code 1 when it is not
    Health(health::HealthArguments),
    /// Pause something that people can do, a provider or a model, until `resume`; what is under way goes on
    Pause(pause::PauseArguments),
    /// Lift a pause
    Resume(pause::ResumeArguments),
    /// List what is paused
    Pauses,
    /// Ask everybody but operators to come back later, or answer again
    Maintenance {
        #[command(subcommand)]
        command: pause::MaintenanceCommand,
    },
    /// Invitations, for `[access] mode = "invite"`
    Invite {
        #[command(subcommand)]
        command: invite::InviteCommand,
    },
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
            Command::Backup(arguments) => backup::run(configuration, arguments).await,
            Command::Restore(arguments) => restore::run(configuration, arguments).await,
            Command::Jobs { command } => jobs::run(configuration, command).await,
            Command::Failures(arguments) => failures::run(configuration, arguments).await,
            Command::Health(arguments) => health::run(configuration, arguments).await,
            Command::Pause(arguments) => pause::pause(configuration, arguments).await,
            Command::Resume(arguments) => pause::resume(configuration, arguments).await,
            Command::Pauses => pause::list(configuration).await,
            Command::Maintenance { command } => pause::maintenance(configuration, command).await,
            Command::Invite { command } => invite::run(configuration, command).await,
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

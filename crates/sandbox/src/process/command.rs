//! How the bot's program is called: which executable, with which environment, where.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Serialize;
use tokio::process::Command;
use tokio::time::timeout;

use super::bot_process::ProcessError;
use super::lifeline::LIFELINE_VARIABLE;

/// How long a command of the bot may take.
const COMMAND_TIMEOUT: Duration = Duration::from_mins(1);
/// What the bot's variables begin with.
const PREFIX: &str = "AISHA_";

/// The bot's program and the surroundings that every call of it gets.
#[derive(Clone, Debug)]
pub struct BotProgram {
    /// The executable.
    pub executable: PathBuf,
    /// Arguments that come before those of the call.
    pub leading_arguments: Vec<OsString>,
    /// The bot's configuration.
    pub environment: BTreeMap<String, String>,
    /// Where it runs: the data directory, so that no stray configuration file is found.
    pub directory: PathBuf,
}

/// What a command of the bot answered.
#[derive(Clone, Debug, Serialize)]
pub struct CommandOutput {
    /// Exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl BotProgram {
    /// A call with these arguments. Of the sandbox's own environment only what is not the bot's configuration goes
    /// along.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.executable);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with(PREFIX) {
                command.env_remove(name);
            }
        }
        command
            .args(&self.leading_arguments)
            .args(arguments)
            .envs(&self.environment)
            .current_dir(&self.directory)
            .kill_on_drop(true)
            // Ctrl-C is for the sandbox, which then stops the bot in order.
            .process_group(0);
        command
    }

    /// Runs a command of the bot to its end.
    ///
    /// # Errors
    /// When it can't be started or takes more than a minute.
    pub async fn run(&self, arguments: &[&str]) -> Result<CommandOutput, ProcessError> {
        let mut command = self.command(arguments);
        command.env_remove(LIFELINE_VARIABLE).stdin(Stdio::null());
        let output = timeout(COMMAND_TIMEOUT, command.output())
            .await
            .map_err(|_| ProcessError::TimedOut)?
            .map_err(ProcessError::NotStarted)?;
        Ok(CommandOutput {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

//! The program: what its command line asks for is done, and a failure is told in one paragraph.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::command_line::{Asked, CommandLine};
use crate::driving::{BotDatabase, SystemView};
use crate::process::end_with_parent;
use crate::running::DataDirectory;

/// Runs the sandbox, or the bot, as the process's arguments say.
pub fn main() -> ExitCode {
    let asked = CommandLine::parse().asked();
    match run(asked) {
        Ok(code) => code,
        Err(error) => {
            // Nothing can be done when even this can't be said.
            let _unsaid = writeln!(std::io::stderr(), "sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: Asked) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match asked {
        Asked::Bot(arguments) => {
            end_with_parent();
            // The one place where the bot is called.
            runtime.block_on(bot::command_line::run(arguments))
        }
        Asked::Sandbox(command_line) => {
            let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
            let colours = std::io::stderr().is_terminal();
            let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours);
            log.with_writer(std::io::stderr).init();
            runtime.block_on(command_line.run(system_view))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The view into the bot's database. This is the one place where it is chosen.
fn system_view(data: &DataDirectory, elsewhere: Option<&str>) -> Arc<dyn SystemView> {
    Arc::new(match elsewhere {
        Some(url) => BotDatabase::at(url),
        None => BotDatabase::in_file(data.database()),
    })
}

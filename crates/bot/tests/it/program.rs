//! The real program, in a directory of its own and with nothing of this process's environment.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// The program and where it runs.
pub struct Program {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

impl Program {
    /// A program with a token that opens nothing and a key of a provider that nobody reaches.
    pub fn new() -> Self {
        // Nobody listens on the first port of all.
        let nowhere = "http://127.0.0.1:1";
        Self::bare()
            .with("AISHA_TELEGRAM__TOKEN", "1:opens-nothing")
            .with("AISHA_TELEGRAM__API_URL", nowhere)
            .with("AISHA_IMAGEN__API_KEY", "no-key")
            .with("AISHA_IMAGEN__BASE_URL", nowhere)
            .with("AISHA_DATABASE__URL", "sqlite://data/aisha.db")
            .with("AISHA_WEB__LISTEN", "127.0.0.1:0")
    }

    /// A program without any setting.
    pub fn bare() -> Self {
        Self { directory: TempDir::new().unwrap(), variables: Vec::new() }
    }

    /// The same with this variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The value of a variable.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self.command(arguments).output().unwrap();
        Outcome::from(output)
    }

    /// Starts a command whose log can be read.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bot"));
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.directory())
            .stdin(Stdio::null());
        command
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub said: String,
    pub complained: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            said: String::from_utf8(output.stdout).unwrap(),
            complained: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

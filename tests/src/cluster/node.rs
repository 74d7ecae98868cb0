//! One bot as a process.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, ChildStdin, Command};
use tokio::time::{Instant, timeout};

use super::NodeLog;
use crate::studio::studio_program;

/// What a bot says when it runs.
const RUNS: &str = "the bot runs";
/// What a bot says when its web server can be reached, before `address=…`.
const LISTENS: &str = "the web server listens";

/// What a bot does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Everything.
    All,
    /// Conversations.
    Chat,
    /// Jobs, and sweeping.
    Worker,
    /// Webhooks, links, health.
    Web,
}

impl fmt::Display for Role {
    /// As the command line has it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::All => "all",
            Self::Chat => "chat",
            Self::Worker => "worker",
            Self::Web => "web",
        })
    }
}

/// How every bot of a cluster is called.
#[derive(Debug, Clone)]
pub(super) struct Program {
    /// The configuration.
    pub(super) environment: BTreeMap<String, String>,
    /// Where it runs, so that no stray configuration file is found.
    pub(super) directory: PathBuf,
}

/// A running bot. Dropping it kills it.
#[derive(Debug)]
pub struct Node {
    role: Role,
    process: Child,
    /// As long as it is open, the bot knows that the test is there.
    _lifeline: ChildStdin,
    log: NodeLog,
    web_address: Option<SocketAddr>,
    asked_to_stop_at: Option<Instant>,
}

impl Node {
    /// Starts a bot, and waits until it runs.
    pub(super) async fn start(program: &Program, name: &str, role: Role, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(studio_program());
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("AISHA_") {
                command.env_remove(variable);
            }
        }
        command
            .args(["bot", "run", "--role", &role.to_string()])
            .envs(&program.environment)
            .envs(variables.iter().copied())
            .env("SANDBOX_LIFELINE", "1")
            .current_dir(&program.directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let log = NodeLog::of(name);
        log.take_in(process.stdout.take().unwrap());
        log.take_in(process.stderr.take().unwrap());
        let lifeline = process.stdin.take().unwrap();
        let mut node =
            Self { role, process, _lifeline: lifeline, log, web_address: None, asked_to_stop_at: None };
        node.wait_until_it_runs().await;
        node
    }

    async fn wait_until_it_runs(&mut self) {
        let log = self.log.clone();
        tokio::select! {
            biased;
            _ = log.wait_for(RUNS) => {}
            ended = self.process.wait() => {
                panic!("a {} ended at its start ({}):\n{}", self.role, ended.unwrap(), log.tail());
            }
        }
        if matches!(self.role, Role::Web | Role::All) {
            let line = log.wait_for(LISTENS).await;
            let (_, address) = line.split_once("address=").unwrap();
            self.web_address = Some(address.trim().parse().unwrap());
        }
    }

    /// What it does.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where its web server listens, if it has one.
    pub fn web_address(&self) -> Option<SocketAddr> {
        self.web_address
    }

    /// What it has printed.
    pub fn log(&self) -> &NodeLog {
        &self.log
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.id().expect("the process runs")
    }

    /// Whether it has ended by itself, and how.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().unwrap()
    }

    /// Kills it without a warning.
    pub(super) async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Asks it to stop, and checks that it ends in order and in time; how long it took.
    pub(super) async fn stop(&mut self, limit: Duration) -> Duration {
        let asked_at = self.ask_to_stop().await;
        let ended = timeout(limit, self.process.wait()).await;
        let ended = ended.unwrap_or_else(|_| panic!("a {} did not stop:\n{}", self.role, self.log.tail()));
        let ended = ended.unwrap();
        assert!(ended.success(), "a {} ended with {ended}:\n{}", self.role, self.log.tail());
        asked_at.elapsed()
    }

    /// Asks it to stop, once: asked twice, a bot ends at once. When it was asked.
    pub(super) async fn ask_to_stop(&mut self) -> Instant {
        if let Some(asked_at) = self.asked_to_stop_at {
            return asked_at;
        }
        let now = Instant::now();
        self.asked_to_stop_at = Some(now);
        self.signal("-TERM").await;
        now
    }

    pub(super) async fn freeze(&self) {
        self.signal("-STOP").await;
    }

    pub(super) async fn thaw(&self) {
        self.signal("-CONT").await;
    }

    async fn signal(&self, signal: &str) {
        let id = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("── what a {} printed last:\n{}", self.role, self.log.tail());
        }
    }
}

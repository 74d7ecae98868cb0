//! The running bot: its state, its signals, its end.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde::Serialize;
use tokio::process::Child;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, timeout};

use super::command::{BotProgram, CommandOutput};
use super::lifeline::LIFELINE_VARIABLE;
use super::log::BotLog;
use crate::clock;

/// How long the bot may take to stop in order before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(25);

/// Why something could not be done with the bot.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The program can't be started.
    #[error("the bot's program can't be started")]
    NotStarted(#[source] std::io::Error),
    /// It runs already.
    #[error("the bot is running already")]
    Running,
    /// It does not run.
    #[error("the bot is not running")]
    NotRunning,
    /// A signal was refused.
    #[error("the signal could not be sent")]
    Signal(#[source] std::io::Error),
    /// It took too long.
    #[error("the bot's command took too long")]
    TimedOut,
}

/// What the process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BotState {
    /// It runs.
    Running,
    /// It was frozen and does nothing.
    Frozen,
    /// There is no process.
    Stopped,
}

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exit {
    /// Exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Unix milliseconds.
    pub at_ms: u64,
    /// Somebody asked for it; otherwise it died by itself.
    pub asked_for: bool,
}

/// The process as it is now.
#[derive(Clone, Debug, Serialize)]
pub struct BotStatus {
    /// What it does.
    pub state: BotState,
    /// Whether there is a process, frozen or not.
    pub running: bool,
    /// Its process id.
    pub pid: Option<u32>,
    /// When it was started, Unix milliseconds.
    pub started_at_ms: Option<u64>,
    /// Seconds since it was started.
    pub uptime_seconds: Option<u64>,
    /// How often it was started.
    pub starts: u32,
    /// How the last one ended.
    pub last_exit: Option<Exit>,
}

/// The bot's process. Clones share it.
#[derive(Clone, Debug)]
pub struct BotProcess {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    program: Mutex<BotProgram>,
    state: watch::Sender<Life>,
    log: BotLog,
}

/// The process's life so far; [`BotProcess::status`] tells it.
#[derive(Clone, Debug, Default)]
pub struct Life {
    current: Option<Current>,
    starts: u32,
    last_exit: Option<Exit>,
}

#[derive(Clone, Debug)]
struct Current {
    pid: u32,
    started: Instant,
    started_at_ms: u64,
    frozen: bool,
    asked_to_end: bool,
}

impl BotProcess {
    /// A bot that does not run yet; what it prints goes to `bot.log` in its directory.
    pub fn new(program: BotProgram) -> Self {
        let log = BotLog::to_file(program.directory.join("bot.log"));
        let (state, _) = watch::channel(Life::default());
        Self { shared: Arc::new(Shared { program: Mutex::new(program), state, log }) }
    }

    /// Starts the bot.
    ///
    /// # Errors
    /// When it runs already or can't be started.
    pub async fn start(&self) -> Result<(), ProcessError> {
        let mut command = self.program().command(&["run", "--role", "all"]);
        command
            .env(LIFELINE_VARIABLE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut outcome = Err(ProcessError::Running);
        self.shared.state.send_modify(|life| {
            if life.current.is_some() {
                return;
            }
            outcome = command.spawn().map_err(ProcessError::NotStarted);
            if let Ok(child) = &outcome {
                life.starts += 1;
                life.current = Some(Current {
                    pid: child.id().unwrap_or_default(),
                    started: Instant::now(),
                    started_at_ms: clock::unix_millis(),
                    frozen: false,
                    asked_to_end: false,
                });
            }
        });
        let child = outcome?;
        self.shared.log.add("── the bot is started ──".to_owned()).await;
        tokio::spawn(self.clone().watch(child));
        Ok(())
    }

    /// Kills the bot at once, as `kill -9`.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&self) -> Result<(), ProcessError> {
        self.signal(Signal::KILL)?;
        self.wait_for_end(STOP_TIMEOUT).await.ok_or(ProcessError::TimedOut)
    }

    /// Asks the bot to stop in order, and kills it when it takes more than 25 seconds.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn stop(&self) -> Result<(), ProcessError> {
        if self.status().state == BotState::Frozen {
            self.thaw()?;
        }
        self.signal(Signal::TERM)?;
        match self.wait_for_end(STOP_TIMEOUT).await {
            Some(()) => Ok(()),
            None => self.kill().await,
        }
    }

    /// Freezes the bot: it keeps everything and does nothing.
    ///
    /// # Errors
    /// When it does not run.
    pub fn freeze(&self) -> Result<(), ProcessError> {
        self.signal(Signal::STOP)
    }

    /// Lets a frozen bot go on.
    ///
    /// # Errors
    /// When it does not run.
    pub fn thaw(&self) -> Result<(), ProcessError> {
        self.signal(Signal::CONT)
    }

    /// The process as it is now.
    pub fn status(&self) -> BotStatus {
        let life = self.shared.state.borrow();
        let state = match &life.current {
            None => BotState::Stopped,
            Some(current) if current.frozen => BotState::Frozen,
            Some(_) => BotState::Running,
        };
        BotStatus {
            state,
            running: life.current.is_some(),
            pid: life.current.as_ref().map(|current| current.pid),
            started_at_ms: life.current.as_ref().map(|current| current.started_at_ms),
            uptime_seconds: life.current.as_ref().map(|current| current.started.elapsed().as_secs()),
            starts: life.starts,
            last_exit: life.last_exit.clone(),
        }
    }

    /// Changes whenever [`Self::status`] does.
    pub fn changes(&self) -> watch::Receiver<Life> {
        self.shared.state.subscribe()
    }

    /// Waits until the bot does not run; none when it takes longer than `limit`.
    pub async fn wait_for_end(&self, limit: Duration) -> Option<()> {
        let mut changes = self.shared.state.subscribe();
        let ended = changes.wait_for(|life| life.current.is_none());
        timeout(limit, ended).await.ok().map(|_| ())
    }

    /// Runs a command of the bot to its end, beside the running process.
    ///
    /// # Errors
    /// When it can't be started or takes more than a minute.
    pub async fn run_command(&self, arguments: &[&str]) -> Result<CommandOutput, ProcessError> {
        let program = self.program().clone();
        program.run(arguments).await
    }

    /// Sets or removes variables of the bot's configuration, which act from its next start.
    pub fn configure(&self, variables: impl IntoIterator<Item = (String, Option<String>)>) {
        let mut program = self.program();
        for (name, value) in variables {
            match value {
                Some(value) => program.environment.insert(name, value),
                None => program.environment.remove(&name),
            };
        }
    }

    /// The bot's configuration.
    pub fn environment(&self) -> std::collections::BTreeMap<String, String> {
        self.program().environment.clone()
    }

    /// The latest lines that the bot printed, oldest first.
    pub fn log_tail(&self) -> Vec<String> {
        self.shared.log.tail()
    }

    /// Lines that the bot prints from now on.
    pub fn listen_to_log(&self) -> broadcast::Receiver<String> {
        self.shared.log.listen()
    }

    fn signal(&self, signal: Signal) -> Result<(), ProcessError> {
        let mut outcome = Err(ProcessError::NotRunning);
        self.shared.state.send_modify(|life| {
            let Some(current) = &mut life.current else { return };
            let Some(pid) = i32::try_from(current.pid).ok().and_then(Pid::from_raw) else {
                return;
            };
            outcome = kill_process(pid, signal).map_err(|error| ProcessError::Signal(error.into()));
            if signal == Signal::STOP {
                current.frozen = true;
            } else if signal == Signal::CONT {
                current.frozen = false;
            } else {
                current.asked_to_end = true;
            }
        });
        outcome
    }

    /// Takes in what the bot prints until it ends, and notes how it ended.
    async fn watch(self, mut child: Child) {
        // The lifeline: as long as it is open, the bot knows that the sandbox is there.
        let lifeline = child.stdin.take();
        let stdout = child.stdout.take().map(|output| tokio::spawn(self.shared.log.clone().take_in(output)));
        let stderr = child.stderr.take().map(|output| tokio::spawn(self.shared.log.clone().take_in(output)));
        let ended = child.wait().await;
        drop(lifeline);
        for reader in [stdout, stderr].into_iter().flatten() {
            if reader.await.is_err() {
                tracing::warn!("reading the bot's output failed");
            }
        }
        let (code, signal) = match &ended {
            Ok(status) => (status.code(), status.signal()),
            Err(_) => (None, None),
        };
        let how = describe(ended.ok());
        self.shared.log.add(format!("── the bot has ended: {how} ──")).await;
        self.shared.state.send_modify(|life| {
            let asked_for = life.current.take().is_some_and(|current| current.asked_to_end);
            if !asked_for {
                tracing::warn!(
                    "the bot has ended by itself ({how}); bot.log in the data directory tells more"
                );
            }
            life.last_exit = Some(Exit { code, signal, at_ms: clock::unix_millis(), asked_for });
        });
    }

    fn program(&self) -> MutexGuard<'_, BotProgram> {
        self.shared.program.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn describe(status: Option<ExitStatus>) -> String {
    match status.map(|status| (status.code(), status.signal())) {
        Some((Some(code), _)) => format!("exit code {code}"),
        Some((None, Some(9))) => "killed".to_owned(),
        Some((None, Some(signal))) => format!("signal {signal}"),
        Some((None, None)) | None => "nobody knows how".to_owned(),
    }
}

//! Keeps one process alive: whenever it has ended it is started again.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use crate::bots::appended;

/// How long after an end the process is started again.
const PAUSE: Duration = Duration::from_secs(1);
/// The signal by which processes are killed here.
const KILL: i32 = 9;

/// A process that is kept alive.
#[derive(Debug)]
pub struct Supervised {
    name: String,
    log: PathBuf,
    pid: watch::Sender<Option<u32>>,
    starts: AtomicU32,
    ended_by_itself: AtomicU32,
}

/// Keeps a process alive until this is dropped.
#[derive(Debug)]
pub struct Supervisor {
    watching: AbortHandle,
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // The process is killed with the task that waits for it.
        self.watching.abort();
    }
}

impl Supervisor {
    /// Keeps alive what `command` makes; what it prints is appended to `log`.
    pub fn keep_alive(
        name: String,
        log: PathBuf,
        command: impl Fn() -> Command + Send + 'static,
    ) -> (Arc<Supervised>, Self) {
        let place = Arc::new(Supervised {
            name,
            log,
            pid: watch::Sender::new(None),
            starts: AtomicU32::new(0),
            ended_by_itself: AtomicU32::new(0),
        });
        let watched = Arc::clone(&place);
        let watching = tokio::spawn(async move {
            loop {
                watched.run_once(command()).await;
                sleep(PAUSE).await;
            }
        });
        (place, Self { watching: watching.abort_handle() })
    }
}

impl Supervised {
    async fn run_once(&self, mut command: Command) {
        command.stdout(appended(&self.log)).stderr(appended(&self.log));
        let mut child: Child = command.spawn().expect("the bot can be started");
        // As long as it is open, the bot knows that somebody is there.
        let lifeline = child.stdin.take();
        self.starts.fetch_add(1, Ordering::SeqCst);
        self.pid.send_replace(child.id());
        let ended = child.wait().await.expect("a process ends");
        self.pid.send_replace(None);
        drop(lifeline);
        if ended.signal() != Some(KILL) {
            self.ended_by_itself.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// What it is called: its role and number.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        *self.pid.borrow()
    }

    /// How often it was started.
    pub fn starts(&self) -> u32 {
        self.starts.load(Ordering::SeqCst)
    }

    /// How often it ended although nobody killed it, as when the database was away at its start.
    pub fn ended_by_itself(&self) -> u32 {
        self.ended_by_itself.load(Ordering::SeqCst)
    }

    /// Everything that it has printed.
    pub fn printed(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Kills it without a warning, if it runs.
    pub async fn kill(&self) {
        if let Some(pid) = self.pid() {
            signal(pid, "-KILL").await;
        }
    }

    /// Lets it stand still for `span`; a process that is killed meanwhile stays killed.
    pub async fn freeze(&self, span: Duration) {
        let Some(pid) = self.pid() else {
            return;
        };
        signal(pid, "-STOP").await;
        let mut changes = self.pid.subscribe();
        // The sender lives as long as this place.
        let is_killed = async { drop(changes.wait_for(|now| *now != Some(pid)).await) };
        if timeout(span, is_killed).await.is_err() {
            signal(pid, "-CONT").await;
        }
    }
}

/// Sends a signal to a process that may be gone by now.
async fn signal(pid: u32, signal: &str) {
    let sent = Command::new("kill").args([signal, &pid.to_string()]).output().await;
    sent.expect("kill can be run");
}

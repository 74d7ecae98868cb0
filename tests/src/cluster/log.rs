//! What a process prints: kept, and waited for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

/// How long a line is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many lines tell what a process did last.
const TAIL: usize = 40;

/// What a process has printed so far. Clones share it; it stays when the process is gone.
#[derive(Debug, Clone)]
pub struct NodeLog {
    name: String,
    lines: Arc<Mutex<Vec<(Instant, String)>>>,
    count: watch::Sender<usize>,
}

impl NodeLog {
    pub(super) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), lines: Arc::default(), count: watch::Sender::new(0) }
    }

    /// Takes in everything that `output` says, until it closes.
    pub(super) fn take_in(&self, output: impl AsyncRead + Send + Unpin + 'static) {
        let log = self.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                log.lines.lock().unwrap().push((Instant::now(), line));
                log.count.send_modify(|count| *count += 1);
            }
        });
    }

    /// The lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }

    /// When a line with `part` in it was printed last.
    pub fn when_last(&self, part: &str) -> Option<Instant> {
        let lines = self.lines.lock().unwrap();
        lines.iter().rev().find(|(_, line)| line.contains(part)).map(|(at, _)| *at)
    }

    /// Waits up to a minute for a line with `part` in it; the first such line.
    pub async fn wait_for(&self, part: &str) -> String {
        let mut changes = self.count.subscribe();
        let found = async {
            loop {
                changes.mark_unchanged();
                let found = self.lines().into_iter().find(|line| line.contains(part));
                if let Some(found) = found {
                    return found;
                }
                // The sender lives as long as this log.
                drop(changes.changed().await);
            }
        };
        match timeout(PATIENCE, found).await {
            Ok(line) => line,
            Err(_) => panic!("{} did not say {part:?} within a minute:\n{}", self.name, self.tail()),
        }
    }

    /// The last lines, to be read by a person.
    pub fn tail(&self) -> String {
        let lines = self.lines();
        lines[lines.len().saturating_sub(TAIL)..].join("\n")
    }
}

//! What the bot prints: in a file of bounded size, its latest lines at hand, and new ones for those who listen.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::fs::{File, OpenOptions, rename};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::sync::{broadcast, mpsc};

/// Lines that are at hand.
const LINES_AT_HAND: usize = 400;
/// Bytes after which the file is set aside as `….old` and begun anew.
const LARGEST_FILE: u64 = 20 * 1024 * 1024;
/// Longest line that is kept, in bytes.
const LONGEST_LINE: usize = 4_000;
/// Lines that wait to be written; above it the bot waits.
const BACKLOG: usize = 1_024;
/// How far a listener may fall behind before it misses lines.
const LISTENER_BACKLOG: usize = 512;

/// The bot's log. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct BotLog {
    latest: Arc<Mutex<VecDeque<String>>>,
    listeners: broadcast::Sender<String>,
    writer: mpsc::Sender<String>,
}

impl BotLog {
    /// A log into this file, which is appended to.
    pub(super) fn to_file(path: PathBuf) -> Self {
        let (writer, lines) = mpsc::channel(BACKLOG);
        tokio::spawn(write_lines(path, lines));
        let (listeners, _) = broadcast::channel(LISTENER_BACKLOG);
        Self { latest: Arc::default(), listeners, writer }
    }

    /// Takes in everything that `output` says, until it closes.
    pub(super) async fn take_in(self, output: impl AsyncRead + Unpin) {
        let mut lines = BufReader::new(output).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            let text = String::from_utf8_lossy(line.get(..LONGEST_LINE).unwrap_or(&line)).into_owned();
            self.add(text).await;
        }
    }

    /// Adds a line.
    pub(super) async fn add(&self, line: String) {
        {
            let mut latest = self.latest();
            if latest.len() == LINES_AT_HAND {
                latest.pop_front();
            }
            latest.push_back(line.clone());
        }
        // An error only says that nobody listens.
        let _nobody_listens = self.listeners.send(line.clone());
        if self.writer.send(line).await.is_err() {
            tracing::warn!("the bot's log file is closed");
        }
    }

    /// The latest lines, oldest first.
    pub(super) fn tail(&self) -> Vec<String> {
        self.latest().iter().cloned().collect()
    }

    /// Lines from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<String> {
        self.listeners.subscribe()
    }

    fn latest(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write_lines(path: PathBuf, mut lines: mpsc::Receiver<String>) {
    if let Err(error) = write_until_closed(&path, &mut lines).await {
        tracing::warn!(%error, path = %path.display(), "the bot's log can't be written");
    }
    // The bot must not stand still for want of a reader.
    while lines.recv().await.is_some() {}
}

async fn write_until_closed(path: &PathBuf, lines: &mut mpsc::Receiver<String>) -> std::io::Result<()> {
    let mut file = open(path).await?;
    let mut size = file.metadata().await?.len();
    while let Some(mut line) = lines.recv().await {
        line.push('\n');
        size += u64::try_from(line.len()).unwrap_or_default();
        file.write_all(line.as_bytes()).await?;
        file.flush().await?;
        if size > LARGEST_FILE {
            rename(path, path.with_extension("log.old")).await?;
            file = open(path).await?;
            size = 0;
        }
    }
    Ok(())
}

async fn open(path: &PathBuf) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path).await
}

//! Chats, people and files on disk, so that the next run begins where this one ended.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::chat::Chat;
use super::files::{FileDescription, StoredFile};
use super::person::Person;
use super::profile::BotProfile;
use super::updates::Waiting;

/// Everything that outlives a run.
#[derive(Debug)]
pub struct Kept {
    /// Everything but the files' contents.
    pub state: KeptState,
    /// Files, oldest first.
    pub files: Vec<StoredFile>,
}

/// Everything that outlives a run but the files' contents.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptState {
    /// The number of the next update.
    pub next_update_id: i64,
    /// No callback query, file, payment or album of the next run has a number below.
    pub next_number: u64,
    /// The bot's face.
    pub bot: BotProfile,
    /// People.
    pub people: Vec<Person>,
    /// Chats by the id of their person.
    pub chats: BTreeMap<i64, Chat>,
    /// Updates that wait for the bot.
    pub waiting: Vec<Waiting>,
    files: Vec<FileDescription>,
}

impl KeptState {
    /// The state with these parts.
    pub const fn new(
        next_update_id: i64,
        next_number: u64,
        bot: BotProfile,
        people: Vec<Person>,
        chats: BTreeMap<i64, Chat>,
        waiting: Vec<Waiting>,
    ) -> Self {
        Self { next_update_id, next_number, bot, people, chats, waiting, files: Vec::new() }
    }
}

/// Writes everything into the directory. A file that is there already is not written again; one that nobody needs any
/// more is removed.
///
/// # Errors
/// When the directory can't be written.
pub fn write(directory: &Path, mut kept: Kept) -> io::Result<()> {
    let files = directory.join("files");
    fs::create_dir_all(&files)?;
    let mut needed = std::collections::BTreeSet::new();
    for file in kept.files {
        let name = content_name(&file.description.file_id);
        let path = files.join(&name);
        if !path.try_exists()? {
            write_whole(&path, &file.bytes)?;
        }
        needed.insert(name);
        kept.state.files.push(file.description);
    }
    write_whole(&directory.join("chats.json"), &serde_json::to_vec(&kept.state)?)?;
    for entry in fs::read_dir(&files)? {
        let entry = entry?;
        let is_needed = entry.file_name().to_str().is_some_and(|name| needed.contains(name));
        if !is_needed {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Reads what an earlier run has written; none when there was none.
///
/// # Errors
/// When it can't be read or understood.
pub fn read(directory: &Path) -> io::Result<Option<Kept>> {
    let state = match fs::read(directory.join("chats.json")) {
        Ok(state) => state,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut state: KeptState = serde_json::from_slice(&state)?;
    let mut files = Vec::with_capacity(state.files.len());
    for description in std::mem::take(&mut state.files) {
        let path = directory.join("files").join(content_name(&description.file_id));
        files.push(StoredFile { bytes: Bytes::from(fs::read(path)?), description });
    }
    Ok(Some(Kept { state, files }))
}

/// A file name without anything that a file system could mind.
fn content_name(file_id: &str) -> String {
    hex::encode(Sha256::digest(file_id))
}

/// A reader sees the old content or the new, never half of it.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    fs::write(&beside, content)?;
    fs::rename(beside, path)
}

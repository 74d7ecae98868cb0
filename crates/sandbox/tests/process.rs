//! The bot's process: started, frozen, stopped, killed, and dying by itself. A shell script plays the bot.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests stop the test; clippy exempts only the test functions themselves"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use sandbox::process::{BotProcess, BotProgram, BotState, ProcessError};
use tokio::sync::broadcast;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// A directory that goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sandbox-process-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A bot that is this shell script; `$1` and so on are its arguments.
fn bot(directory: &Directory, script: &str) -> BotProcess {
    BotProcess::new(BotProgram {
        executable: "/bin/sh".into(),
        leading_arguments: vec!["-c".into(), script.into(), "bot".into()],
        environment: BTreeMap::from([("AISHA_TELEGRAM__TOKEN".to_owned(), "1:x".to_owned())]),
        directory: directory.0.clone(),
    })
}

async fn heard(lines: &mut broadcast::Receiver<String>, wanted: &str) {
    let listening = async { while !lines.recv().await.unwrap().contains(wanted) {} };
    timeout(PATIENCE, listening).await.expect("the bot says it in time");
}

/// Waits until all of these words stand in a file, which is written beside what goes on.
async fn written(file: &std::path::Path, words: &[&str]) {
    let deadline = std::time::Duration::from_secs(10);
    let all_there = async {
        while !std::fs::read_to_string(file).is_ok_and(|log| words.iter().all(|words| log.contains(words))) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(deadline, all_there).await.is_ok();
    assert!(in_time, "{words:?} in {}", std::fs::read_to_string(file).unwrap_or_default());
}

#[tokio::test]
async fn it_runs_until_it_is_killed() {
    let directory = Directory::new("killed");
    let bot = bot(&directory, "echo polling as $* with $AISHA_TELEGRAM__TOKEN; exec sleep 60");
    let mut lines = bot.listen_to_log();
    assert!(matches!(bot.kill().await, Err(ProcessError::NotRunning)));
    bot.start().await.unwrap();
    heard(&mut lines, "polling as run --role all with 1:x").await;
    assert!(matches!(bot.start().await, Err(ProcessError::Running)));
    let status = bot.status();
    assert_eq!(status.state, BotState::Running);
    assert!(status.pid.is_some());

    bot.kill().await.unwrap();
    let status = bot.status();
    assert_eq!((status.state, status.running, status.pid), (BotState::Stopped, false, None));
    let exit = status.last_exit.unwrap();
    assert_eq!((exit.signal, exit.asked_for), (Some(9), true));

    bot.start().await.unwrap();
    assert_eq!(bot.status().starts, 2);
    bot.stop().await.unwrap();
    assert_eq!(bot.status().last_exit.unwrap().signal, Some(15));
    written(&directory.0.join("bot.log"), &["polling as run --role all", "the bot has ended: killed"]).await;
}

#[tokio::test]
async fn a_frozen_bot_goes_on_where_it_was() {
    let directory = Directory::new("frozen");
    let bot = bot(&directory, "while :; do echo tick; sleep 0.05; done");
    let mut lines = bot.listen_to_log();
    bot.start().await.unwrap();
    heard(&mut lines, "tick").await;
    bot.freeze().unwrap();
    assert_eq!(bot.status().state, BotState::Frozen);
    bot.thaw().unwrap();
    assert_eq!(bot.status().state, BotState::Running);
    heard(&mut lines, "tick").await;
    // A frozen one is woken to hear that it has to stop.
    bot.freeze().unwrap();
    bot.stop().await.unwrap();
    assert!(!bot.status().running);
}

#[tokio::test]
async fn one_that_dies_by_itself_is_noticed() {
    let directory = Directory::new("dying");
    let bot = bot(&directory, "echo no token >&2; exit 3");
    let mut changes = bot.changes();
    bot.start().await.unwrap();
    timeout(PATIENCE, async {
        while bot.status().running {
            changes.changed().await.unwrap();
        }
    })
    .await
    .unwrap();
    let exit = bot.status().last_exit.unwrap();
    assert_eq!((exit.code, exit.asked_for), (Some(3), false));
    assert!(bot.log_tail().iter().any(|line| line == "no token"));
}

#[tokio::test]
async fn commands_run_beside_it_with_the_same_configuration() {
    let directory = Directory::new("commands");
    let bot =
        bot(&directory, "echo $AISHA_TELEGRAM__TOKEN $AISHA_WEB__LISTEN $1 \"$2\"; echo oh >&2; exit 4");
    bot.configure([
        ("AISHA_WEB__LISTEN".to_owned(), Some("127.0.0.1:1".to_owned())),
        ("AISHA_TELEGRAM__TOKEN".to_owned(), Some("2:y".to_owned())),
    ]);
    let output = bot.run_command(&["credits", "grant it"]).await.unwrap();
    assert_eq!(output.stdout, "2:y 127.0.0.1:1 credits grant it\n");
    assert_eq!(output.stderr, "oh\n");
    assert_eq!(output.code, Some(4));
    bot.configure([("AISHA_WEB__LISTEN".to_owned(), None)]);
    assert_eq!(bot.environment().len(), 1);
}

#[tokio::test]
async fn a_program_that_is_not_there_says_so() {
    let directory = Directory::new("absent");
    let program = BotProgram {
        executable: directory.0.join("nothing"),
        leading_arguments: Vec::new(),
        environment: BTreeMap::new(),
        directory: directory.0.clone(),
    };
    let bot = BotProcess::new(program);
    assert!(matches!(bot.start().await, Err(ProcessError::NotStarted(_))));
    assert!(!bot.status().running);
}

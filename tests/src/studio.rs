//! A studio of its own for one test: the sandbox's servers and the real bot, each a process, on free ports and over a
//! directory that is thrown away.

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::driving::Driving;
use crate::fault::Fault;
use crate::person::Person;
use crate::quiet::is_quiet;

/// The studio. [`Studio::close`] ends it with an audit; a test that does not reach it ends it all the same.
pub struct Studio {
    driving: Driving,
    // Dropped in this order: the processes end before their directory goes.
    process: Child,
    _directory: TempDir,
    /// Where the bot's files are.
    pub data: std::path::PathBuf,
}

impl Studio {
    /// Opens a studio with patience fit for tests.
    pub async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// Opens a studio whose bot has these settings on top.
    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        Self::serve(&[], settings).await
    }

    /// The sandbox's servers alone. Its commands of the bot have these settings on top.
    pub async fn without_bot(settings: &[(&str, &str)]) -> Self {
        Self::serve(&["--no-bot"], settings).await
    }

    async fn serve(options: &[&str], settings: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut command = Command::new(studio_program());
        command.arg("serve").args(options).args(["--json", "--data"]).arg(directory.path());
        // People of these tests ask for several things at once, unless a test says otherwise.
        for (name, value) in [("AISHA_GENERATION__MAX_UNDER_WAY", "3")].iter().chain(settings) {
            command.arg("--bot-env").arg(format!("{name}={value}"));
        }
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let line = timeout(Duration::from_secs(60), lines.next_line()).await;
        let line = line.expect("the sandbox did not start within a minute").unwrap();
        let urls: Value = serde_json::from_str(&line.expect("the sandbox ended at its start")).unwrap();
        let driving = Driving::new(urls["driving"].as_str().unwrap());
        let data = directory.path().to_owned();
        Self { driving, process, _directory: directory, data }
    }

    /// The driving API.
    pub fn driving(&self) -> &Driving {
        &self.driving
    }

    /// A new person whose Telegram speaks `language`.
    pub async fn stranger(&self, language: &str) -> Person {
        let person = self
            .driving
            .post("/people", json!({ "first_name": "Anna <&>", "language_code": language }))
            .await;
        Person::new(self.driving.clone(), person["telegram_id"].as_i64().unwrap())
    }

    /// A person who has accepted the terms and has the welcome credits: 40, for 8 images.
    pub async fn person(&self) -> Person {
        let person = self.stranger("en").await;
        person.say("/start").await;
        let terms = person.hear("a message with terms", |message| message.button("Accept").is_some()).await;
        person.press(&terms, "Accept").await;
        person.hear("the menu", |message| message.words.contains("40")).await;
        person
    }

    /// Gives credits to a person by the bot's own command.
    pub async fn give(&self, person: &Person, credits: i64) {
        let gift = json!({ "amount": credits, "reason": "a gift from a test" });
        self.driving.post(&format!("/people/{}/credits", person.id), gift).await;
    }

    /// Changes how the providers behave.
    pub async fn providers(&self, settings: Value) {
        self.driving.patch("/providers", settings).await;
    }

    /// The files that FAL holds, by path.
    pub async fn fal_files(&self) -> Vec<Value> {
        let held = self.driving.get("/providers/fal/files").await;
        held["files"].as_array().unwrap().clone()
    }

    /// Makes the files at FAL older.
    pub async fn pass_time_at_fal(&self, seconds: u64) {
        self.driving.post(&format!("/providers/fal/files/pass-time?seconds={seconds}"), Value::Null).await;
    }

    /// The keys of the objects that the bot keeps and whose keys begin like this.
    pub fn objects(&self, prefix: &str) -> Vec<String> {
        let root = self.data.join("objects/objects");
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            // A folder may go while it is looked into.
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(entry.path());
                } else {
                    let path = entry.path().with_extension("");
                    found.push(path.strip_prefix(&root).unwrap().display().to_string());
                }
            }
        }
        found.retain(|key| key.starts_with(prefix));
        found.sort();
        found
    }

    /// Makes something go wrong.
    pub async fn let_fail(&self, fault: Fault) {
        let mut rule = json!({ "service": fault.service, "fault": fault.fault, "times": fault.times });
        if let Some(operation) = fault.operation {
            rule["operation"] = json!(operation);
        }
        self.driving.post("/faults", rule).await;
    }

    /// Makes everything go well again.
    pub async fn let_all_be_well(&self) {
        self.driving.delete("/faults").await;
        self.driving.post("/faults/release", Value::Null).await;
    }

    /// Waits until so many requests are held at the sandbox.
    pub async fn wait_for_held(&self, requests: u32) {
        self.driving.get(&format!("/faults/held?at_least={requests}&timeout_ms=60000")).await;
    }

    /// Lets held requests go on.
    pub async fn release(&self) {
        self.driving.post("/faults/release", Value::Null).await;
    }

    /// Kills the bot without a warning.
    pub async fn kill_bot(&self) {
        self.driving.post("/bot/kill", Value::Null).await;
    }

    /// Stops the bot politely.
    pub async fn stop_bot(&self) {
        self.driving.post("/bot/stop", Value::Null).await;
    }

    /// Starts the bot again.
    pub async fn start_bot(&self) {
        self.driving.post("/bot/start", Value::Null).await;
    }

    /// Runs a command of the bot; what it printed, with its exit code.
    pub async fn command(&self, arguments: &[&str]) -> (i64, String) {
        let output = self.driving.post("/bot/command", json!({ "arguments": arguments })).await;
        let words = format!("{}{}", output["stdout"].as_str().unwrap(), output["stderr"].as_str().unwrap());
        (output["code"].as_i64().unwrap_or(-1), words)
    }

    /// What the system holds: accounts, ledger, jobs, generations.
    pub async fn system(&self) -> Value {
        self.driving.get("/system").await
    }

    /// The calls that a service received whose path contains `operation`.
    pub async fn calls(&self, service: &str, operation: &str) -> Vec<Value> {
        let journal = self.driving.get("/journal").await;
        let calls = journal["calls"].as_array().cloned().unwrap_or_default();
        calls
            .into_iter()
            .filter(|call| call["service"] == service)
            .filter(|call| call["path"].as_str().unwrap_or_default().contains(operation))
            .collect()
    }

    /// Waits until what the system holds is as it should be. The bot's database belongs to another process and tells
    /// nobody of a change (the driving API's own stream looks once a second, too), so that it is looked at again and again.
    pub async fn wait_for(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        for _ in 0..1_200 {
            last = self.system().await;
            if is_so(&last) {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("waited a minute for {what}; the system holds {last:#}");
    }

    /// Waits until no generation and no training is under way, and no job waits but those that are due long after the
    /// test.
    pub async fn wait_until_quiet(&self) -> Value {
        self.wait_for("quiet", is_quiet).await
    }

    /// Ends the studio: everything comes to rest, every invariant holds, and a polite stop ends sandbox and bot in order.
    pub async fn close(self) {
        self.settle().await;
        self.audit().await;
        self.end().await;
    }

    /// Lets everything come to rest.
    pub(crate) async fn settle(&self) {
        self.let_all_be_well().await;
        self.wait_until_quiet().await;
    }

    /// Ends the sandbox, and its bot, by a polite stop.
    pub(crate) async fn end(mut self) {
        let id = self.process.id().expect("the sandbox runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        let ended = timeout(Duration::from_secs(60), self.process.wait()).await;
        let ended = ended.expect("the sandbox does not stop").unwrap();
        assert!(ended.success(), "the sandbox ended with {ended}");
    }

    /// Every invariant holds now.
    pub async fn audit(&self) {
        let (code, words) = self.command(&["audit"]).await;
        assert_eq!(code, 0, "bot audit: {words}");
    }
}

/// The sandbox as a program, which is the bot as well.
pub(crate) fn studio_program() -> std::path::PathBuf {
    // The test programs lie in `deps` beside the program.
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.join("studio")
}

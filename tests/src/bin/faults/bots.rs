//! The processes of the bot: each is kept alive, as whatever runs it in production would do.

use std::collections::BTreeMap;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tests::cluster::{Balancer, Role};
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::supervisor::{Supervised, Supervisor};

/// What a bot says when it runs.
const RUNS: &str = "the bot runs";
/// How long the first start may take.
const START_WITHIN: Duration = Duration::from_secs(120);
/// Opens what the web processes serve to each other.
const WEB_SECRET: &str = "the secret of an installation that is gone after its seed";
/// Opens Telegram's webhook.
const WEBHOOK_SECRET: &str = "a-secret-that-telegram-sends-along";

/// How updates come from Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updates {
    /// The bot asks for them.
    ByPolling,
    /// Telegram brings them.
    ByWebhook,
}

/// What all processes are told.
pub fn shared_settings(balancer: &Balancer, updates: Updates) -> BTreeMap<String, String> {
    let public_url = format!("http://{}", balancer.address());
    let mut settings =
        vec![("AISHA_WEB__SECRET", WEB_SECRET.to_owned()), ("AISHA_WEB__PUBLIC_URL", public_url.clone())];
    if updates == Updates::ByWebhook {
        settings.push(("AISHA_TELEGRAM__WEBHOOK_URL", format!("{public_url}/telegram/webhook")));
        settings.push(("AISHA_TELEGRAM__WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()));
    }
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// All processes.
pub struct Bots {
    places: Vec<Arc<Supervised>>,
    _supervisors: Vec<Supervisor>,
}

/// What processes are made of.
pub struct Making {
    /// The program, which nobody builds anew while the seed runs.
    pub program: PathBuf,
    /// The configuration.
    pub environment: BTreeMap<String, String>,
    /// Where they run.
    pub directory: PathBuf,
    /// Where what they print goes.
    pub logs: PathBuf,
}

impl Bots {
    /// Starts a process for each role. The clock of `off`, a process and minutes, is wrong.
    pub async fn start(making: &Making, balancer: &Balancer, roles: &[Role], off: (usize, i32)) -> Self {
        let mut places = Vec::new();
        let mut supervisors = Vec::new();
        for (number, role) in roles.iter().enumerate() {
            let address = free_address();
            if matches!(role, Role::Web | Role::All) {
                balancer.add(address);
            }
            let mut variables = making.environment.clone();
            variables.insert("AISHA_WEB__LISTEN".to_owned(), address.to_string());
            let is_off = number == off.0 % roles.len();
            if is_off {
                variables.extend(wrong_clock(off.1));
            }
            let name = format!("{role}-{number}{}", if is_off { "-wrong-clock" } else { "" });
            let log = making.logs.join(format!("{name}.log"));
            let (program, directory, role) = (making.program.clone(), making.directory.clone(), *role);
            let command = move || bot_command(&program, &directory, role, &variables);
            let (place, supervisor) = Supervisor::keep_alive(name, log, command);
            places.push(place);
            supervisors.push(supervisor);
        }
        let bots = Self { places, _supervisors: supervisors };
        for place in &bots.places {
            wait_until_it_runs(place).await;
        }
        bots
    }

    /// Every process.
    pub fn places(&self) -> &[Arc<Supervised>] {
        &self.places
    }

    /// The process of this number, modulo all.
    pub fn place(&self, which: usize) -> &Arc<Supervised> {
        &self.places[which % self.places.len()]
    }

    /// The processes that run jobs.
    pub fn workers(&self) -> impl Iterator<Item = &Arc<Supervised>> {
        self.places
            .iter()
            .filter(|place| place.name().starts_with("worker") || place.name().starts_with("all"))
    }
}

/// The program as it is now, copied.
pub fn copied_program(directory: &Path) -> PathBuf {
    let mut built = std::env::current_exe().expect("this program");
    built.set_file_name("studio");
    let copy = directory.join("bot-of-this-seed");
    std::fs::copy(&built, &copy)
        .unwrap_or_else(|error| panic!("{}: {error}: build it with cargo build -p tests", built.display()));
    copy
}

fn bot_command(
    program: &Path,
    directory: &Path,
    role: Role,
    variables: &BTreeMap<String, String>,
) -> Command {
    let mut command = Command::new(program);
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("AISHA_") {
            command.env_remove(variable);
        }
    }
    command
        .args(["bot", "run", "--role", &role.to_string()])
        .envs(variables)
        // Ends with this program, however that ends.
        .env("SANDBOX_LIFELINE", "1")
        .current_dir(directory)
        .stdin(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// Makes a process believe that it is so many minutes later. What measures spans of time is right.
fn wrong_clock(minutes: i32) -> BTreeMap<String, String> {
    let library = faketime_library();
    BTreeMap::from([
        ("LD_PRELOAD".to_owned(), library.display().to_string()),
        ("FAKETIME".to_owned(), format!("{minutes:+}m")),
        ("FAKETIME_DONT_FAKE_MONOTONIC".to_owned(), "1".to_owned()),
        ("FAKETIME_DONT_RESET".to_owned(), "1".to_owned()),
        ("DONT_FAKE_MONOTONIC".to_owned(), "1".to_owned()),
    ])
}

fn faketime_library() -> PathBuf {
    let triplets = std::fs::read_dir("/usr/lib").expect("/usr/lib");
    triplets
        .flatten()
        .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
        .find(|path| path.is_file())
        .expect("libfaketime is needed for a clock that is wrong. Install it: apt-get install faketime")
}

async fn wait_until_it_runs(place: &Supervised) {
    let deadline = Instant::now() + START_WITHIN;
    while Instant::now() < deadline {
        if place.printed().contains(RUNS) {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{} did not start:\n{}", place.name(), place.printed());
}

/// Opens a file to be written to by somebody else.
pub fn appended(path: &Path) -> File {
    File::options().create(true).append(true).open(path).expect("a log")
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address")
}

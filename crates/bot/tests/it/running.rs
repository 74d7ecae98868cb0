//! The bot as a process: how it starts, says that it is ready, and stops.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::program::Program;

/// How long anything may take on a busy machine.
const BOUND: Duration = Duration::from_secs(30);

/// A running bot and its log.
struct Bot {
    process: Child,
    log: Receiver<String>,
    seen: RefCell<Vec<String>>,
}

impl Bot {
    fn start(program: &Program, arguments: &[&str]) -> Self {
        let mut process = program.start(arguments);
        let errors = BufReader::new(process.stderr.take().unwrap());
        let (sender, log) = channel();
        thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                // Once nobody listens any more the rest is read and forgotten, so that the bot never waits.
                let _nobody_listens = sender.send(line);
            }
        });
        Self { process, log, seen: RefCell::default() }
    }

    /// Waits for a line of the log with these words.
    fn until(&self, words: &str) -> String {
        while let Ok(line) = self.log.recv_timeout(BOUND) {
            self.seen.borrow_mut().push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
        panic!("the bot never said {words:?}:\n{}", self.seen.borrow().join("\n"));
    }

    /// Its whole log, once it has ended.
    fn whole_log(&self) -> Vec<String> {
        while let Ok(line) = self.log.recv_timeout(BOUND) {
            self.seen.borrow_mut().push(line);
        }
        self.seen.take()
    }

    /// The address of its web server, once it listens.
    fn address(&self) -> SocketAddr {
        let line = self.until("the web server listens");
        line.split("address=").nth(1).unwrap().trim().parse().unwrap()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(name).arg(self.process.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Its exit code.
    fn end(mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It has ended already, unless its test failed.
        let _ended = self.process.kill();
    }
}

#[test]
fn a_bot_runs_without_telegram_and_stops_in_order() {
    let program = Program::new();
    let bot = Bot::start(&program, &["run"]);
    bot.until("the bot runs");
    bot.signal("-TERM");
    bot.until("stopping");
    assert_eq!(bot.end(), Some(0));
}

#[test]
fn health_asks_the_running_bot() {
    let program = Program::new();
    let bot = Bot::start(&program, &["run", "--role", "web"]);
    let address = bot.address().to_string();
    let other = Program::new().with("AISHA_WEB__LISTEN", &address);
    let ready = other.run(&["health"]);
    assert_eq!(ready.code, Some(0), "{}", ready.complained);
    assert!(ready.said.contains("\"ready\":true") && ready.said.contains("\"database\""), "{}", ready.said);
    bot.signal("-INT");
    assert_eq!(bot.end(), Some(0));
    let gone = other.run(&["health"]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.complained.contains(&address), "{}", gone.complained);
    let direct = program.run(&["health", "--direct"]);
    assert_eq!(direct.code, Some(0), "{}", direct.complained);
    let elsewhere = Program::bare();
    assert_eq!(elsewhere.run(&["health", "--direct"]).code, Some(0));
    assert_eq!(elsewhere.run(&["migrate", "status"]).code, Some(1), "a look changes nothing");
}

#[test]
fn each_process_may_play_a_role_of_its_own() {
    let program = Program::new();
    let worker = Bot::start(&program, &["run", "--role", "worker"]);
    worker.until("the bot runs");
    let rest = Bot::start(&program, &["run", "--role", "chat,web"]);
    rest.until("the bot runs");
    for bot in [worker, rest] {
        bot.signal("-TERM");
        assert_eq!(bot.end(), Some(0));
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let program = Program::new();
    let bot = Bot::start(&program, &["run", "--role", "web"]);
    let mut connection = TcpStream::connect(bot.address()).unwrap();
    // A request that is never finished, and that the server waits for.
    connection
        .write_all(b"POST /webhooks/fal HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf")
        .unwrap();
    bot.signal("-TERM");
    bot.until("stopping");
    bot.signal("-TERM");
    bot.until("ending at once");
    assert_eq!(bot.end(), Some(130));
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = Program::new().with("AISHA_WEB__LISTEN", &address).run(&["run"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.complained.contains("AISHA_WEB__LISTEN"), "{}", refused.complained);
}

#[test]
fn the_log_is_for_people_or_for_machines_and_holds_no_secret() {
    for format in ["human", "json"] {
        let program = Program::new().with("AISHA_LOG__FORMAT", format).with("AISHA_LOG__FILTER", "debug");
        let bot = Bot::start(&program, &["run"]);
        let line = bot.until("the bot runs");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&line).is_ok(), format == "json", "{line}");
        bot.until("telegram gave no updates");
        bot.signal("-TERM");
        let log = bot.whole_log();
        for secret in ["opens-nothing", "no-key"] {
            assert!(!log.iter().any(|line| line.contains(secret)), "{}", log.join("\n"));
        }
        assert_eq!(bot.end(), Some(0));
    }
}

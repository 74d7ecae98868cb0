//! A private Redis for tests.
//!
//! Like the private PostgreSQL it belongs to a watching shell that reads from a pipe whose other end only this process
//! holds, so that nothing is left behind even by a test that is killed. It keeps nothing on the disk: a crash empties it.

use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

const PROGRAM: &str = "redis-server";
/// How often a server is looked for before it counts as not started, and how long between two looks.
const LOOKS: u32 = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);
/// How often another port is tried when somebody was faster.
const PORTS_TO_TRY: u32 = 5;

const HOW_TO_GET_IT: &str = "Redis is needed for this test, and redis-server is not in PATH. Install it: apt-get install redis-server";

/// Starts the server, does what it is told, and in the end stops the server and removes everything.
const WATCHING_SHELL: &str = r#"
start() {
    "$1" "$2/redis.conf" >>"$2/server.log" 2>&1 </dev/null &
    server=$!
}
crash() {
    kill -KILL "$server" 2>/dev/null
    wait "$server" 2>/dev/null
}
freeze() {
    kill -STOP "$server"
}
thaw() {
    kill -CONT "$server"
}
start "$@"
while read -r command; do
    "$command" "$@"
done
crash
rm -rf "$2"
"#;

/// A running server. One is shared by the tests of a process: [`RedisServer::shared`]. Clones are one server; it ends
/// with the last of them.
#[derive(Debug, Clone)]
pub struct RedisServer {
    running: Arc<Running>,
}

#[derive(Debug)]
struct Running {
    directory: PathBuf,
    port: u16,
    password: Option<String>,
    shell: Mutex<Child>,
}

impl RedisServer {
    /// The server of this test process, started when it is first asked for. Tests on it keep their keys apart by prefixes
    /// of their own.
    ///
    /// # Panics
    /// When Redis is not installed or cannot be started; the message says what to do.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<RedisServer> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// A server of one's own, for tests that stop, freeze, fill or empty it.
    ///
    /// # Panics
    /// When Redis is not installed or cannot be started; the message says what to do.
    pub fn start() -> Self {
        Self::start_as(None)
    }

    /// A server of one's own that asks for a password.
    ///
    /// # Panics
    /// When Redis is not installed or cannot be started; the message says what to do.
    pub fn start_with_password(password: &str) -> Self {
        Self::start_as(Some(password.to_owned()))
    }

    fn start_as(password: Option<String>) -> Self {
        let program = find_program();
        let mut complaint = String::new();
        for _ in 0..PORTS_TO_TRY {
            let directory =
                tempfile::Builder::new().prefix("aisha-redis-").tempdir().expect("a directory").keep();
            match start(&program, &directory, password.as_deref()) {
                Ok((shell, port)) => {
                    let running = Running { directory, port, password, shell: Mutex::new(shell) };
                    return Self { running: Arc::new(running) };
                }
                Err(log) => complaint = log,
            }
        }
        panic!("Redis does not start:\n{complaint}");
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.running.port))
    }

    /// Where everything of the server is, until it ends.
    pub fn directory(&self) -> &Path {
        &self.running.directory
    }

    /// The address with the password: `redis://…`.
    pub fn url(&self) -> String {
        self.url_through(self.address())
    }

    /// The address behind a proxy that listens at `proxy`.
    pub fn url_through(&self, proxy: SocketAddr) -> String {
        match &self.running.password {
            Some(password) => format!("redis://:{password}@{proxy}/"),
            None => format!("redis://{proxy}/"),
        }
    }

    /// Stops the server at once, as a power cut would. Everything in it is lost.
    ///
    /// # Panics
    /// When the server does not stop.
    pub async fn crash(&self) {
        self.tell_shell("crash");
        for _ in 0..LOOKS {
            if TcpStream::connect(self.address()).await.is_err() {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        panic!("Redis does not stop:\n{}", server_log(self.directory()));
    }

    /// Starts the server again after a [`crash`](Self::crash), empty, at the same address.
    ///
    /// # Panics
    /// When the server does not start.
    pub async fn restart(&self) {
        self.tell_shell("start");
        for _ in 0..LOOKS {
            if TcpStream::connect(self.address()).await.is_ok() {
                self.ask(&["PING"]).await;
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        panic!("Redis does not start again:\n{}", server_log(self.directory()));
    }

    /// Stops the server in the middle of whatever it does, without ending it, until [`thaw`](Self::thaw). Connections
    /// stay open, and new ones can be made.
    ///
    /// # Panics
    /// When nobody watches the server any more.
    pub fn freeze(&self) {
        self.tell_shell("freeze");
    }

    /// Lets a frozen server go on.
    ///
    /// # Panics
    /// When nobody watches the server any more.
    pub fn thaw(&self) {
        self.tell_shell("thaw");
    }

    /// Removes everything that is in it.
    ///
    /// # Panics
    /// When the server does not do so.
    pub async fn empty(&self) {
        self.ask(&["FLUSHALL"]).await;
    }

    /// Lets the server refuse to keep anything more: it has no memory left and drops nothing.
    ///
    /// # Panics
    /// When the server does not do so.
    pub async fn fill(&self) {
        self.ask(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]).await;
        self.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
    }

    /// Sends a command as an operator would; the answer as text.
    ///
    /// # Panics
    /// When the server cannot be reached, or refuses the command.
    pub async fn ask(&self, command: &[&str]) -> String {
        let stream = TcpStream::connect(self.address()).await.expect("Redis is there");
        let mut stream = BufReader::new(stream);
        if let Some(password) = &self.running.password {
            exchange(&mut stream, &["AUTH", password]).await;
        }
        exchange(&mut stream, command).await
    }

    fn tell_shell(&self, command: &str) {
        let mut shell = self.running.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let pipe = shell.stdin.as_mut().expect("a pipe to the shell");
        writeln!(pipe, "{command}").expect("the shell is there");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let shell = self.shell.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Closing the pipe tells the shell to stop the server and to remove its directory.
        drop(shell.stdin.take());
        if shell.wait().is_err() && self.directory.exists() {
            // Tests may not fail for what is cleared away after them.
            drop(fs::remove_dir_all(&self.directory));
        }
    }
}

/// One command and its answer, in the server's own protocol; of an array only its length.
async fn exchange(stream: &mut BufReader<TcpStream>, command: &[&str]) -> String {
    let mut request = format!("*{}\r\n", command.len());
    for part in command {
        request += "$";
        request += &part.len().to_string();
        request += "\r\n";
        request += part;
        request += "\r\n";
    }
    stream.write_all(request.as_bytes()).await.expect("Redis listens");
    let mut line = String::new();
    stream.read_line(&mut line).await.expect("Redis answers");
    let (kind, rest) = line.trim_end().split_at_checked(1).expect("an answer");
    match kind {
        "+" | ":" | "*" => rest.to_owned(),
        "$" => {
            let length: i64 = rest.parse().expect("a length");
            // Nothing is kept under such a name.
            let Ok(length) = usize::try_from(length) else {
                return String::new();
            };
            let mut text = vec![0; length + "\r\n".len()];
            stream.read_exact(&mut text).await.expect("Redis answers");
            text.truncate(length);
            String::from_utf8(text).expect("a text")
        }
        _ => panic!("{command:?}: {line}"),
    }
}

/// Starts the server on a free port.
///
/// # Errors
/// What the server had to say, when it ended at once, as when somebody else took the port. Its directory is gone.
fn start(program: &Path, directory: &Path, password: Option<&str>) -> Result<(Child, u16), String> {
    let port = free_port();
    let password = password.map(|password| format!("requirepass {password}\n")).unwrap_or_default();
    let settings = format!(
        "bind 127.0.0.1\nport {port}\ndir {}\nsave \"\"\nappendonly no\ndaemonize no\n{password}",
        directory.display()
    );
    fs::write(directory.join("redis.conf"), settings).expect("the server's settings");
    let mut shell = Command::new("/bin/sh")
        .args(["-c", WATCHING_SHELL, "watch"])
        .args([program, directory])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What is typed at the terminal to stop the tests must not stop the shell before its work is done.
        .process_group(0)
        .spawn()
        .expect("a shell to watch the server");
    for _ in 0..LOOKS {
        let log = server_log(directory);
        if log.contains("Ready to accept connections") {
            return Ok((shell, port));
        }
        if log.contains("Failed listening") || log.contains("FATAL CONFIG") {
            break;
        }
        thread::sleep(BETWEEN_LOOKS);
    }
    let log = server_log(directory);
    drop(shell.stdin.take());
    drop(shell.wait());
    Err(log)
}

fn find_program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|directory| directory.join(PROGRAM))
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("{HOW_TO_GET_IT}"))
}

fn server_log(directory: &Path) -> String {
    fs::read_to_string(directory.join("server.log")).unwrap_or_default()
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

//! A private PostgreSQL for the tests of one process.
//!
//! The server belongs to a watching shell that reads from a pipe whose other end only this process holds. When the
//! process ends, in whatever way, the pipe closes; the shell stops the server and removes its directory. So nothing is
//! left behind even by a test that is killed. What comes through the pipe before that stops and starts the server.

use std::fs::{self, File};
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::OnceCell;

/// Where Debian and Ubuntu keep the programs of each version.
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";
/// The superuser's name; it needs no password from this machine.
const SUPERUSER: &str = "postgres";
/// The database that every other one is a copy of.
const TEMPLATE: &str = "migrated";
/// How often a server is looked for before it counts as not started, and how long between two looks.
const LOOKS: u32 = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// How often another port is tried when somebody was faster.
const PORTS_TO_TRY: u32 = 5;

const HOW_TO_GET_IT: &str = "PostgreSQL is needed for this test, and its programs (initdb, postgres, psql) are neither \
    in POSTGRES_BIN_DIR, nor under /usr/lib/postgresql, nor in PATH. Install it: apt-get install postgresql";

/// Starts the server, does what it is told, and in the end stops the server and removes everything.
const WATCHING_SHELL: &str = r#"
start() {
    "$1/postgres" -D "$2/data" >>"$2/server.log" 2>&1 </dev/null &
    server=$!
}
crash() {
    kill -QUIT "$server" 2>/dev/null
    wait "$server"
}
start "$@"
while read -r command; do
    "$command" "$@"
done
crash
rm -rf "$2"
"#;

/// Whether what is written survives a crash of the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Durability {
    /// It need not; the tests are many times faster.
    #[default]
    Careless,
    /// It does, as in production.
    Full,
}

/// A running server. One is shared by the tests of a process: [`PostgresServer::shared`]. Clones are one server; it ends
/// with the last of them and of its databases.
#[derive(Debug, Clone)]
pub struct PostgresServer {
    running: Arc<Running>,
}

#[derive(Debug)]
struct Running {
    programs: Programs,
    directory: PathBuf,
    port: u16,
    shell: Mutex<Child>,
    databases: AtomicU32,
    template: OnceCell<()>,
}

impl PostgresServer {
    /// The server of this test process, started when it is first asked for.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or cannot be started; the message says what to do.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<PostgresServer> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(Durability::Careless))
    }

    /// A server of one's own, for tests that crash it or pull its cable.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or cannot be started; the message says what to do.
    pub fn start(durability: Durability) -> Self {
        let programs = Programs::find();
        let mut complaint = String::new();
        for _ in 0..PORTS_TO_TRY {
            let directory = private_directory(programs.user);
            programs.make_cluster(&directory, durability);
            match programs.start(&directory) {
                Ok((shell, port)) => {
                    let running = Running {
                        programs,
                        directory,
                        port,
                        shell: Mutex::new(shell),
                        databases: AtomicU32::new(0),
                        template: OnceCell::new(),
                    };
                    return Self { running: Arc::new(running) };
                }
                Err(log) => complaint = log,
            }
        }
        panic!("PostgreSQL does not start:\n{complaint}");
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.running.port))
    }

    /// Where everything of the server is, until it ends.
    pub fn directory(&self) -> &Path {
        &self.running.directory
    }

    /// A new database. It is a copy of one that `migrate` was run on once for this server: `migrate` is given the URL of
    /// an empty database and must have closed its connections when it returns.
    ///
    /// # Panics
    /// When the database cannot be made.
    pub async fn fresh_database(&self, migrate: impl AsyncFnOnce(String)) -> PostgresDatabase {
        self.running
            .template
            .get_or_init(async || {
                self.execute(&format!("CREATE DATABASE {TEMPLATE}")).await;
                migrate(self.url(TEMPLATE)).await;
            })
            .await;
        self.new_database("test", &format!("TEMPLATE {TEMPLATE}")).await
    }

    /// A new database with nothing in it.
    ///
    /// # Panics
    /// When the database cannot be made.
    pub async fn empty_database(&self) -> PostgresDatabase {
        self.new_database("empty", "").await
    }

    async fn new_database(&self, prefix: &str, options: &str) -> PostgresDatabase {
        let number = self.running.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("{prefix}_{number}");
        self.execute(&format!("CREATE DATABASE {name} {options}")).await;
        PostgresDatabase { server: self.clone(), name }
    }

    /// Runs a statement in the maintenance database.
    ///
    /// # Panics
    /// When the server refuses it.
    pub async fn execute(&self, statement: &str) {
        let output = self.psql(statement).await;
        assert_success(statement, &output);
    }

    /// Stops the server at once, as a power cut would. What was committed before is there after
    /// [`restart`](Self::restart).
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
        panic!("PostgreSQL does not stop:\n{}", server_log(self.directory()));
    }

    /// Starts the server again after a [`crash`](Self::crash), at the same address.
    ///
    /// # Panics
    /// When the server does not start.
    pub async fn restart(&self) {
        self.tell_shell("start");
        for _ in 0..LOOKS {
            if self.psql("SELECT 1").await.status.success() {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        panic!("PostgreSQL does not start again:\n{}", server_log(self.directory()));
    }

    async fn psql(&self, statement: &str) -> Output {
        let mut psql = self.running.programs.psql(self.running.port, statement);
        let output = tokio::task::spawn_blocking(move || psql.output()).await.expect("a thread for psql");
        output.expect("psql can be run")
    }

    fn tell_shell(&self, command: &str) {
        let mut shell = self.running.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let pipe = shell.stdin.as_mut().expect("a pipe to the shell");
        writeln!(pipe, "{command}").expect("the shell is there");
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/{database}", self.running.port)
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

/// A database of one test. It is gone when this is dropped, whoever is connected.
#[derive(Debug)]
pub struct PostgresDatabase {
    server: PostgresServer,
    name: String,
}

impl PostgresDatabase {
    /// The address of the database: `postgres://…`.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// The address of the database behind a proxy that listens at `proxy`.
    pub fn url_through(&self, proxy: SocketAddr) -> String {
        format!("postgres://{SUPERUSER}@{proxy}/{}", self.name)
    }

    /// The server that it is in.
    pub fn server(&self) -> &PostgresServer {
        &self.server
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let running = &self.server.running;
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // It only frees room; the server's directory goes as a whole in the end.
        drop(running.programs.psql(running.port, &statement).output());
    }
}

/// The programs of one version of PostgreSQL, and the user whom they may run as.
#[derive(Debug, Clone)]
struct Programs {
    directory: PathBuf,
    user: Option<User>,
}

/// A user without rights: PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

impl Programs {
    fn find() -> Self {
        let named = std::env::var_os("POSTGRES_BIN_DIR").map(PathBuf::from);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let directory = named
            .into_iter()
            .chain(installed_versions())
            .chain(std::env::split_paths(&path))
            .find(|directory| {
                ["initdb", "postgres", "psql"].iter().all(|name| directory.join(name).is_file())
            })
            .unwrap_or_else(|| panic!("{HOW_TO_GET_IT}"));
        Self { directory, user: is_root().then(unprivileged_user) }
    }

    /// Makes the files of a server that listens on this machine alone and trusts everybody on it.
    fn make_cluster(&self, directory: &Path, durability: Durability) {
        let data = directory.join("data");
        let output = self
            .command("initdb")
            .arg("--pgdata")
            .arg(&data)
            .args([
                "--username",
                SUPERUSER,
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C",
                "--no-sync",
            ])
            .output();
        assert_success("initdb", &output.expect("initdb can be run"));
        let durability = match durability {
            Durability::Careless => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
            Durability::Full => "fsync = on\n",
        };
        let mut settings =
            File::options().append(true).open(data.join("postgresql.conf")).expect("the server's settings");
        write!(
            settings,
            "{durability}listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 400\n\
             shared_buffers = 64MB\nautovacuum = off\n"
        )
        .expect("the server's settings");
    }

    /// Starts the server on a free port.
    ///
    /// # Errors
    /// What the server had to say, when it ended at once, as when somebody else took the port. Its directory is gone.
    fn start(&self, directory: &Path) -> Result<(Child, u16), String> {
        let port = free_port();
        let settings = directory.join("data/postgresql.auto.conf");
        fs::write(settings, format!("port = {port}\n")).expect("the server's port");
        let mut shell = self
            .run("/bin/sh")
            .args(["-c", WATCHING_SHELL, "watch"])
            .args([&self.directory, directory])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // What is typed at the terminal to stop the tests must not stop the shell before its work is done.
            .process_group(0)
            .spawn()
            .expect("a shell to watch the server");
        for _ in 0..LOOKS {
            if self.psql(port, "SELECT 1").output().is_ok_and(|output| output.status.success()) {
                return Ok((shell, port));
            }
            if server_log(directory).contains("database system is shut down") {
                break;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        let log = server_log(directory);
        drop(shell.stdin.take());
        drop(shell.wait());
        Err(log)
    }

    fn psql(&self, port: u16, statement: &str) -> Command {
        let mut psql = Command::new(self.directory.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1"])
            .args(["--username", SUPERUSER, "--dbname", "postgres", "--port", &port.to_string()])
            .args(["--command", statement])
            .stdin(Stdio::null());
        psql
    }

    fn command(&self, program: &str) -> Command {
        self.run(self.directory.join(program))
    }

    /// A command as the user without rights.
    fn run(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        if let Some(user) = self.user {
            command.uid(user.id).gid(user.group);
        }
        command.current_dir("/").env("LC_ALL", "C");
        command
    }
}

fn assert_success(what: &str, output: &Output) {
    assert!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn server_log(directory: &Path) -> String {
    fs::read_to_string(directory.join("server.log")).unwrap_or_default()
}

/// The directories of the programs that Debian and Ubuntu install, the newest version first.
fn installed_versions() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(DEBIAN_VERSIONS) else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by(|one, other| other.cmp(one));
    versions.into_iter().map(|(_, directory)| directory).collect()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn unprivileged_user() -> User {
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    ["postgres", "nobody"]
        .iter()
        .find_map(|name| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut fields = line.split(':').skip(2);
            Some(User { id: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
        })
        .expect("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as")
}

/// A directory that only the server's user can enter.
fn private_directory(user: Option<User>) -> PathBuf {
    let directory = tempfile::Builder::new().prefix("aisha-postgres-").tempdir().expect("a directory").keep();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).expect("a private directory");
    if let Some(user) = user {
        chown(&directory, Some(user.id), Some(user.group)).expect("the server's user owns its directory");
    }
    directory
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

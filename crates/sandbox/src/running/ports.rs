//! Where the servers listen: on this machine only, on ports that are the same from run to run as long as nobody else takes
//! them; or for other machines, on ports that are known beforehand.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tokio::net::TcpListener;

/// Who reaches the servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Processes of this machine, on ports that are remembered.
    ThisMachine,
    /// Other machines too, such as other containers.
    Others {
        /// The name by which they know this machine.
        host: String,
        /// The port of the first server; the others follow.
        first_port: u16,
    },
}

impl Reach {
    /// The name in the servers' addresses.
    pub(super) fn host(&self) -> &str {
        match self {
            Self::ThisMachine => "127.0.0.1",
            Self::Others { host, .. } => host,
        }
    }
}

/// The ports that were used last, by the name of what listens.
#[derive(Debug)]
pub(super) struct Ports {
    reach: Reach,
    file: PathBuf,
    remembered: BTreeMap<String, u16>,
    used: BTreeMap<String, u16>,
}

impl Ports {
    /// The ports of the last run in this directory; none when there was none.
    pub(super) fn remembered_in(directory: &Path, reach: Reach) -> anyhow::Result<Self> {
        let file = directory.join("ports.json");
        let remembered = match std::fs::read(&file) {
            Ok(content) => serde_json::from_slice(&content)
                .with_context(|| format!("{} can't be understood: delete it", file.display()))?,
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).with_context(|| format!("{} can't be read", file.display())),
        };
        Ok(Self { reach, file, remembered, used: BTreeMap::new() })
    }

    /// Listens under this name: on the port that was asked for, or else on last time's, or else on a free one.
    pub(super) async fn listen(&mut self, name: &str, asked_for: Option<u16>) -> anyhow::Result<TcpListener> {
        let (address, asked_for) = match &self.reach {
            Reach::ThisMachine => (Ipv4Addr::LOCALHOST, asked_for),
            Reach::Others { first_port, .. } => {
                let following = first_port.saturating_add(u16::try_from(self.used.len())?);
                (Ipv4Addr::UNSPECIFIED, Some(asked_for.unwrap_or(following)))
            }
        };
        let listen_on = |port: u16| TcpListener::bind((address, port));
        let listener = match asked_for {
            Some(port) => {
                listen_on(port).await.with_context(|| format!("port {port} can't be used for {name}"))?
            }
            None => match self.remembered.get(name) {
                Some(port) => match listen_on(*port).await {
                    Ok(listener) => listener,
                    // Somebody else has it now.
                    Err(_) => listen_on(0).await?,
                },
                None => listen_on(0).await?,
            },
        };
        self.used.insert(name.to_owned(), listener.local_addr()?.port());
        Ok(listener)
    }

    /// A port for a process that will listen by itself.
    pub(super) async fn reserve(&mut self, name: &str) -> anyhow::Result<u16> {
        let listener = self.listen(name, None).await?;
        Ok(listener.local_addr()?.port())
    }

    /// Notes the ports for the next run.
    pub(super) fn remember(&self) -> anyhow::Result<()> {
        let content = serde_json::to_vec_pretty(&self.used)?;
        std::fs::write(&self.file, content)
            .with_context(|| format!("{} can't be written", self.file.display()))
    }
}

//! A TCP proxy that a test stands in the way of: between a program and its database, or a provider.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// What the proxy does to what passes through it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Interference {
    /// Nothing.
    None,
    /// Every connection is cut, and new ones are cut as soon as they are made.
    Cut,
    /// Nothing passes in either direction; connections stay open.
    Hold,
    /// Everything passes later by this time, in either direction.
    Delay(Duration),
}

/// How the next reply is picked that never arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
enum DropReply {
    /// None is.
    Never,
    /// The next one of all.
    Next,
    /// The one to the next request with these bytes in it.
    To(Vec<u8>),
}

/// A proxy in front of one server. It is gone when this is dropped, with every connection.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    control: Arc<Control>,
    accepting: AbortHandle,
}

#[derive(Debug)]
struct Control {
    interference: watch::Sender<Interference>,
    drop_reply: watch::Sender<DropReply>,
    replies_dropped: watch::Sender<u64>,
    connections: AtomicU64,
}

impl FaultProxy {
    /// A proxy on a free port of this machine in front of `server`. It lives in the present runtime.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let control = Arc::new(Control {
            interference: watch::Sender::new(Interference::None),
            drop_reply: watch::Sender::new(DropReply::Never),
            replies_dropped: watch::Sender::new(0),
            connections: AtomicU64::new(0),
        });
        let accepting = tokio::spawn(accept(listener, server, Arc::clone(&control))).abort_handle();
        Ok(Self { address, control, accepting })
    }

    /// Where the proxy listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> u64 {
        self.control.connections.load(Ordering::SeqCst)
    }

    /// Cuts every connection, and every new one as soon as it is made, until [`restore`](Self::restore).
    pub fn cut(&self) {
        self.interfere(Interference::Cut);
    }

    /// Lets nothing pass in either direction, until [`restore`](Self::restore). Nothing is lost meanwhile.
    pub fn hold(&self) {
        self.interfere(Interference::Hold);
    }

    /// Lets everything pass later by `delay`, in either direction, until [`restore`](Self::restore).
    pub fn delay(&self, delay: Duration) {
        self.interfere(Interference::Delay(delay));
    }

    /// Lets everything pass again.
    pub fn restore(&self) {
        self.interfere(Interference::None);
    }

    /// Drops the next thing that the server says, and cuts the connection on which it said it: the request has had its
    /// effect, and the client never hears of it.
    pub fn drop_next_reply(&self) {
        self.control.drop_reply.send_replace(DropReply::Next);
    }

    /// The same for what the server says to the next request with `needle` in it, such as `COMMIT`.
    pub fn drop_reply_to(&self, needle: impl Into<Vec<u8>>) {
        self.control.drop_reply.send_replace(DropReply::To(needle.into()));
    }

    /// Waits until `count` replies were dropped in all.
    pub async fn replies_dropped(&self, count: u64) {
        let mut dropped = self.control.replies_dropped.subscribe();
        // The sender lives as long as this proxy.
        drop(dropped.wait_for(|dropped| *dropped >= count).await);
    }

    fn interfere(&self, interference: Interference) {
        self.control.interference.send_replace(interference);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, control: Arc<Control>) {
    // Connections end with the task that accepted them.
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        control.connections.fetch_add(1, Ordering::SeqCst);
        connections.spawn(serve(client, server, Arc::clone(&control)));
        while connections.try_join_next().is_some() {}
    }
}

/// Passes on what comes from either side until one of them ends, or the connection is to be cut.
async fn serve(client: TcpStream, server: SocketAddr, control: Arc<Control>) {
    let mut interference = control.interference.subscribe();
    if *interference.borrow_and_update() == Interference::Cut {
        return;
    }
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    drop((client.set_nodelay(true), server.set_nodelay(true)));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // What this connection's client has asked that is to get no reply.
    let marked = watch::Sender::new(Request::Ordinary);
    tokio::select! {
        biased;
        _ = interference.wait_for(|interference| *interference == Interference::Cut) => {}
        _ = pass_requests(from_client, to_server, &control, &marked) => {}
        _ = pass_replies(from_server, to_client, &control, &marked) => {}
    }
}

/// Whether the last request is one whose reply is to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Request {
    /// It is not.
    Ordinary,
    /// It is.
    Marked,
}

async fn pass_requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    control: &Control,
    marked: &watch::Sender<Request>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            to.shutdown().await?;
            // The server may still have something to say.
            return std::future::pending().await;
        }
        may_pass(control).await;
        control.drop_reply.send_if_modified(|drop_reply| {
            let matches = matches!(drop_reply, DropReply::To(needle) if contains(&buffer[..length], needle));
            if matches {
                marked.send_replace(Request::Marked);
                *drop_reply = DropReply::Never;
            }
            matches
        });
        to.write_all(&buffer[..length]).await?;
    }
}

async fn pass_replies(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    control: &Control,
    marked: &watch::Sender<Request>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        may_pass(control).await;
        let is_next = control.drop_reply.send_if_modified(|drop_reply| {
            let is_next = *drop_reply == DropReply::Next;
            if is_next {
                *drop_reply = DropReply::Never;
            }
            is_next
        });
        if is_next || *marked.borrow() == Request::Marked {
            control.replies_dropped.send_modify(|dropped| *dropped += 1);
            return Ok(());
        }
        to.write_all(&buffer[..length]).await?;
    }
}

/// Waits for as long as the present interference keeps things from passing.
async fn may_pass(control: &Control) {
    let mut interference = control.interference.subscribe();
    let present = interference.borrow_and_update().clone();
    if let Interference::Delay(delay) = present {
        tokio::time::sleep(delay).await;
    }
    // The sender lives as long as the proxy, and every connection ends with it.
    drop(interference.wait_for(|interference| *interference != Interference::Hold).await);
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && bytes.windows(needle.len()).any(|window| window == needle)
}

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

/// How many bytes of what was sent are looked through again for a needle that comes in pieces.
const LONGEST_NEEDLE: usize = 256;

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

/// How the next reply is picked that never arrives, or not as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
enum DropReply {
    /// None is.
    Never,
    /// The next one of all.
    Next,
    /// Those to the next so many requests with these bytes in them.
    To { needle: Vec<u8>, requests: u32 },
}

/// How much of a reply arrives that is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrives {
    /// Nothing.
    Nothing,
    /// The first half of what the server says at once.
    Half,
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
    arrives: watch::Sender<Arrives>,
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
            arrives: watch::Sender::new(Arrives::Nothing),
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
        self.pick(DropReply::Next, Arrives::Nothing);
    }

    /// Cuts the connection in the middle of the next thing that the server says on any, as when it dies while it speaks.
    pub fn cut_next_reply_short(&self) {
        self.pick(DropReply::Next, Arrives::Half);
    }

    /// Drops what the server says to the next request with `needle` in it, such as `COMMIT`, as
    /// [`drop_next_reply`](Self::drop_next_reply) does.
    pub fn drop_reply_to(&self, needle: impl Into<Vec<u8>>) {
        self.drop_replies_to(needle, 1);
    }

    /// The same for the next so many requests with `needle` in them, on whatever connections they are made.
    pub fn drop_replies_to(&self, needle: impl Into<Vec<u8>>, requests: u32) {
        self.pick(DropReply::To { needle: needle.into(), requests }, Arrives::Nothing);
    }

    /// Lets every reply arrive again that was to be dropped and has not been said yet.
    pub fn drop_no_reply(&self) {
        self.pick(DropReply::Never, Arrives::Nothing);
    }

    /// How many replies were dropped, or cut short, so far.
    pub fn dropped(&self) -> u64 {
        *self.control.replies_dropped.borrow()
    }

    /// Waits until `count` replies were dropped, or cut short, in all.
    pub async fn replies_dropped(&self, count: u64) {
        let mut dropped = self.control.replies_dropped.subscribe();
        // The sender lives as long as this proxy.
        drop(dropped.wait_for(|dropped| *dropped >= count).await);
    }

    fn pick(&self, drop_reply: DropReply, arrives: Arrives) {
        self.control.arrives.send_replace(arrives);
        self.control.drop_reply.send_replace(drop_reply);
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
    // What was sent last, because a request may come in pieces.
    let mut tail = Vec::new();
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            to.shutdown().await?;
            // The server may still have something to say.
            return std::future::pending().await;
        }
        may_pass(control).await;
        tail.extend_from_slice(&buffer[..length]);
        if is_picked(control, &tail) {
            marked.send_replace(Request::Marked);
        }
        tail.drain(..tail.len().saturating_sub(LONGEST_NEEDLE));
        to.write_all(&buffer[..length]).await?;
    }
}

/// Whether the reply to what was sent is to be dropped; if so, one less is from now on.
fn is_picked(control: &Control, sent: &[u8]) -> bool {
    control.drop_reply.send_if_modified(|drop_reply| {
        let DropReply::To { needle, requests } = drop_reply else {
            return false;
        };
        if !contains(sent, needle) {
            return false;
        }
        *requests = requests.saturating_sub(1);
        if *requests == 0 {
            *drop_reply = DropReply::Never;
        }
        true
    })
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
            if *control.arrives.borrow() == Arrives::Half {
                to.write_all(&buffer[..length / 2]).await?;
            }
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

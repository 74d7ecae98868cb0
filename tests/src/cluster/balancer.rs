//! A balancer in front of web processes: each connection goes to the next of them that can be connected to.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// The balancer. It ends when it is dropped, with every connection.
#[derive(Debug)]
pub struct Balancer {
    address: SocketAddr,
    turns: Arc<Mutex<Turns>>,
    accepting: AbortHandle,
}

#[derive(Debug, Default)]
struct Turns {
    backends: Vec<SocketAddr>,
    next: usize,
}

impl Turns {
    /// Every backend once, beginning with the one whose turn it is.
    fn take(&mut self) -> Vec<SocketAddr> {
        let mut order = self.backends.clone();
        if !order.is_empty() {
            self.next = (self.next + 1) % order.len();
            order.rotate_left(self.next);
        }
        order
    }
}

impl Balancer {
    /// A balancer on a free port, in front of nobody.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let turns = Arc::<Mutex<Turns>>::default();
        let accepting = tokio::spawn(accept(listener, Arc::clone(&turns))).abort_handle();
        Self { address, turns, accepting }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes a backend in.
    pub fn add(&self, backend: SocketAddr) {
        self.turns.lock().unwrap().backends.push(backend);
    }

    /// Sends no more connections to a backend; those that are there stay.
    pub fn remove(&self, backend: SocketAddr) {
        self.turns.lock().unwrap().backends.retain(|known| *known != backend);
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, turns: Arc<Mutex<Turns>>) {
    // Connections end with the task that accepted them.
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let order = turns.lock().unwrap().take();
        connections.spawn(pass(client, order));
        while connections.try_join_next().is_some() {}
    }
}

/// Passes on to the first backend that answers. The client's connection is cut when none does.
async fn pass(mut client: TcpStream, order: Vec<SocketAddr>) {
    for backend in order {
        if let Ok(mut server) = TcpStream::connect(backend).await {
            drop((client.set_nodelay(true), server.set_nodelay(true)));
            // A connection that breaks is for its two ends to notice.
            drop(copy_bidirectional(&mut client, &mut server).await);
            return;
        }
    }
}

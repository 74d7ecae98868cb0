//! The proxy that stands in the way.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use testkit::proxy::FaultProxy;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, timeout};

const SOON: Duration = Duration::from_secs(10);
const A_MOMENT: Duration = Duration::from_millis(50);

/// A server that counts the lines that it was sent, and answers each with itself.
struct Echo {
    address: SocketAddr,
    lines: Arc<AtomicU64>,
}

impl Echo {
    async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let lines = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&lines);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counted = Arc::clone(&counted);
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    let mut line = String::new();
                    while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
                        counted.fetch_add(1, Ordering::SeqCst);
                        stream.get_mut().write_all(line.as_bytes()).await.unwrap();
                        line.clear();
                    }
                });
            }
        });
        Self { address, lines }
    }
}

struct Client(BufReader<TcpStream>);

impl Client {
    async fn connect(proxy: &FaultProxy) -> Self {
        Self(BufReader::new(TcpStream::connect(proxy.address()).await.unwrap()))
    }

    async fn say(&mut self, line: &str) {
        self.0.get_mut().write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// The next line; `None` when the connection was cut.
    async fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        match timeout(SOON, self.0.read_line(&mut line)).await.expect("an answer or an end") {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim_end().to_owned()),
        }
    }

    async fn ask(&mut self, line: &str) -> Option<String> {
        self.say(line).await;
        self.hear().await
    }
}

#[tokio::test]
async fn what_is_let_pass_arrives_unchanged() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let (mut one, mut other) = (Client::connect(&proxy).await, Client::connect(&proxy).await);
    for number in 0..20 {
        let line = format!("{}line {number}", "x".repeat(number * 1_000));
        assert_eq!(one.ask(&line).await.as_ref(), Some(&line));
        assert_eq!(other.ask("other").await.as_deref(), Some("other"));
    }
    assert_eq!(proxy.connections(), 2);
}

#[tokio::test]
async fn a_cut_ends_every_connection_and_a_restored_proxy_takes_new_ones() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let mut client = Client::connect(&proxy).await;
    assert_eq!(client.ask("before").await.as_deref(), Some("before"));
    proxy.cut();
    assert_eq!(client.hear().await, None);
    assert_eq!(Client::connect(&proxy).await.hear().await, None, "a new one is cut at once");
    proxy.restore();
    assert_eq!(Client::connect(&proxy).await.ask("after").await.as_deref(), Some("after"));
}

#[tokio::test]
async fn what_is_held_arrives_later() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let mut client = Client::connect(&proxy).await;
    assert_eq!(client.ask("before").await.as_deref(), Some("before"));
    proxy.hold();
    client.say("held").await;
    assert!(timeout(A_MOMENT, client.hear()).await.is_err(), "nothing passes");
    assert_eq!(echo.lines.load(Ordering::SeqCst), 1, "nothing arrived");
    proxy.restore();
    assert_eq!(client.hear().await.as_deref(), Some("held"));
}

#[tokio::test]
async fn what_is_delayed_takes_its_time_in_either_direction() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let mut client = Client::connect(&proxy).await;
    proxy.delay(A_MOMENT);
    let started = Instant::now();
    assert_eq!(client.ask("slow").await.as_deref(), Some("slow"));
    assert!(started.elapsed() >= 2 * A_MOMENT, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_dropped_reply_is_one_to_a_request_that_had_its_effect() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let (mut one, mut other) = (Client::connect(&proxy).await, Client::connect(&proxy).await);
    proxy.drop_reply_to("COMMIT");
    assert_eq!(one.ask("begin").await.as_deref(), Some("begin"));
    assert_eq!(one.ask("a COMMIT; of one").await, None, "the reply is dropped, the connection cut");
    proxy.replies_dropped(1).await;
    assert_eq!(echo.lines.load(Ordering::SeqCst), 2, "it had its effect");
    assert_eq!(other.ask("COMMIT").await.as_deref(), Some("COMMIT"), "one reply is dropped, not two");

    proxy.drop_next_reply();
    assert_eq!(other.ask("anything").await, None);
    proxy.replies_dropped(2).await;
    assert_eq!(echo.lines.load(Ordering::SeqCst), 4, "it had its effect");
}

#[tokio::test]
async fn as_many_replies_are_dropped_as_was_said_on_any_connection() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    proxy.drop_replies_to("COMMIT", 2);
    for _ in 0..2 {
        let mut client = Client::connect(&proxy).await;
        assert_eq!(client.ask("begin").await.as_deref(), Some("begin"));
        assert_eq!(client.ask("COMMIT").await, None);
    }
    assert_eq!(proxy.dropped(), 2);
    assert_eq!(Client::connect(&proxy).await.ask("COMMIT").await.as_deref(), Some("COMMIT"));
    proxy.drop_replies_to("COMMIT", 2);
    proxy.drop_no_reply();
    assert_eq!(Client::connect(&proxy).await.ask("COMMIT").await.as_deref(), Some("COMMIT"));
}

#[tokio::test]
async fn a_request_that_comes_in_pieces_is_recognised() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let mut client = Client::connect(&proxy).await;
    proxy.drop_reply_to("COMMIT");
    client.0.get_mut().write_all(b"COM").await.unwrap();
    // The first piece has passed before the second is said, because the line before it was answered.
    assert_eq!(Client::connect(&proxy).await.ask("other").await.as_deref(), Some("other"));
    client.0.get_mut().write_all(b"MIT\n").await.unwrap();
    assert_eq!(client.hear().await, None);
}

#[tokio::test]
async fn a_reply_that_is_cut_short_arrives_in_part() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let mut client = Client::connect(&proxy).await;
    proxy.cut_next_reply_short();
    client.say("twelve bytes").await;
    let mut line = String::new();
    client.0.read_line(&mut line).await.unwrap();
    assert_eq!(line, "twelve", "half of the line, and no end of it");
    assert_eq!(client.hear().await, None);
}

#[tokio::test]
async fn a_dropped_proxy_cuts_what_is_left() {
    let echo = Echo::start().await;
    let proxy = FaultProxy::start(echo.address).await.unwrap();
    let mut client = Client::connect(&proxy).await;
    assert_eq!(client.ask("before").await.as_deref(), Some("before"));
    let address = proxy.address();
    drop(proxy);
    assert_eq!(client.hear().await, None);
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens there");
}

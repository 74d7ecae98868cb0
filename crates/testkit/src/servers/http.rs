//! An HTTP server that answers as it is told, notes what it was asked, and can do what a well-behaved one does not:
//! hang up, keep silent, break off, and send without end.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct HttpRequest {
    /// Such as `POST`.
    pub method: String,
    /// The path with the query.
    pub target: String,
    /// By lowercase name.
    pub headers: BTreeMap<String, String>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// The value of the header of this name in lowercase.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The body, which must be JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }
}

/// What the server does once it has read a request.
#[derive(Debug, Clone)]
pub enum HttpReply {
    /// Answers.
    Answer {
        /// The status, such as 200.
        status: u16,
        /// Beside the length of the body.
        headers: Vec<(String, String)>,
        /// The whole body.
        body: Vec<u8>,
    },
    /// Closes the connection without an answer.
    HangUp,
    /// Never answers.
    Silence,
    /// Announces a body, and closes the connection after its first four bytes.
    BreakOff {
        /// The status, such as 200.
        status: u16,
        /// The length that the body would have, in bytes.
        announced: usize,
    },
    /// Sends a body of zeros whose length it does not announce.
    Unannounced {
        /// The length of the body.
        bytes: usize,
    },
}

impl HttpReply {
    /// An answer in JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// The page with which a server in between answers.
    pub fn html(status: u16) -> Self {
        Self::text(status, "text/html", "<html><body>nginx</body></html>")
    }

    /// An answer of this type.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self::Answer { status, headers, body: body.as_bytes().to_vec() }
    }

    /// The same answer with one more header. What is no answer has none.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

type Handler = dyn Fn(&HttpRequest) -> HttpReply + Send + Sync;
type Seen = Mutex<Vec<HttpRequest>>;

/// A running server, with one request a connection. It is gone when this is dropped, with every connection.
pub struct HttpServer {
    address: SocketAddr,
    url: String,
    seen: Arc<Seen>,
    accepting: AbortHandle,
}

impl HttpServer {
    /// A server on a free port of this machine that treats every request as `handler` says. It lives in the present
    /// runtime.
    pub async fn start(handler: impl Fn(&HttpRequest) -> HttpReply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("the address of a listener");
        let seen = Arc::default();
        let accepting = tokio::spawn(accept(listener, Arc::new(handler), Arc::clone(&seen))).abort_handle();
        Self { address, url: format!("http://{address}"), seen, accepting }
    }

    /// A server that treats every request alike.
    pub async fn always(reply: HttpReply) -> Self {
        Self::start(move |_| reply.clone()).await
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the server, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What the server was asked so far, in order.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HttpServer").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, handler: Arc<Handler>, seen: Arc<Seen>) {
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (handler, seen) = (Arc::clone(&handler), Arc::clone(&seen));
        conversations.spawn(async move {
            // A client that hangs up is none of this server's business.
            let _ended = converse(stream, handler.as_ref(), &seen).await;
        });
    }
}

async fn converse(mut stream: TcpStream, handler: &Handler, seen: &Seen) -> io::Result<()> {
    let Some(request) = read(&mut stream).await? else { return Ok(()) };
    let reply = handler(&request);
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    match reply {
        HttpReply::HangUp => Ok(()),
        HttpReply::Silence => std::future::pending().await,
        HttpReply::Answer { status, headers, body } => {
            let mut head = head(status, Some(body.len()));
            for (name, value) in headers {
                head.push_str(&[&name, ": ", &value, "\r\n"].concat());
            }
            stream.write_all(&[head.as_bytes(), b"\r\n", &body].concat()).await?;
            stream.shutdown().await
        }
        HttpReply::BreakOff { status, announced } => {
            let half = [&head(status, Some(announced)), "\r\nhalf"].concat();
            stream.write_all(half.as_bytes()).await?;
            stream.shutdown().await
        }
        HttpReply::Unannounced { bytes } => {
            stream.write_all([&head(200, None), "\r\n"].concat().as_bytes()).await?;
            let chunk = vec![0; 64 * 1024];
            let mut left = bytes;
            while left > 0 {
                let part = &chunk[..left.min(chunk.len())];
                stream.write_all(part).await?;
                left -= part.len();
            }
            stream.shutdown().await
        }
    }
}

/// The first lines of an answer, up to where further headers may follow.
fn head(status: u16, length: Option<usize>) -> String {
    let length = length.map(|length| format!("content-length: {length}\r\n")).unwrap_or_default();
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{length}")
}

/// The request, or nothing when the client hangs up before its end.
async fn read(stream: &mut TcpStream) -> io::Result<Option<HttpRequest>> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ').map(ToOwned::to_owned);
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Ok(None);
        }
    }
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    Ok(Some(HttpRequest { method, target, headers, body }))
}

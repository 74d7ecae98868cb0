//! A server that reads one request a connection, and then does what it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use openai_adapter::{OpenAi, OpenAiSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it was read.
#[derive(Debug, Clone)]
pub struct Request {
    /// The line with method and path, and the headers, in lowercase but for their values.
    pub head: String,
    pub body: String,
}

impl Request {
    /// Method and path.
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap().trim_end_matches(" HTTP/1.1")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// What the server does once it has read a request.
#[derive(Debug, Clone)]
pub enum Reaction {
    /// Answers.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// Announces more than it sends, and hangs up.
    HalfAnAnswer,
    /// Hangs up.
    HangUp,
    /// Never answers.
    Silence,
}

impl Reaction {
    pub fn answer(status: u16, body: impl Into<String>) -> Self {
        Self::Answer { status, headers: Vec::new(), body: body.into() }
    }
}

pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Starts a server that runs for as long as the test does.
    pub async fn start(reaction: impl Fn(&Request) -> Reaction + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (reaction, seen) = (Arc::new(reaction), Arc::clone(&requests));
        tokio::spawn(async move {
            loop {
                let (connection, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(connection, Arc::clone(&reaction), Arc::clone(&seen)));
            }
        });
        Self { address, requests }
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn client(&self) -> OpenAi {
        client(self.address)
    }
}

/// An adapter for a server at this address, which waits long enough for a local one, and not for ever.
pub fn client(address: SocketAddr) -> OpenAi {
    OpenAi::new(settings(&format!("http://{address}/v1"))).unwrap()
}

pub fn settings(base_url: &str) -> OpenAiSettings {
    install_crypto_provider();
    OpenAiSettings {
        base_url: base_url.to_owned(),
        api_key: "sk-a-test-key".into(),
        moderation_model: "omni-moderation-latest".to_owned(),
        timeout: Duration::from_millis(700),
    }
}

/// What a program does once when it starts.
pub fn install_crypto_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
}

async fn serve(
    mut connection: TcpStream,
    reaction: Arc<impl Fn(&Request) -> Reaction>,
    seen: Arc<Mutex<Vec<Request>>>,
) {
    let request = read(&mut connection).await;
    let reaction = reaction(&request);
    seen.lock().unwrap().push(request);
    match reaction {
        Reaction::Answer { status, headers, body } => {
            let mut answer = format!(
                "HTTP/1.1 {status} Whatever\r\ncontent-length: {}\r\nconnection: close\r\n",
                body.len()
            );
            for (name, value) in headers {
                answer.push_str(&[name, ": ", &value, "\r\n"].concat());
            }
            answer.push_str("\r\n");
            answer.push_str(&body);
            // The other side may have had enough before the end.
            drop(connection.write_all(answer.as_bytes()).await);
        }
        Reaction::HalfAnAnswer => {
            let half = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"results\":[";
            connection.write_all(half.as_bytes()).await.unwrap();
        }
        Reaction::HangUp => {}
        Reaction::Silence => std::future::pending().await,
    }
}

async fn read(connection: &mut TcpStream) -> Request {
    let mut bytes = Vec::new();
    let head_length = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        assert!(connection.read_buf(&mut bytes).await.unwrap() > 0, "half a request");
    };
    let mut request =
        Request { head: String::from_utf8(bytes[..head_length].to_vec()).unwrap(), body: String::new() };
    let body_length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while bytes.len() < head_length + body_length {
        assert!(connection.read_buf(&mut bytes).await.unwrap() > 0, "half a request");
    }
    request.body = String::from_utf8(bytes[head_length..].to_vec()).unwrap();
    request
}

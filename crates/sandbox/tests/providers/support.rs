//! Servers on free ports, a client, and a receiver of webhooks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::Response;
use sandbox::faults::{Fault, FaultBoard, NewRule, Service, Times, serve};
use sandbox::journal::Journal;
use sandbox::providers::fal::FalFiles;
use sandbox::providers::{Common, ProviderSettings, Settings, fal, google, openai};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Nothing in these tests takes longer than this.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One server, stopped on drop.
pub struct Server {
    pub url: String,
    pub journal: Journal,
    pub faults: FaultBoard,
    pub settings: Settings,
    /// What FAL's storage holds.
    pub fal_files: FalFiles,
    pub client: reqwest::Client,
    service: Service,
    _stop: DropGuard,
}

impl Server {
    pub async fn google() -> Self {
        Self::start(Service::Google, ProviderSettings::instant()).await
    }

    pub async fn fal() -> Self {
        Self::start(Service::Fal, ProviderSettings::instant()).await
    }

    pub async fn openai() -> Self {
        Self::start(Service::OpenAi, ProviderSettings::instant()).await
    }

    pub async fn start(service: Service, settings: ProviderSettings) -> Self {
        // A second installation in the same process is refused and changes nothing.
        let _first = rustls::crypto::ring::default_provider().install_default();
        let (journal, faults, settings) =
            (Journal::default(), FaultBoard::default(), Settings::new(settings));
        let common = Common::new(journal.clone(), faults.clone(), settings.clone()).unwrap();
        let fal_files = common.fal_files.clone();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = match service {
            Service::Google => google::router(common),
            Service::OpenAi => openai::router(common),
            _ => fal::router(common, &url),
        };
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, router, stop.clone()));
        let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Self { url, journal, faults, settings, fal_files, client, service, _stop: stop.drop_guard() }
    }

    /// The next call obeys this fault.
    pub fn break_once(&self, fault: Fault) {
        self.faults.once(self.service, fault);
    }

    /// The next call whose method and path contain `operation` obeys this fault.
    pub fn break_operation(&self, operation: &str, fault: Fault) {
        self.faults.add(NewRule {
            service: self.service,
            operation: Some(operation.to_owned()),
            fault,
            times: Times::Once,
        });
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// Status and JSON body of an answer.
pub async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}")))
}

/// A webhook as it arrived.
pub struct Received {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Receives webhooks; answers with the given statuses in turn, then 200.
pub struct Receiver {
    pub url: String,
    arrivals: mpsc::UnboundedReceiver<Received>,
    _stop: DropGuard,
}

impl Receiver {
    pub async fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook?account=1&mac=a%2Bb", listener.local_addr().unwrap());
        let (sender, arrivals) = mpsc::unbounded_channel();
        let statuses = Arc::new(Mutex::new(statuses.iter().copied().collect::<VecDeque<u16>>()));
        let hook = move |headers: HeaderMap, body: Bytes| {
            let (sender, statuses) = (sender.clone(), statuses.clone());
            async move {
                sender.send(Received { headers, body }).unwrap();
                let status = statuses.lock().unwrap().pop_front().unwrap_or(200);
                StatusCode::from_u16(status).unwrap()
            }
        };
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, Router::new().route("/hook", post(hook)), stop.clone()));
        Self { url, arrivals, _stop: stop.drop_guard() }
    }

    pub async fn next(&mut self) -> Received {
        tokio::time::timeout(PATIENCE, self.arrivals.recv()).await.expect("no webhook came").unwrap()
    }

    /// Whether nothing has arrived so far.
    pub fn is_empty(&mut self) -> bool {
        self.arrivals.try_recv().is_err()
    }
}

/// Waits until the journal holds a call that fits.
pub async fn journalled(
    journal: &Journal,
    fits: impl Fn(&sandbox::journal::Call) -> bool,
) -> sandbox::journal::Call {
    let mut listener = journal.subscribe();
    if let Some(call) = journal.since(0).into_iter().find(&fits) {
        return call;
    }
    let wait = async {
        loop {
            let call = listener.recv().await.unwrap();
            if fits(&call) {
                return call;
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("no such call was made")
}

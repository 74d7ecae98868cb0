//! A Telegram on free ports with a person in it, a bot's client for it, and the driving API beside it.

use std::io::Cursor;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::multipart::{Form, Part};
use sandbox::driving::{self, Driving, NoDatabase};
use sandbox::faults::{self, FaultBoard};
use sandbox::http_client::http_client;
use sandbox::journal::Journal;
use sandbox::telegram::{self, TelegramServer, TelegramSettings};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The token of the bot in these tests.
pub const TOKEN: &str = "123456:TEST-TOKEN_that-opens-nothing";
/// The person who is there from the start.
pub const ANN: i64 = 42;

/// A running Telegram.
pub struct Harness {
    pub http: reqwest::Client,
    pub bot_api: String,
    pub driving_api: String,
    pub server: TelegramServer,
    stop: CancellationToken,
    _stops_at_the_end: DropGuard,
}

/// An answer of the Bot API.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    /// The result of a call that went well.
    #[track_caller]
    pub fn result(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        assert_eq!(self.body["ok"], true, "{}", self.body);
        self.body["result"].clone()
    }

    /// The description of a call that was refused with this status.
    #[track_caller]
    pub fn refusal(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.body["ok"], false, "{}", self.body);
        assert_eq!(self.body["error_code"], status, "{}", self.body);
        self.body["description"].as_str().unwrap().to_owned()
    }
}

impl Harness {
    /// A Telegram with Ann, who has written `/start`, which the bot has read.
    pub async fn start() -> Self {
        let harness = Self::start_with_nobody().await;
        harness
            .drive(
                "people",
                json!({ "telegram_id": ANN, "first_name": "Ann", "username": "ann", "language_code": "en" }),
            )
            .await;
        harness.drive(&format!("people/{ANN}/text"), json!({ "text": "/start" })).await;
        let updates = harness.updates(json!({})).await;
        assert_eq!(updates.len(), 1);
        let next = updates[0]["update_id"].as_i64().unwrap() + 1;
        harness.updates(json!({ "offset": next })).await;
        harness
    }

    /// A Telegram without people.
    pub async fn start_with_nobody() -> Self {
        Self::start_in(None).await
    }

    /// A Telegram with what an earlier one has kept in this directory.
    pub async fn start_in(kept_in: Option<PathBuf>) -> Self {
        let stop = CancellationToken::new();
        let journal = Journal::default();
        let faults = FaultBoard::default();
        let http = http_client().unwrap();
        let server = TelegramServer::new(TelegramSettings {
            token: TOKEN.to_owned(),
            bot_name: "Aisha".to_owned(),
            bot_username: "aisha_test_bot".to_owned(),
            file_capacity: 64 * 1024 * 1024,
            journal: journal.clone(),
            faults: faults.clone(),
            http: http.clone(),
            kept_in,
        })
        .unwrap();
        server.deliver_to_webhooks();
        let driving = Driving {
            telegram: server.clone(),
            bot: None,
            system: Arc::new(NoDatabase),
            journal,
            faults,
            stop: stop.clone(),
        };
        Self {
            bot_api: serve(telegram::router(&server), &stop).await,
            driving_api: format!("{}/sandbox", serve(driving::router(&driving), &stop).await),
            http,
            server,
            _stops_at_the_end: stop.clone().drop_guard(),
            stop,
        }
    }

    /// Serves something more for as long as the harness lives; gives its URL.
    pub async fn serve(&self, router: Router) -> String {
        serve(router, &self.stop).await
    }

    /// A call of the bot with a JSON body.
    pub async fn call(&self, method: &str, parameters: Value) -> Answer {
        answer(self.http.post(self.url(method)).json(&parameters)).await
    }

    /// A call of the bot with a multipart body.
    pub async fn call_with_files(&self, method: &str, form: Form) -> Answer {
        answer(self.http.post(self.url(method)).multipart(form)).await
    }

    pub fn url(&self, method: &str) -> String {
        format!("{}/bot{TOKEN}/{method}", self.bot_api)
    }

    /// A call that goes well.
    pub async fn ok(&self, method: &str, parameters: Value) -> Value {
        self.call(method, parameters).await.result()
    }

    /// Sends Ann words, and gives the message's id.
    pub async fn say(&self, text: &str) -> i64 {
        let message = self.ok("sendMessage", json!({ "chat_id": ANN, "text": text })).await;
        message["message_id"].as_i64().unwrap()
    }

    /// What `getUpdates` answers.
    pub async fn updates(&self, parameters: Value) -> Vec<Value> {
        self.ok("getUpdates", parameters).await.as_array().unwrap().clone()
    }

    /// A call of the driving API that goes well.
    pub async fn drive(&self, path: &str, body: Value) -> Value {
        let response = self.http.post(self.driving_url(path)).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    /// A call of the driving API that is refused: its status and reason.
    pub async fn drive_in_vain(&self, path: &str, body: Value) -> (u16, String) {
        let response = self.http.post(self.driving_url(path)).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        (status, body["error"].as_str().unwrap().to_owned())
    }

    /// What the driving API shows.
    pub async fn look(&self, path: &str) -> Value {
        let response = self.http.get(self.driving_url(path)).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap()
    }

    pub fn driving_url(&self, path: &str) -> String {
        format!("{}/{path}", self.driving_api)
    }
}

async fn serve(router: Router, stop: &CancellationToken) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(faults::serve(listener, router, stop.clone()));
    url
}

/// Sends a call of the Bot API.
pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    Answer { status, body: response.json().await.unwrap() }
}

/// A picture of one colour.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_pixel(width, height, Rgb([180, 60, 40])));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A file in a form.
pub fn file(name: &str, bytes: Vec<u8>) -> Part {
    Part::bytes(bytes).file_name(name.to_owned())
}

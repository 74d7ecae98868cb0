//! Files that people send, against the suite of their port, over a server that hands out files as the Bot API does.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Body;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, body};
use bytes::Bytes;
use chat::{TelegramBot, TelegramFiles, TelegramTimeouts};
use futures::stream;
use kernel::{IncomingFileError, IncomingFileId, IncomingFiles};
use serde_json::{Value, json};
use testkit::suites::incoming_files;

const TOKEN: &str = "123456:very-secret";

/// What is at the end of a path.
#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    /// `getFile` says that it is small, and it does not end.
    Endless,
    /// `getFile` knows it, and the path leads nowhere.
    Vanished,
    /// Larger than bots may have.
    TooBig,
}

#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<BTreeMap<String, Content>>>);

impl Shelf {
    fn put(&self, content: Content) -> IncomingFileId {
        let mut contents = self.0.lock().unwrap();
        let id = format!("file-{}", contents.len() + 1);
        contents.insert(id.clone(), content);
        IncomingFileId::new(id)
    }

    fn find(&self, id: &str) -> Option<Content> {
        self.0.lock().unwrap().get(id).cloned()
    }
}

async fn get_file(State(shelf): State<Shelf>, Json(request): Json<Value>) -> Response {
    let id = request["file_id"].as_str().unwrap();
    let refused = |description: &str| {
        let body = json!({"ok": false, "error_code": 400, "description": description});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    };
    let size = match shelf.find(id) {
        None => return refused("Bad Request: wrong file_id or the file is temporarily unavailable"),
        Some(Content::TooBig) => return refused("Bad Request: file is too big"),
        Some(Content::Bytes(bytes)) => bytes.len(),
        Some(Content::Endless | Content::Vanished) => 5,
    };
    let file =
        json!({"file_id": id, "file_unique_id": "u", "file_size": size, "file_path": format!("photos/{id}")});
    Json(json!({"ok": true, "result": file})).into_response()
}

async fn hand_out(State(shelf): State<Shelf>, Path(path): Path<String>) -> Response {
    match path.strip_prefix("photos/").and_then(|id| shelf.find(id)) {
        Some(Content::Bytes(bytes)) => bytes.into_response(),
        Some(Content::Endless) => {
            let pieces = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![7; 1_000])));
            Body::from_stream(pieces).into_response()
        }
        _ => (StatusCode::NOT_FOUND, body::Body::empty()).into_response(),
    }
}

async fn shop() -> (Shelf, SocketAddr) {
    let shelf = Shelf::default();
    let router = Router::new()
        .route(&format!("/bot{TOKEN}/GetFile"), post(get_file))
        .route(&format!("/file/bot{TOKEN}/{{*path}}"), get(hand_out))
        .with_state(shelf.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (shelf, address)
}

fn files(address: SocketAddr) -> TelegramFiles {
    let url = format!("http://{address}").parse().unwrap();
    let bot = TelegramBot::new(&TOKEN.into(), &url, TelegramTimeouts::default()).unwrap();
    TelegramFiles::new(Arc::new(bot))
}

struct Bench {
    shelf: Shelf,
    address: SocketAddr,
}

#[async_trait]
impl incoming_files::Bench for Bench {
    fn files(&self) -> Arc<dyn IncomingFiles> {
        Arc::new(files(self.address))
    }

    async fn send(&self, bytes: Bytes) -> IncomingFileId {
        self.shelf.put(Content::Bytes(bytes))
    }

    async fn send_and_forget(&self) -> IncomingFileId {
        IncomingFileId::new("never-sent")
    }

    async fn send_without_end(&self) -> Option<IncomingFileId> {
        Some(self.shelf.put(Content::Endless))
    }
}

#[tokio::test]
async fn files_of_people_keep_their_contract() {
    let (shelf, address) = shop().await;
    incoming_files::all(&Bench { shelf, address }).await;
}

#[tokio::test]
async fn what_telegram_does_not_hand_out_is_too_large_or_gone() {
    let (shelf, address) = shop().await;
    let files = files(address);
    let too_big = files.fetch(&shelf.put(Content::TooBig), usize::MAX).await;
    assert!(matches!(too_big, Err(IncomingFileError::TooLarge)), "{too_big:?}");
    let vanished = files.fetch(&shelf.put(Content::Vanished), 100).await;
    assert!(matches!(vanished, Err(IncomingFileError::Gone)), "{vanished:?}");
}

#[tokio::test]
async fn the_token_is_in_no_error() {
    let address = "127.0.0.1:1".parse().unwrap();
    let error = files(address).fetch(&IncomingFileId::new("file-1"), 100).await.unwrap_err();
    assert!(!format!("{error:?} {error}").contains("very-secret"), "{error:?}");
}

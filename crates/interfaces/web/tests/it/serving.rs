//! The server: it finishes what was begun.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use web::serve;

const BOUND: Duration = Duration::from_secs(10);

#[tokio::test]
async fn an_answer_that_was_begun_is_finished_after_the_stop() {
    let begun = Arc::new(Notify::new());
    let stop = CancellationToken::new();
    let (handler_begun, handler_stop) = (Arc::clone(&begun), stop.clone());
    let slow = || async move {
        handler_begun.notify_one();
        handler_stop.cancelled().await;
        "finished"
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/slow", get(slow));
    let server = tokio::spawn(serve(listener, router, stop.clone()));
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    timeout(BOUND, begun.notified()).await.unwrap();
    stop.cancel();
    let mut answer = String::new();
    timeout(BOUND, connection.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("finished"), "{answer}");
    timeout(BOUND, server).await.unwrap().unwrap().unwrap();
}

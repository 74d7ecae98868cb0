//! Faults that every server obeys, the board over HTTP, and the journal.

use std::time::Duration;

use axum::Router;
use sandbox::faults::{self, Fault, FaultBoard, Service, serve};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::support::{PATIENCE, Server, journalled, read};

fn moderation(server: &Server) -> reqwest::RequestBuilder {
    server.client.post(server.at("/v1/moderations")).bearer_auth("sk").json(&json!({"input": "x"}))
}

#[tokio::test]
async fn a_dropped_connection_has_no_answer_and_no_effect() {
    let server = Server::fal().await;
    let submit = || {
        let request =
            server.client.post(server.at("/fal-ai/flux/dev")).header("authorization", "Key id:secret");
        request.json(&json!({"prompt": "x"})).send()
    };
    server.break_once(Fault::DropConnection);
    assert!(submit().await.is_err());
    let dropped = &server.journal.since(0)[0];
    assert_eq!((dropped.status, dropped.fault.as_deref()), (None, Some("drop connection")));
    assert_eq!(dropped.summary, "");

    server.break_once(Fault::DropAfterEffect);
    assert!(submit().await.is_err());
    let dropped = &server.journal.since(1)[0];
    assert_eq!(dropped.status, None);
    // The work was done: the request is known by its id.
    let id = dropped.summary.strip_prefix("submitted ").unwrap();
    let status = server.client.get(server.at(&format!("/fal-ai/flux/requests/{id}/status")));
    let (code, _) = read(status.header("authorization", "Key id:secret").send().await.unwrap()).await;
    assert!(code == 200 || code == 202);
}

#[tokio::test]
async fn a_held_request_is_answered_after_its_release() {
    let server = Server::openai().await;
    for fault in [Fault::Hold, Fault::HoldAfterEffect] {
        server.break_once(fault);
        let request = tokio::spawn(moderation(&server).send());
        tokio::time::timeout(PATIENCE, server.faults.wait_for_held(1)).await.unwrap();
        assert!(!request.is_finished());
        assert_eq!(server.faults.held()[0].operation, "POST /v1/moderations");
        assert_eq!(server.faults.release(), 1);
        assert_eq!(request.await.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_caller_that_leaves_while_held_is_noted() {
    let server = Server::openai().await;
    server.break_once(Fault::Hold);
    let request = tokio::spawn(moderation(&server).send());
    tokio::time::timeout(PATIENCE, server.faults.wait_for_held(1)).await.unwrap();
    request.abort();
    let call = journalled(&server.journal, |call| call.status.is_none()).await;
    assert_eq!(call.summary, "the caller went away");
    assert!(server.faults.held().is_empty());
}

#[tokio::test]
async fn garbage_is_a_page_with_status_200() {
    let server = Server::google().await;
    server.break_once(Fault::Garbage);
    let answer = server.client.get(server.at("/v1beta/models")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_delay_comes_before_the_answer_and_both_are_noted() {
    let server = Server::openai().await;
    server.break_once(Fault::Delay { ms: 200 });
    server.break_operation("moderations", Fault::BadKey);
    let started = tokio::time::Instant::now();
    let (status, _) = read(moderation(&server).send().await.unwrap()).await;
    assert_eq!(status, 401);
    assert!(started.elapsed() >= Duration::from_millis(200));
    let call = &server.journal.since(0)[0];
    assert_eq!(call.fault.as_deref(), Some("delay 200 ms, bad key"));
    assert!(call.duration_ms >= 200);
}

#[tokio::test]
async fn the_board_is_driven_over_http() {
    let board = FaultBoard::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/sandbox/faults", listener.local_addr().unwrap());
    let router = Router::new().nest("/sandbox/faults", faults::router(board.clone()));
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    tokio::spawn(serve(listener, router, stop));
    let _first = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();

    let rule = json!({
        "service": "google", "operation": "generateContent",
        "fault": {"kind": "status", "code": 429, "retry_after_seconds": 3}, "times": {"count": 2},
    });
    let (status, added) = read(client.post(&base).json(&rule).send().await.unwrap()).await;
    assert_eq!(status, 201);
    let (_, shown) = read(client.get(&base).send().await.unwrap()).await;
    assert_eq!(shown["rules"][0]["id"], added["id"]);
    assert_eq!(shown["rules"][0]["fault"]["kind"], "status");
    assert_eq!(shown["held"], json!([]));

    let nonsense = client.post(&base).json(&json!({"service": "google", "fault": {"kind": "nonsense"}}));
    assert_eq!(nonsense.send().await.unwrap().status(), 422);
    let one = format!("{base}/{}", added["id"]);
    assert_eq!(client.delete(&one).send().await.unwrap().status(), 204);
    assert_eq!(client.delete(&one).send().await.unwrap().status(), 404);

    let hold = tokio::spawn({
        let board = board.clone();
        async move { board.hold(Service::Fal, "POST /x").await }
    });
    let answer = client.get(format!("{base}/held?at_least=1&timeout_ms=20000")).send().await.unwrap();
    let (status, room): (u16, Value) = read(answer).await;
    assert_eq!((status, &room["held"][0]["operation"]), (200, &json!("POST /x")));
    let (_, released) = read(client.post(format!("{base}/release")).send().await.unwrap()).await;
    assert_eq!(released["released"], 1);
    hold.await.unwrap();
    let nobody = client.get(format!("{base}/held?at_least=1&timeout_ms=1")).send().await.unwrap();
    assert_eq!(nobody.status(), 408);
    assert_eq!(client.delete(&base).send().await.unwrap().status(), 204);
}

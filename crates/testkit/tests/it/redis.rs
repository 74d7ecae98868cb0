//! The private Redis.

use std::time::Duration;

use testkit::servers::RedisServer;
use tokio::net::TcpStream;

#[tokio::test]
async fn a_crashed_server_comes_back_empty_at_its_address() {
    let server = RedisServer::start_with_password("hunter2");
    assert_eq!(server.url(), format!("redis://:hunter2@{}/", server.address()));
    server.ask(&["SET", "kept", "for now"]).await;
    assert_eq!(server.ask(&["GET", "kept"]).await, "for now");
    server.crash().await;
    assert!(TcpStream::connect(server.address()).await.is_err());
    server.restart().await;
    assert_eq!(server.ask(&["GET", "kept"]).await, "");
    let directory = server.directory().to_owned();
    drop(server);
    assert!(!directory.exists(), "nothing is left behind");
}

#[tokio::test]
async fn a_frozen_server_says_nothing_until_it_goes_on() {
    let server = RedisServer::start();
    server.freeze();
    let asked = server.clone();
    let asking = tokio::spawn(async move { asked.ask(&["PING"]).await });
    tokio::time::timeout(Duration::from_millis(200), server.ask(&["PING"])).await.expect_err("no answer");
    server.thaw();
    assert_eq!(asking.await.unwrap(), "PONG");
}

#[tokio::test]
async fn a_full_server_keeps_nothing_more_and_an_empty_one_has_nothing() {
    let server = RedisServer::start();
    server.ask(&["SET", "kept", "before"]).await;
    server.fill().await;
    let refused = tokio::spawn({
        let server = server.clone();
        async move { server.ask(&["SET", "more", "too much"]).await }
    });
    assert!(refused.await.unwrap_err().is_panic());
    assert_eq!(server.ask(&["GET", "kept"]).await, "before");
    server.empty().await;
    assert_eq!(server.ask(&["DBSIZE"]).await, "0");
}

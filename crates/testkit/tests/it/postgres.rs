//! The private PostgreSQL.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use testkit::servers::{Durability, PostgresServer};
use tokio::time::{Instant, sleep};

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_fresh_database_is_a_copy_of_the_one_that_was_migrated_once() {
    static MIGRATIONS: AtomicU32 = AtomicU32::new(0);
    let server = PostgresServer::shared();
    let migrate = async |url: String| {
        MIGRATIONS.fetch_add(1, Ordering::SeqCst);
        assert!(url.starts_with("postgres://postgres@127.0.0.1:"), "{url}");
    };
    let first = server.fresh_database(migrate).await;
    let second = server.fresh_database(migrate).await;
    assert_ne!(first.url(), second.url());
    assert_eq!(MIGRATIONS.load(Ordering::SeqCst), 1);
    drop(first);
    server.execute("SELECT 1").await;
}

#[tokio::test]
async fn a_crashed_server_comes_back_with_what_was_committed() {
    let server = PostgresServer::start(Durability::Full);
    server.execute("CREATE TABLE kept (number int)").await;
    server.crash().await;
    server.restart().await;
    server.execute("INSERT INTO kept VALUES (1)").await;
    let directory = server.directory().to_owned();
    assert!(directory.exists());
    drop(server);
    assert!(!directory.exists(), "nothing is left behind");
}

#[tokio::test]
async fn a_killed_test_process_leaves_nothing_behind() {
    let mut process =
        Command::new(env!("CARGO_BIN_EXE_hold_postgres")).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let directory = lines
        .find_map(|line| line.unwrap().split_once("started in ").map(|(_, directory)| directory.to_owned()))
        .expect("the process says where its server is");
    assert!(Path::new(&directory).exists());
    process.kill().unwrap();
    process.wait().unwrap();
    let killed = Instant::now();
    while Path::new(&directory).exists() {
        assert!(killed.elapsed() < PATIENCE, "{directory} is still there");
        sleep(Duration::from_millis(10)).await;
    }
}

//! The private PostgreSQL.

use std::sync::atomic::{AtomicU32, Ordering};

use testkit::servers::PostgresServer;

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

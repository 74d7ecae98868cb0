//! The suite of the port that this crate implements.

use std::sync::Arc;

use kernel::ObjectStore;
use testkit::servers::S3Server;
use testkit::suites;

use crate::ground::{Outsider, RealTime, client, new_store, open};

#[tokio::test]
async fn object_store() {
    let server = S3Server::shared();
    let bucket = server.unused_bucket();
    suites::object_store::all(async || Arc::new(open(&server.endpoint(), &bucket)) as Arc<dyn ObjectStore>)
        .await;
}

#[tokio::test]
async fn links() {
    let store = new_store(S3Server::shared());
    suites::object_store::link_must_give_an_address_that_needs_no_other_right_and_works_no_longer_than_lifetime(
        &store,
        &Outsider(client()),
        &RealTime,
    )
    .await;
}

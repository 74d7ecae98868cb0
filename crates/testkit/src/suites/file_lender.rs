//! What every [`FileLender`] must do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{FileLender, LendingError, ObjectKey, ObjectStore};

use super::Elapse;
use super::counted_objects::CountedObjects;
use super::object_store::Stranger;
use super::said::assert_silent;
use crate::fakes::MemoryObjects;

/// Lenders in the conditions that the contract speaks of.
#[async_trait]
pub trait Bench: Sync {
    /// A lender of these objects.
    async fn lender(&self, objects: Arc<dyn ObjectStore>) -> Arc<dyn FileLender>;

    /// Somebody who has nothing but the address.
    fn stranger(&self) -> &dyn Stranger;

    /// Lets time pass for whoever keeps the lent objects.
    fn time(&self) -> &dyn Elapse;

    /// Lenders that cannot lend, one for each way in which that happens, each under a name for messages. All addresses
    /// that they could give contain [`ADDRESS`].
    async fn failing(&self, objects: Arc<dyn ObjectStore>) -> Vec<(String, Arc<dyn FileLender>)>;
}

/// A part of every address of a lender that fails, which stands out in any message.
pub const ADDRESS: &str = "magpie-nest";

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    the_address_must_give_the_bytes_to_whoever_asks_for_lifetime_and_no_longer(bench).await;
    a_large_object_must_be_passed_on_in_pieces(bench).await;
    an_object_that_is_not_there_is_missing(bench).await;
    no_address_must_appear_in_an_error(bench).await;
}

/// The address MUST give the object's bytes to whoever asks, for `lifetime` from now and no longer.
pub async fn the_address_must_give_the_bytes_to_whoever_asks_for_lifetime_and_no_longer(bench: &dyn Bench) {
    let (almost, rest) = (Duration::from_secs(1_195), Duration::from_secs(5));
    let lifetime = almost + rest;
    let objects = MemoryObjects::default();
    let bytes = Bytes::from_static(b"a zip with photos \x00\xff");
    objects.put(&key("trainings/1.zip"), bytes.clone(), "application/zip").await.expect("put");
    let lender = bench.lender(Arc::new(objects)).await;
    let address =
        lender.lend(&key("trainings/1.zip"), "application/zip", lifetime).await.expect("an address");
    assert_eq!(bench.stranger().fetch(&address).await, Some(bytes.clone()));
    bench.time().elapse(almost).await;
    assert_eq!(bench.stranger().fetch(&address).await, Some(bytes), "its time has not come yet");
    bench.time().elapse(rest + Duration::from_secs(1)).await;
    assert_eq!(bench.stranger().fetch(&address).await, None, "its lifetime has ended");
}

/// A large object MUST be passed on in pieces, never held in memory as a whole.
pub async fn a_large_object_must_be_passed_on_in_pieces(bench: &dyn Bench) {
    const PIECES: usize = 40;
    const A_FEW: usize = 16;
    let objects = CountedObjects::new(PIECES);
    let lender = bench.lender(Arc::clone(&objects) as Arc<dyn ObjectStore>).await;
    let lent = lender.lend(&key("counted/weights"), "application/octet-stream", Duration::from_mins(1)).await;
    assert!(!lent.expect("an address").is_empty());
    let (now, most) = objects.counts();
    assert!(most <= A_FEW, "{most} of {PIECES} pieces were held at once");
    assert_eq!(now, 0, "all are free again");
}

/// An object that is not there is `Missing`.
pub async fn an_object_that_is_not_there_is_missing(bench: &dyn Bench) {
    let lender = bench.lender(Arc::new(MemoryObjects::default())).await;
    let lent = lender.lend(&key("weights/never"), "application/zip", Duration::from_mins(1)).await;
    assert!(matches!(lent, Err(LendingError::Missing(missing)) if missing == key("weights/never")));
}

/// No address MUST appear in an error.
pub async fn no_address_must_appear_in_an_error(bench: &dyn Bench) {
    let objects = MemoryObjects::default();
    objects.put(&key("weights/1"), Bytes::from_static(b"x"), "text/plain").await.expect("put");
    for (way, lender) in bench.failing(Arc::new(objects)).await {
        let lent = lender.lend(&key("weights/1"), "application/zip", Duration::from_mins(1)).await;
        let error = lent.err().unwrap_or_else(|| panic!("{way}: an address"));
        assert_silent(&way, &error, &[ADDRESS]);
    }
}

fn key(name: &str) -> ObjectKey {
    name.parse().expect("an object key")
}

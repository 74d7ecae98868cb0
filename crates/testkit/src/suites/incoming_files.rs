//! What every [`IncomingFiles`] must do.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{IncomingFileError, IncomingFileId, IncomingFiles};

/// A messenger to which people send files.
#[async_trait]
pub trait Bench: Sync {
    /// The port under test.
    fn files(&self) -> Arc<dyn IncomingFiles>;

    /// Somebody sends this file.
    async fn send(&self, bytes: Bytes) -> IncomingFileId;

    /// A file that the messenger no longer has.
    async fn send_and_forget(&self) -> IncomingFileId;

    /// A file that does not end, when the messenger can have one.
    async fn send_without_end(&self) -> Option<IncomingFileId>;
}

/// Runs every test.
pub async fn all(bench: &dyn Bench) {
    fetch_must_give_the_bytes_as_they_were_sent_and_must_be_repeatable(bench).await;
    more_than_limit_bytes_must_be_too_large_without_being_held_in_memory(bench).await;
    a_file_that_the_messenger_no_longer_has_is_gone(bench).await;
}

/// `fetch` MUST give the bytes as they were sent, and MUST be repeatable.
pub async fn fetch_must_give_the_bytes_as_they_were_sent_and_must_be_repeatable(bench: &dyn Bench) {
    let many: Vec<u8> = (0..300_000_u32).map(|number| number.to_le_bytes()[0]).collect();
    for bytes in [Bytes::from_static(b"\x00\xff a photo"), Bytes::from(many)] {
        let file = bench.send(bytes.clone()).await;
        for _ in 0..2 {
            let fetched = bench.files().fetch(&file, 1_000_000).await.expect("the bytes");
            assert!(fetched == bytes, "{} bytes as they were sent", bytes.len());
        }
    }
}

/// More than `limit` bytes MUST be `TooLarge`, without being held in memory.
pub async fn more_than_limit_bytes_must_be_too_large_without_being_held_in_memory(bench: &dyn Bench) {
    let file = bench.send(Bytes::from(vec![7; 5_000])).await;
    assert_eq!(bench.files().fetch(&file, 5_000).await.expect("exactly the limit").len(), 5_000);
    for limit in [4_999, 1, 0] {
        let fetched = bench.files().fetch(&file, limit).await;
        assert!(matches!(fetched, Err(IncomingFileError::TooLarge)), "{limit}: {fetched:?}");
    }
    if let Some(file) = bench.send_without_end().await {
        let fetched = bench.files().fetch(&file, 100_000).await;
        assert!(matches!(fetched, Err(IncomingFileError::TooLarge)), "without end: {fetched:?}");
    }
}

/// A file that the messenger no longer has is `Gone`.
pub async fn a_file_that_the_messenger_no_longer_has_is_gone(bench: &dyn Bench) {
    let file = bench.send_and_forget().await;
    let fetched = bench.files().fetch(&file, 1_000_000).await;
    assert!(matches!(fetched, Err(IncomingFileError::Gone)), "{fetched:?}");
}

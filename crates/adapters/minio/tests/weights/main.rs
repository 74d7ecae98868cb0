//! Large weights on their way from a provider's server to the store and back: how much memory that takes, and how long
//! beside `curl` piping the same bytes.
//!
//! One test in a process of its own, since the memory of a process is measured.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "what takes time on a real server is measured")]

use std::fs;
use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use futures::{StreamExt as _, TryStreamExt as _};
use kernel::{BoxError, ObjectKey, ObjectStore as _};
use minio_adapter::{S3ObjectStore, S3Settings};
use s3::Bucket;
use s3::creds::Credentials;
use testkit::servers::{NginxServer, S3Keys, S3Server};

/// The length of the weights in bytes.
const LENGTH: u64 = 200_000_000;
/// How much memory may be added while they pass, in kibibytes.
const MOST_ADDED: u64 = 32 * 1024;

#[tokio::test]
async fn large_weights_pass_in_little_memory() {
    let server = S3Server::shared();
    let directory = tempfile::tempdir().unwrap();
    write_weights(&directory.path().join("weights"));
    let provider = NginxServer::with_files(directory.path());
    let source = format!("{}/weights", provider.url());
    let bucket = server.unused_bucket();
    let store = store(server, &bucket);
    let client = beside(server, &bucket).http_client();
    let (copied, piped): (ObjectKey, &str) = ("weights/copied".parse().unwrap(), "/weights/piped");

    // Connections are made and the bucket is there before anything is measured.
    store.put(&copied, "warm".into(), "text/plain").await.unwrap();
    client.head(&source).send().await.unwrap();

    let writing = Measured::begin();
    let answer = client.get(&source).send().await.unwrap();
    let bytes = answer.bytes_stream().map_err(BoxError::from).boxed();
    let kept = store.put_stream(&copied, bytes, "application/octet-stream").await.unwrap();
    let (written_in, writing_added) = writing.end();
    assert_eq!(kept, LENGTH);

    let reading = Measured::begin();
    let opened = store.open(&copied).await.unwrap().unwrap();
    let read = opened.bytes.try_fold(0_usize, async |read, piece| Ok(read + piece.len())).await.unwrap();
    let (read_in, reading_added) = reading.end();
    assert_eq!(u64::try_from(read).unwrap(), LENGTH);

    let target = beside(server, &bucket).presign_put(piped, 600, None, None).await.unwrap();
    let begun = Instant::now();
    let script =
        r#"curl --silent --show-error --fail "$1" | curl --silent --show-error --fail --upload-file - "$2""#;
    let curl = Command::new("/bin/sh").args(["-c", script, "pipe", &source, &target]).output().unwrap();
    let piped_in = begun.elapsed();
    assert!(curl.status.success(), "{}", String::from_utf8_lossy(&curl.stderr));
    let piped = store.head(&piped.trim_start_matches('/').parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(piped.size, LENGTH);

    writeln!(
        std::io::stdout(),
        "200 MB copied in {written_in:?} with {writing_added} KiB added, read in {read_in:?} with {reading_added} KiB \
         added; curl piped them in {piped_in:?}: {:.2} of its throughput",
        piped_in.as_secs_f64() / written_in.as_secs_f64()
    )
    .unwrap();
    assert!(writing_added <= MOST_ADDED, "{writing_added} KiB were added while weights were copied");
    assert!(reading_added <= MOST_ADDED, "{reading_added} KiB were added while weights were read");
}

fn store(server: &S3Server, bucket: &str) -> S3ObjectStore {
    let S3Keys { access_key, secret_key } = S3Server::KEYS;
    let endpoint = server.endpoint().parse().unwrap();
    let settings = S3Settings::new(endpoint, bucket.to_owned(), access_key.into(), secret_key.into());
    S3ObjectStore::new(settings).unwrap()
}

/// The bucket, past the adapter.
fn beside(server: &S3Server, name: &str) -> Bucket {
    let S3Keys { access_key, secret_key } = S3Server::KEYS;
    let credentials = Credentials::new(Some(access_key), Some(secret_key), None, None, None).unwrap();
    let region = s3::Region::Custom { region: "us-east-1".to_owned(), endpoint: server.endpoint() };
    *Bucket::new(name, region, credentials).unwrap().with_path_style()
}

/// Bytes of which no two pieces are alike.
fn write_weights(path: &std::path::Path) {
    let mut file = std::io::BufWriter::new(fs::File::create(path).unwrap());
    for number in 0..LENGTH / 8 {
        file.write_all(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).unwrap();
    }
    file.flush().unwrap();
}

/// Time, and the memory of this process, while something is done.
struct Measured {
    begun: Instant,
    resident: u64,
}

impl Measured {
    fn begin() -> Self {
        // What `proc(5)` says of `clear_refs`: the highest mark is set back to what is resident now.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        Self { begun: Instant::now(), resident: kibibytes("VmRSS") }
    }

    /// How long it took, and how many kibibytes were added at most.
    fn end(self) -> (Duration, u64) {
        (self.begun.elapsed(), kibibytes("VmHWM").saturating_sub(self.resident))
    }
}

/// A line of `/proc/self/status`.
fn kibibytes(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

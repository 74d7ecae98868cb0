//! The installation's secret and the digests under it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use bot::{HmacDigests, kept_secret};
use embedded_adapter::{SystemClock, SystemIds};
use kernel::{DigestPurpose, SecretDigests};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::TempDir;
use testkit::suites::secret_digests;

fn digests(secret: &str) -> HmacDigests {
    HmacDigests::new(&SecretString::from(secret)).unwrap()
}

fn ids() -> SystemIds {
    SystemIds::new(Arc::new(SystemClock))
}

#[test]
fn digests_keep_the_contract() {
    secret_digests::all(|secret| Arc::new(digests(secret)) as Arc<dyn SecretDigests>);
}

#[test]
fn a_digest_is_what_other_programs_compute() {
    let one = digests("secret").digest(DigestPurpose::Identity, b"42");
    // RFC 2104 over the purpose, a zero byte and the message, computed with Python's hmac module.
    assert_eq!(one, "a340ee2e596123607435389307a14ff906cf38cb3a8e3c9fade6cea23c51f015");
}

#[test]
fn a_secret_is_made_once_and_kept_for_the_owner_alone() {
    let directory = TempDir::new().unwrap();
    let first = kept_secret(directory.path(), &ids()).unwrap();
    let second = kept_secret(directory.path(), &ids()).unwrap();
    assert_eq!(first.expose_secret(), second.expose_secret());
    assert_eq!(first.expose_secret().len(), 64);
    let files: Vec<_> = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap()).collect();
    assert_eq!(files.len(), 1, "no draft is left behind");
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn of_many_that_make_it_at_once_all_get_the_same() {
    let directory = TempDir::new().unwrap();
    let secrets: BTreeSet<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| kept_secret(directory.path(), &ids()).unwrap().expose_secret().to_owned())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(secrets.len(), 1);
}

#[test]
fn a_damaged_secret_is_refused_by_name() {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("aisha.secret"), "short").unwrap();
    let error = kept_secret(directory.path(), &ids()).unwrap_err();
    assert!(error.to_string().contains("aisha.secret"), "{error}");
}

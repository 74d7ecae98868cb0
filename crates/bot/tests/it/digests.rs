//! The installation's secret and the digests under it.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use bot::{HmacDigests, kept_secret};
use embedded_adapter::{SystemClock, SystemIds};
use kernel::{DigestPurpose, SecretDigests as _};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::TempDir;

fn digests(secret: &str) -> HmacDigests {
    HmacDigests::new(&SecretString::from(secret)).unwrap()
}

fn ids() -> SystemIds {
    SystemIds::new(Arc::new(SystemClock))
}

#[test]
fn the_same_purpose_and_message_give_the_same_digest_in_every_process() {
    let one = digests("secret").digest(DigestPurpose::Identity, b"42");
    assert_eq!(one, digests("secret").digest(DigestPurpose::Identity, b"42"));
    assert_eq!(one.len(), 64);
    assert!(one.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
    // RFC 2104 over the purpose, a zero byte and the message, computed with Python's hmac module.
    assert_eq!(one, "a340ee2e596123607435389307a14ff906cf38cb3a8e3c9fade6cea23c51f015");
}

#[test]
fn another_purpose_message_or_secret_gives_another_digest() {
    let digests_ = digests("secret");
    let all = BTreeSet::from([
        digests_.digest(DigestPurpose::Identity, b"42"),
        digests_.digest(DigestPurpose::Callback, b"42"),
        digests_.digest(DigestPurpose::ObjectLink, b"42"),
        digests_.digest(DigestPurpose::Identity, b"43"),
        digests("other").digest(DigestPurpose::Identity, b"42"),
    ]);
    assert_eq!(all.len(), 5);
}

#[test]
fn only_the_right_digest_is_verified() {
    let digests = digests("secret");
    let right = digests.digest(DigestPurpose::Callback, b"a");
    assert!(digests.verify(DigestPurpose::Callback, b"a", &right));
    for wrong in ["", "zz", &right[..62], &format!("{right}00"), &"0".repeat(64)] {
        assert!(!digests.verify(DigestPurpose::Callback, b"a", wrong), "{wrong}");
    }
    assert!(!digests.verify(DigestPurpose::Callback, b"b", &right));
    assert!(!digests.verify(DigestPurpose::ObjectLink, b"a", &right));
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

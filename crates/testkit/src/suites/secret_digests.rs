//! What every [`SecretDigests`] must do.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::{DigestPurpose, SecretDigests};

const PURPOSES: [DigestPurpose; 3] =
    [DigestPurpose::Identity, DigestPurpose::Callback, DigestPurpose::ObjectLink];

/// Runs every test. `factory` gives digests under a secret.
pub fn all(factory: impl Fn(&str) -> Arc<dyn SecretDigests>) {
    the_same_purpose_and_message_must_give_the_same_digest_in_every_process(&factory);
    another_purpose_message_or_secret_must_give_another_digest(&factory);
    verify_must_accept_the_digest_and_nothing_else(&factory);
}

/// The same purpose and message MUST give the same digest, in every process of the installation.
pub fn the_same_purpose_and_message_must_give_the_same_digest_in_every_process(
    factory: impl Fn(&str) -> Arc<dyn SecretDigests>,
) {
    for purpose in PURPOSES {
        let digest = factory("one secret").digest(purpose, b"a message");
        assert_eq!(factory("one secret").digest(purpose, b"a message"), digest);
        assert_eq!(digest.len(), 64);
        assert!(digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{digest}");
    }
}

/// Another purpose, message or secret MUST give another digest.
pub fn another_purpose_message_or_secret_must_give_another_digest(
    factory: impl Fn(&str) -> Arc<dyn SecretDigests>,
) {
    let mut digests = BTreeSet::new();
    let mut made = 0;
    for secret in ["one secret", "another secret"] {
        let under_secret = factory(secret);
        for purpose in PURPOSES {
            // A message that begins like a purpose must not pass for one.
            for message in
                [&b""[..], b"a", b"a message", b"a messagf", b"identity", b"callback", b"\0", b"\0\0"]
            {
                digests.insert(under_secret.digest(purpose, message));
                made += 1;
            }
        }
    }
    assert_eq!(digests.len(), made);
}

/// `verify` accepts the digest and nothing else. (That it takes the same time for all is for the reader to see.)
pub fn verify_must_accept_the_digest_and_nothing_else(factory: impl Fn(&str) -> Arc<dyn SecretDigests>) {
    let digests = factory("one secret");
    let digest = digests.digest(DigestPurpose::Callback, b"a message");
    assert!(digests.verify(DigestPurpose::Callback, b"a message", &digest));
    assert!(!digests.verify(DigestPurpose::Identity, b"a message", &digest));
    assert!(!digests.verify(DigestPurpose::Callback, b"another message", &digest));
    assert!(!factory("another secret").verify(DigestPurpose::Callback, b"a message", &digest));
    for position in 0..digest.len() {
        let mut bytes = digest.clone().into_bytes();
        bytes[position] ^= 1;
        let changed = String::from_utf8(bytes).expect("ASCII");
        assert!(!digests.verify(DigestPurpose::Callback, b"a message", &changed), "character {position}");
        assert!(
            !digests.verify(DigestPurpose::Callback, b"a message", &digest[..position]),
            "{position} long"
        );
    }
    assert!(!digests.verify(DigestPurpose::Callback, b"a message", &format!("{digest}0")));
}

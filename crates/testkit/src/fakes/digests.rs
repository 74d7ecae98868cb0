//! Keyed digests under a fixed secret.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{DigestPurpose, SecretDigests};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// HMAC-SHA-256 under a secret that tests may know.
#[derive(Debug, Clone)]
pub struct FakeDigests {
    secret: Vec<u8>,
}

impl FakeDigests {
    /// Digests under `secret`.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self { secret: secret.into() }
    }
}

impl Default for FakeDigests {
    fn default() -> Self {
        Self::new("a secret of the tests")
    }
}

impl SecretDigests for FakeDigests {
    fn digest(&self, purpose: DigestPurpose, message: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes keys of any length");
        mac.update(purpose.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(message);
        hex::encode(mac.finalize().into_bytes())
    }

    fn verify(&self, purpose: DigestPurpose, message: &[u8], digest: &str) -> bool {
        self.digest(purpose, message).as_bytes().ct_eq(digest.as_bytes()).into()
    }
}

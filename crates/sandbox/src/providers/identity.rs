//! Fresh ids, keys and seeds.

use std::sync::atomic::{AtomicU64, Ordering};

use rand::TryRng as _;
use rand::rngs::{SysError, SysRng};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Makes ids that nobody can guess: digests of a secret and a count.
pub(super) struct Identities {
    secret: [u8; 32],
    made: AtomicU64,
}

impl Identities {
    /// Draws the secret from the operating system.
    pub(super) fn new() -> Result<Self, SysError> {
        let mut secret = [0; 32];
        SysRng.try_fill_bytes(&mut secret)?;
        Ok(Self { secret, made: AtomicU64::new(0) })
    }

    /// 32 fresh bytes.
    pub(super) fn bytes(&self) -> [u8; 32] {
        let count = self.made.fetch_add(1, Ordering::Relaxed);
        Sha256::new().chain_update(self.secret).chain_update(count.to_le_bytes()).finalize().into()
    }

    /// A fresh random UUID.
    pub(super) fn uuid(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.bytes()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A fresh seed, over the whole range.
    pub(super) fn seed(&self) -> u64 {
        self.bytes().iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
    }

    /// So many fresh hexadecimal digits (64 at most).
    pub(super) fn hex(&self, digits: usize) -> String {
        let mut text = hex::encode(self.bytes());
        text.truncate(digits);
        text
    }
}

//! The signature of a callback: Ed25519 over request id, user id, time and the digest of the raw body (FAL's
//! documentation, "Webhooks").

use ed25519_dalek::{Signature, VerifyingKey};
use kernel::RawCallback;
use sha2::{Digest, Sha256};

/// Headers of a signed callback, verbatim.
#[derive(Debug, Clone, Copy)]
pub(super) struct SignedHeaders<'a> {
    pub(super) request_id: &'a str,
    pub(super) user_id: &'a str,
    /// Seconds since the Unix epoch.
    pub(super) timestamp: &'a str,
    signature: &'a str,
}

impl<'a> SignedHeaders<'a> {
    /// The headers of a callback; `None` when one is missing.
    pub(super) fn of(callback: &'a RawCallback) -> Option<Self> {
        let header = |name: &str| callback.headers.get(name).map(String::as_str);
        Some(Self {
            request_id: header("x-fal-webhook-request-id")?,
            user_id: header("x-fal-webhook-user-id")?,
            timestamp: header("x-fal-webhook-timestamp")?,
            signature: header("x-fal-webhook-signature")?,
        })
    }

    /// The signature; `None` when it is not 64 bytes in lowercase hexadecimal. One signature has one form.
    pub(super) fn signature(&self) -> Option<Signature> {
        if self.signature.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let mut bytes = [0; Signature::BYTE_SIZE];
        hex::decode_to_slice(self.signature, &mut bytes).ok()?;
        Some(Signature::from_bytes(&bytes))
    }

    /// The signed bytes.
    pub(super) fn message(&self, body: &[u8]) -> String {
        let digest = hex::encode(Sha256::digest(body));
        format!("{}\n{}\n{}\n{digest}", self.request_id, self.user_id, self.timestamp)
    }
}

/// Whether any of the keys made the signature.
pub(super) fn is_by_any(keys: &[VerifyingKey], message: &str, signature: &Signature) -> bool {
    keys.iter().any(|key| key.verify_strict(message.as_bytes(), signature).is_ok())
}

//! Webhook signatures: Ed25519 over request id, user id, timestamp and the digest of the body.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Signs webhooks with one key for one FAL user.
#[derive(Debug, Clone)]
pub struct WebhookSigner {
    key: SigningKey,
    user_id: String,
}

/// The values of a webhook's signature headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `X-Fal-Webhook-Request-Id`.
    pub request_id: String,
    /// `X-Fal-Webhook-User-Id`.
    pub user_id: String,
    /// `X-Fal-Webhook-Timestamp`, seconds since the Unix epoch.
    pub timestamp: String,
    /// `X-Fal-Webhook-Signature`, hexadecimal.
    pub signature: String,
}

impl WebhookSigner {
    /// A signer with the private key of `seed`.
    pub fn new(seed: [u8; 32], user_id: impl Into<String>) -> Self {
        Self { key: SigningKey::from_bytes(&seed), user_id: user_id.into() }
    }

    /// The FAL user whose webhooks it signs.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The public key as a JSON Web Key Set.
    pub fn key_set(&self) -> Value {
        let key = URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes());
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "sandbox-1", "x": key}]})
    }

    /// Signs a body as sent at `timestamp`, seconds since the Unix epoch.
    pub fn sign(&self, request_id: &str, timestamp: u64, body: &[u8]) -> Signed {
        let digest = hex::encode(Sha256::digest(body));
        let message = format!("{request_id}\n{}\n{timestamp}\n{digest}", self.user_id);
        Signed {
            request_id: request_id.to_owned(),
            user_id: self.user_id.clone(),
            timestamp: timestamp.to_string(),
            signature: hex::encode(self.key.sign(message.as_bytes()).to_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_equal_the_known_example() {
        let mut seed = [0_u8; 32];
        for (byte, value) in seed.iter_mut().zip(0..) {
            *byte = value;
        }
        let signer = WebhookSigner::new(seed, "user-1");
        assert_eq!(signer.key_set()["keys"][0]["x"], "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg");
        let body =
            br#"{"request_id":"req-1","gateway_request_id":"req-1","status":"OK","payload":{"seed":7}}"#;
        assert_eq!(
            signer.sign("req-1", 1_700_000_000, body).signature,
            "291c9aa02be58748548c30c26fad0a50d2be8d840f0dd1eab57997a99be71213\
             e1d66d0506ceb1b024398a57c3111400c9a1b48def14bfe0bdf6fc5470b0f908"
        );
    }
}

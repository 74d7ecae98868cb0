//! The adapter, pointed at test servers, and how those answer.

use std::net::SocketAddr;
use std::sync::Once;
use std::time::Duration;

use openai_adapter::{OpenAi, OpenAiSettings};
use testkit::servers::HttpReply;

/// An adapter for a server at this address, which waits long enough for a local one, and not for ever.
pub fn client(address: SocketAddr) -> OpenAi {
    OpenAi::new(settings(&format!("http://{address}/v1"))).unwrap()
}

/// Settings for OpenAI at this URL.
pub fn settings(base_url: &str) -> OpenAiSettings {
    install_crypto_provider();
    OpenAiSettings {
        base_url: base_url.to_owned(),
        timeout: Duration::from_millis(700),
        answer_timeout: Duration::from_millis(700),
        ..OpenAiSettings::new("sk-a-test-key".into())
    }
}

/// What a program does once when it starts.
fn install_crypto_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
}

/// An answer as OpenAI gives it.
pub fn answer(status: u16, body: &str) -> HttpReply {
    HttpReply::text(status, "application/json", body)
}

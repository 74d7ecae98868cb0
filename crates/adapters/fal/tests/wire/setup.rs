//! The adapter, pointed at test servers, and what is asked of it.

use std::collections::BTreeMap;
use std::error::Error;
use std::iter::successors;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use fal_adapter::{Fal, FalSettings, PROVIDER};
use generation::{
    ModelEntry, ModelId, ModelKind, Prompt, ProviderHandle, ProviderName, Submission, SubmittedLikeness,
};
use kernel::{AspectRatio, Clock, Credits, Timestamp};
use secrecy::SecretString;
use testkit::servers::HttpServer;

/// The key in every test: its parts stand out in any message.
pub const KEY: &str = "4f8a-keyidentifier:s3cr3tpassphrase";
/// The callback in every test that has one; its MAC stands out.
pub const CALLBACK: &str = "https://bot.example/fal/7?mac=mac0fth3route&a=b c";
/// The prompt in every test: its words stand out in any message.
pub const PROMPT: &str = "a cockatrice under a crimson umbrella";

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(seconds: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(Timestamp::from_seconds(seconds).as_micros())))
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }

    pub fn forward(&self, span: Duration) {
        self.set(self.now() + span);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Settings for a FAL whose every host is `server`.
pub fn settings(server: &HttpServer) -> FalSettings {
    FalSettings {
        queue_url: server.url().to_owned(),
        rest_url: server.url().to_owned(),
        result_hosts: vec![server.url().parse().unwrap()],
        ..FalSettings::new(SecretString::from(KEY))
    }
}

/// The adapter at `server`.
pub fn fal(server: &HttpServer) -> Fal {
    build(settings(server), TestClock::at(1_700_000_000))
}

/// The adapter with these settings.
pub fn build(settings: FalSettings, clock: Arc<TestClock>) -> Fal {
    install_tls();
    Fal::new(settings, clock).unwrap()
}

/// HTTP clients need to know who does their cryptography, even for plain HTTP.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("the first provider");
    });
}

/// A model of FAL's.
pub fn model(id: &str, options: &[(&str, &str)]) -> ModelEntry {
    let options: BTreeMap<String, String> =
        options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ModelEntry {
        id: ModelId::new(id),
        provider: ProviderName::new(PROVIDER),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: "A model".to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 35_000,
        images_per_call: 4,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options,
    }
}

/// Two square images of the prompt.
pub fn submission() -> Submission {
    Submission {
        model: model("fal-ai/flux-lora", &[]),
        prompt: Prompt::new(PROMPT).unwrap(),
        likeness: SubmittedLikeness::Nobody,
        aspect_ratio: AspectRatio::Square,
        count: 2,
        seed: 77,
        callback: None,
    }
}

/// A handle of the request `r1`.
pub fn handle() -> ProviderHandle {
    ProviderHandle::new(r#"{"endpoint":"fal-ai/flux-lora","request_id":"r1"}"#)
}

/// Everything that an error says, to people and to programmers, with its causes.
pub fn everything_said(error: &(dyn Error + 'static)) -> String {
    let causes = successors(Some(error), |cause: &&(dyn Error + 'static)| (*cause).source());
    causes.map(|cause| format!("{cause} {cause:?}")).collect::<Vec<_>>().join(" ")
}

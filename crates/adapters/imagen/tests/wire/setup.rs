//! The adapter, pointed at test servers, and what is asked of it.

use std::collections::BTreeMap;
use std::error::Error;
use std::iter::successors;
use std::sync::Once;

use bytes::Bytes;
use generation::{
    GeneratedImage, ImageGenerator, ImageSource, ModelEntry, ModelId, ModelKind, Prompt, ProviderName,
    Submission, SubmissionOutcome, SubmittedLikeness,
};
use imagen_adapter::{Imagen, ImagenSettings, PROVIDER};
use kernel::{AspectRatio, Credits, ProviderError};
use secrecy::SecretString;
use testkit::servers::{HttpReply, HttpServer};

/// The key in every test: it stands out in any message.
pub const KEY: &str = "AIza-s3cr3tgooglekey";
/// The prompt in every test: its words stand out in any message.
pub const PROMPT: &str = "a cockatrice under a crimson umbrella";

/// Settings for a Google at `server`.
pub fn settings(server: &HttpServer) -> ImagenSettings {
    ImagenSettings { base_url: server.url().to_owned(), ..ImagenSettings::new(SecretString::from(KEY)) }
}

/// The adapter at `server`.
pub fn imagen(server: &HttpServer) -> Imagen {
    build(settings(server))
}

/// The adapter with these settings.
pub fn build(settings: ImagenSettings) -> Imagen {
    install_tls();
    Imagen::new(settings).unwrap()
}

/// HTTP clients need to know who does their cryptography, even for plain HTTP.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("the first provider");
    });
}

/// A model of Google's.
pub fn model(id: &str, images_per_call: u8, options: &[(&str, &str)]) -> ModelEntry {
    let options: BTreeMap<String, String> =
        options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ModelEntry {
        id: ModelId::new(id),
        provider: ProviderName::new(PROVIDER),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: "A model".to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 33_600,
        images_per_call,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options,
    }
}

/// One upright image of the prompt, by `:generateContent`.
pub fn submission() -> Submission {
    Submission {
        model: model("gemini-nano-banana-2.1", 1, &[]),
        prompt: Prompt::new(PROMPT).unwrap(),
        likeness: SubmittedLikeness::Nobody,
        aspect_ratio: AspectRatio::Portrait,
        count: 1,
        seed: 77,
        callback: None,
    }
}

/// Four images of the prompt, by `:predict`.
pub fn four_predictions() -> Submission {
    let model = model("imagen-4.0-generate-001", 4, &[("dialect", "predict")]);
    Submission { model, count: 4, ..submission() }
}

/// What comes of a submission that is answered so.
pub async fn submit_to(
    reply: HttpReply,
    submission: &Submission,
) -> Result<Vec<GeneratedImage>, ProviderError> {
    let server = HttpServer::always(reply).await;
    let outcome = imagen(&server).submit(submission).await;
    assert_eq!(server.requests().len(), 1, "one call");
    outcome.map(|outcome| match outcome {
        SubmissionOutcome::Ready(images) => images,
        SubmissionOutcome::Accepted(_) => unreachable!("Google answers at once"),
    })
}

/// An image of these bytes.
pub fn made(bytes: &'static [u8]) -> GeneratedImage {
    GeneratedImage::Made(ImageSource::Inline(Bytes::from_static(bytes)))
}

/// Everything that an error says, to people and to programmers, with its causes.
pub fn everything_said(error: &(dyn Error + 'static)) -> String {
    let causes = successors(Some(error), |cause: &&(dyn Error + 'static)| (*cause).source());
    causes.map(|cause| format!("{cause} {cause:?}")).collect::<Vec<_>>().join(" ")
}

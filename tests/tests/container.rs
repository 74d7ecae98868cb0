//! Swapping an adapter is one line: a maker of images that is written here, outside of the program, is put into the
//! container and used for a whole generation.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use account::{TelegramUserId, Visitor};
use async_trait::async_trait;
use balance::{BalanceReader as _, OperationKey};
use bot::Container;
use bot::configuration::{Configuration, Environment, Sources};
use bytes::Bytes;
use gallery::GalleryFilter;
use generation::{
    Audience, CallbackSupport, GeneratedImage, ImageGenerator, ImageSource, Intent, Likeness, ModelEntry,
    ModelId, ModelKind, ModelRegistry, NewRequest, Prompt, ProviderHandle, ProviderName, ReferenceForm,
    RequestOutcome, Submission, SubmissionOutcome, WorkProgress,
};
use kernel::{
    AspectRatio, Auditor as _, ChatId, Credits, FailureClass, ImageCount, ImageFormat, JobId, JobKind,
    Jobs as _, PageSize, ProviderError, ProviderEvent,
};
use tempfile::TempDir;
use testkit::fakes::{Heard, RecordingNotifier};

/// A maker of images that knows one picture.
struct OnePicture;

/// A single orange pixel as PNG.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\
    \x00\x00\x00\x0cIDATx\xdac\xf8\xdf\xc0\x00\x00\x04\x01\x01\x80\xfb\xd7\xcb\xf1\x00\x00\x00\x00IEND\xaeB`\x82";

fn never_accepted() -> ProviderError {
    ProviderError::new(FailureClass::NotFound, "never-accepted", "every picture is there at once")
}

#[async_trait]
impl ImageGenerator for OnePicture {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        let picture = GeneratedImage::Made(ImageSource::Inline(Bytes::from_static(PIXEL)));
        Ok(SubmissionOutcome::Ready(vec![picture; usize::from(submission.count)]))
    }

    async fn poll(&self, _handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        Err(never_accepted())
    }

    fn interpret(
        &self,
        _model: &ModelId,
        _event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        Err(never_accepted())
    }

    async fn fetch(&self, _address: &str) -> Result<Bytes, ProviderError> {
        Err(never_accepted())
    }

    async fn cancel(&self, _handle: &ProviderHandle) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn probe(&self, _model: &ModelEntry) -> Result<(), ProviderError> {
        Ok(())
    }

    fn reference_form(&self) -> ReferenceForm {
        ReferenceForm::Inline
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::Never
    }

    fn concerns_model(&self, _error: &ProviderError) -> bool {
        false
    }
}

fn registry() -> ModelRegistry {
    let model = ModelEntry {
        id: ModelId::new("one-picture"),
        provider: ProviderName::new("mine"),
        kind: ModelKind::TextToImage,
        also: Vec::new(),
        title: "One picture".to_owned(),
        price: Credits::of(5),
        cost_micro_usd: 0,
        images_per_call: 4,
        max_prompt_characters: 2_000,
        shutdown: None,
        successor: None,
        options: BTreeMap::new(),
    };
    let chains = BTreeMap::from([(ModelKind::TextToImage, vec![model.id.clone()])]);
    ModelRegistry::new(vec![model], chains).unwrap()
}

/// A configuration with a token that opens nothing, and no key of any provider.
fn configuration(directory: &TempDir) -> Configuration {
    let database = format!("sqlite://{}", directory.path().join("aisha.db").display());
    let variables =
        [("AISHA_TELEGRAM__TOKEN", "1:opens-nothing"), ("AISHA_DATABASE__URL", database.as_str())];
    let environment =
        Environment::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Configuration::load(&Sources::usual(directory.path(), environment)).unwrap()
}

#[tokio::test]
async fn an_adapter_from_outside_takes_the_place_of_the_usual_ones() {
    let directory = TempDir::new().unwrap();
    let notifier = RecordingNotifier::default();
    let container = Container::builder()
        .image_generator("mine", Arc::new(OnePicture))
        .configuration(configuration(&directory))
        .registry(registry())
        .notifier(Arc::new(notifier.clone()))
        .build()
        .await
        .unwrap();
    let foundation = &container.foundation;
    let visitor = Visitor { telegram_user: TelegramUserId::new(42), language_tag: Some("en".to_owned()) };
    let account = foundation.accounts.welcome(&visitor).await.unwrap().id;
    foundation
        .balances
        .grant_bonus(account, &OperationKey::welcome(), Credits::of(40), "welcome")
        .await
        .unwrap();

    let request = NewRequest {
        account,
        intent: Intent::button(1),
        prompt: Prompt::new("anything at all").unwrap(),
        aspect_ratio: AspectRatio::Square,
        count: ImageCount::new(2).unwrap(),
        likeness: Likeness::Nobody,
        seed: None,
        audience: Audience { chat: ChatId::new(42), progress_message: None },
        agreed_unit_price: Credits::of(5),
    };
    let RequestOutcome::Started(generation) = container.generations.request(&request).await.unwrap() else {
        panic!("nothing was asked for before");
    };
    let job = JobId::of(JobKind::AdvanceGeneration, generation.id.uuid());
    let job = foundation.database.claim(account, job, Duration::from_mins(1)).await.unwrap().unwrap();
    container.generations.advance(&job).await.unwrap();

    let kept =
        container.galleries.page(account, GalleryFilter::ALL, None, PageSize::new(10)).await.unwrap().items;
    assert_eq!(kept.len(), 2);
    for item in &kept {
        assert_eq!(item.kept.model, "one-picture");
        assert_eq!((item.kept.info.format, item.kept.info.width), (ImageFormat::Png, 1));
        let bytes = container.galleries.image(item).await.unwrap().unwrap();
        assert!(bytes.starts_with(&PIXEL[..8]) && bytes.len() > PIXEL.len(), "the mark is in it");
    }
    assert!(matches!(&notifier.heard()[..], [Heard::Images(id, items), Heard::Controls(_)]
        if *id == generation.id && items.len() == 2));
    assert_eq!(foundation.database.sheet(account).await.unwrap().spendable(), Credits::of(30));
    let report = foundation.database.audit().await.unwrap();
    assert!(report.is_clean(), "{report}");
}

#[tokio::test]
async fn without_any_maker_of_images_the_container_says_what_to_set() {
    let directory = TempDir::new().unwrap();
    let refused = Container::builder().configuration(configuration(&directory)).build().await;
    let error = refused.err().unwrap().to_string();
    assert!(error.contains("AISHA_IMAGEN__API_KEY") && error.contains("AISHA_FAL__KEY"), "{error}");
}

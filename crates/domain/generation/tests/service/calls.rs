//! Calls that must, or must not, be made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use balance::Ledger;
use bytes::Bytes;
use gallery::GalleryWriter;
use generation::{
    CallbackInbox, CallbackSupport, GeneratedImage, GenerationUnits, GenerationWriter, ImageSource,
    MockImageGenerator, RequestError, StateName, SubmissionOutcome, UnitOfWork,
};
use kernel::{
    AccountId, Credits, FailureClass, ImageFormat, JobWriter, ProviderError, SpendCounter, StoreError,
    Timestamp,
};
use testkit::fakes::fake_image;

use crate::workshop::{Workshop, generators};

fn picture() -> Bytes {
    fake_image(ImageFormat::Png, 1024, 1024, "a fox")
}

/// A provider that must never be called.
fn silent() -> MockImageGenerator {
    let mut mock = MockImageGenerator::new();
    mock.expect_submit().never();
    mock.expect_poll().never();
    mock.expect_fetch().never();
    mock.expect_callback_support().return_const(CallbackSupport::Never);
    mock.expect_concerns_model().return_const(false);
    mock
}

/// A provider that answers each of so many calls with an image.
fn inline(calls: usize) -> MockImageGenerator {
    let mut mock = MockImageGenerator::new();
    mock.expect_submit().times(calls).returning(|_| {
        Ok(SubmissionOutcome::Ready(vec![GeneratedImage::Made(ImageSource::Inline(picture()))]))
    });
    mock.expect_callback_support().return_const(CallbackSupport::Never);
    mock.expect_concerns_model().return_const(false);
    mock
}

#[tokio::test]
async fn refused_prompt_never_reaches_a_provider() {
    let workshop = Workshop::open(generators(silent(), silent())).await;
    let id = workshop.begin("please moderate-me", 2).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Failed);
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn refusal_does_not_fail_over() {
    let mut refusing = MockImageGenerator::new();
    refusing
        .expect_submit()
        .times(1)
        .returning(|_| Err(ProviderError::new(FailureClass::Refused, "SAFETY", "the filter refuses it")));
    refusing.expect_callback_support().return_const(CallbackSupport::Never);
    let workshop = Workshop::open(generators(refusing, silent())).await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Failed);
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn no_credits_no_call() {
    let workshop = Workshop::open(generators(silent(), silent())).await;
    for nonce in 2..4 {
        let mut request = workshop.request("a fox", 4);
        request.intent = generation::Intent::button(nonce);
        workshop.service.request(&request).await.unwrap();
    }
    let before = workshop.database.committed();
    let refused = workshop.ask("a fox", 1).await.unwrap_err();
    assert!(matches!(refused, RequestError::Insufficient { missing, price }
        if missing == Credits::of(5) && price == Credits::of(5)));
    let after = workshop.database.committed();
    assert_eq!(before.entries.len(), after.entries.len());
    assert_eq!(before.generations.len(), after.generations.len());
    assert_eq!(before.jobs.len(), after.jobs.len());
}

#[tokio::test]
async fn submit_is_called_once_per_attempt() {
    // One image a call: four calls for four images, and not one more however often the driver runs.
    let workshop = Workshop::open(generators(inline(4), silent())).await;
    let id = workshop.begin("a fox", 4).await;
    let done = workshop.work(id).await;
    assert_eq!((done.state.name(), done.plan.attempt), (StateName::Delivered, 1));
    assert!(workshop.claim(id).await.is_none());
    assert_eq!(workshop.credits().await, (20, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn no_provider_call_inside_a_unit_of_work() {
    let open = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&open);
    let mut watching = MockImageGenerator::new();
    watching.expect_submit().times(2).returning(move |_| {
        assert_eq!(seen.load(Ordering::SeqCst), 0, "a provider was called inside a unit of work");
        Ok(SubmissionOutcome::Ready(vec![GeneratedImage::Made(ImageSource::Inline(picture()))]))
    });
    watching.expect_callback_support().return_const(CallbackSupport::Never);
    let counted = Arc::clone(&open);
    let workshop = Workshop::open_with(generators(watching, silent()), |ports| {
        ports.units = Arc::new(CountedUnits { inner: Arc::clone(&ports.units), open: counted });
    })
    .await;
    let id = workshop.begin("a fox", 2).await;
    assert_eq!(workshop.work(id).await.state.name(), StateName::Delivered);
    assert_eq!(open.load(Ordering::SeqCst), 0);
}

/// Counts the units of work that are open.
struct CountedUnits {
    inner: Arc<dyn GenerationUnits>,
    open: Arc<AtomicU32>,
}

struct CountedUnit {
    inner: Option<Box<dyn UnitOfWork>>,
    open: Arc<AtomicU32>,
}

impl Drop for CountedUnit {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl CountedUnit {
    fn inner(&mut self) -> &mut dyn UnitOfWork {
        self.inner.as_mut().unwrap().as_mut()
    }
}

#[async_trait]
impl GenerationUnits for CountedUnits {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = self.inner.begin().await?;
        self.open.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(CountedUnit { inner: Some(inner), open: Arc::clone(&self.open) }))
    }

    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError> {
        self.inner.erase_all(account).await
    }
}

#[async_trait]
impl UnitOfWork for CountedUnit {
    fn generations(&mut self) -> &mut dyn GenerationWriter {
        self.inner().generations()
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self.inner().ledger()
    }

    fn gallery(&mut self) -> &mut dyn GalleryWriter {
        self.inner().gallery()
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self.inner().jobs()
    }

    fn callbacks(&mut self) -> &mut dyn CallbackInbox {
        self.inner().callbacks()
    }

    fn spending(&mut self) -> &mut dyn SpendCounter {
        self.inner().spending()
    }

    async fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.inner().now().await
    }

    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        self.inner.take().unwrap().commit().await
    }
}

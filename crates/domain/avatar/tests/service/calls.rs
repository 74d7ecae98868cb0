//! Which calls are (not) made, by mocks and by trainers that look around while they are called.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use avatar::{
    AvatarName, AvatarState, AvatarTrainer, AvatarUnits, AvatarWriter, KindName, MockAvatarTrainer, OpenFile,
    StateName, TrainedFiles, TrainerEntry, TrainingCallbacks, TrainingFailure, TrainingOrder,
    TrainingProgress, TrainingStanding, UnitOfWork,
};
use balance::Ledger;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use kernel::{
    AccountId, AvatarId, CallbackSupport, FailureClass, JobWriter, ModerationVerdict, Moderator,
    ProviderError, ProviderEvent, ProviderHandle, SpendCounter, StoreError, Timestamp,
};
use testkit::fakes::{FakeTrainer, MemoryDatabase, fake_weights};

use crate::studio::{Studio, fal};

/// A safety check that gives these answers, the last one first, and otherwise none of a concern.
#[derive(Default)]
pub struct StubModerator {
    pub answers: Vec<Result<ModerationVerdict, ProviderError>>,
    given: Mutex<usize>,
}

#[async_trait]
impl Moderator for StubModerator {
    async fn review(&self, _text: &str) -> Result<ModerationVerdict, ProviderError> {
        Ok(ModerationVerdict::Allowed)
    }

    async fn review_photo(&self, _photo: &Bytes) -> Result<ModerationVerdict, ProviderError> {
        let mut given = self.given.lock().unwrap();
        *given += 1;
        match self.answers.get(*given - 1) {
            Some(Err(error)) => {
                Err(ProviderError::new(error.class, error.code.clone(), error.detail.clone()))
            }
            Some(Ok(verdict)) => Ok(verdict.clone()),
            None => Ok(ModerationVerdict::Allowed),
        }
    }

    async fn probe(&self) -> Result<(), ProviderError> {
        Ok(())
    }
}

/// A trainer while whose submissions something is done to the avatar.
pub struct Meddling<M> {
    trainer: FakeTrainer,
    meddle: M,
}

impl<M> Meddling<M>
where
    M: Fn() -> futures::future::BoxFuture<'static, ()> + Send + Sync + 'static,
{
    pub fn with(trainer: FakeTrainer, meddle: M) -> Arc<dyn AvatarTrainer> {
        Arc::new(Self { trainer, meddle })
    }
}

#[async_trait]
impl<M> AvatarTrainer for Meddling<M>
where
    M: Fn() -> futures::future::BoxFuture<'static, ()> + Send + Sync + 'static,
{
    async fn submit(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError> {
        let submitted = self.trainer.submit(order).await;
        (self.meddle)().await;
        submitted
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<TrainingStanding, ProviderError> {
        self.trainer.poll(handle).await
    }

    fn interpret(
        &self,
        trainer: &TrainerEntry,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<TrainingStanding, ProviderError>), ProviderError> {
        self.trainer.interpret(trainer, event)
    }

    async fn open(&self, address: &str) -> Result<OpenFile, ProviderError> {
        self.trainer.open(address).await
    }

    async fn fetch(&self, address: &str, limit: usize) -> Result<Bytes, ProviderError> {
        self.trainer.fetch(address, limit).await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.trainer.cancel(handle).await
    }

    async fn probe(&self, trainer: &TrainerEntry) -> Result<(), ProviderError> {
        self.trainer.probe(trainer).await
    }

    fn callback_support(&self) -> CallbackSupport {
        self.trainer.callback_support()
    }

    fn concerns_trainer(&self, error: &ProviderError) -> bool {
        self.trainer.concerns_trainer(error)
    }
}

/// A trainer while whose submissions the person gives the avatar another name.
pub struct Renaming;

impl Renaming {
    pub fn over(studio: &Studio, avatar: AvatarId) -> Arc<dyn AvatarTrainer> {
        let (database, account) = (studio.database.clone(), studio.account);
        Meddling::with(studio.trainer.clone(), move || {
            let database = database.clone();
            Box::pin(async move {
                let mut unit = AvatarUnits::begin(&database).await.unwrap();
                let found = unit.avatars().load(account, avatar).await.unwrap().unwrap();
                let renamed = avatar::Avatar { name: Some(AvatarName::new("Renamed").unwrap()), ..found };
                unit.avatars().update(&renamed).await.unwrap();
                unit.commit().await.unwrap();
            })
        })
    }
}

/// Units of work that are counted while they are open.
#[derive(Clone)]
struct CountedUnits {
    inner: MemoryDatabase,
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
impl AvatarUnits for CountedUnits {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let inner = AvatarUnits::begin(&self.inner).await?;
        self.open.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(CountedUnit { inner: Some(inner), open: Arc::clone(&self.open) }))
    }
}

#[async_trait]
impl UnitOfWork for CountedUnit {
    fn avatars(&mut self) -> &mut dyn AvatarWriter {
        self.inner().avatars()
    }

    fn ledger(&mut self) -> &mut dyn Ledger {
        self.inner().ledger()
    }

    fn jobs(&mut self) -> &mut dyn JobWriter {
        self.inner().jobs()
    }

    fn callbacks(&mut self) -> &mut dyn TrainingCallbacks {
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

/// A mock that is asked for nothing but its nature.
fn mock() -> MockAvatarTrainer {
    let mut mock = MockAvatarTrainer::new();
    mock.expect_callback_support().return_const(CallbackSupport::Never);
    mock.expect_concerns_trainer().return_const(false);
    mock
}

fn trained() -> TrainingStanding {
    let files =
        TrainedFiles { weights: "https://files/weights".to_owned(), weights_size: None, config: None };
    TrainingStanding::Trained(files)
}

fn file(bytes: Bytes) -> OpenFile {
    OpenFile { size: None, bytes: stream::iter([Ok(bytes)]).boxed() }
}

fn put_in(studio: Studio, mock: MockAvatarTrainer) -> Studio {
    studio.with_ports(|ports| drop(ports.trainers.insert(fal(), Arc::new(mock))))
}

#[tokio::test]
async fn no_trainer_call_inside_a_unit_of_work() {
    let studio = Studio::open().await;
    let open = Arc::new(AtomicU32::new(0));
    let units = CountedUnits { inner: studio.database.clone(), open: Arc::clone(&open) };
    let calls = Arc::new(AtomicU32::new(0));
    let checked = || {
        let (open, calls) = (Arc::clone(&open), Arc::clone(&calls));
        move || {
            assert_eq!(open.load(Ordering::SeqCst), 0, "a unit of work is open");
            calls.fetch_add(1, Ordering::SeqCst);
        }
    };
    let mut trainer = mock();
    let check = checked();
    trainer.expect_submit().times(2).returning(move |_| {
        check();
        Ok(ProviderHandle::new("h"))
    });
    let (check, mut polls) = (checked(), 0);
    trainer.expect_poll().returning(move |_| {
        check();
        polls += 1;
        if polls < 2 { Ok(TrainingStanding::UnderWay(TrainingProgress::default())) } else { Ok(trained()) }
    });
    let check = checked();
    trainer.expect_open().times(1).returning(move |_| {
        check();
        Ok(file(fake_weights(64)))
    });
    let check = checked();
    trainer.expect_cancel().times(1).returning(move |_| {
        check();
        Ok(())
    });
    let studio = studio.with_ports(|ports| {
        ports.units = Arc::new(units);
        ports.trainers.insert(fal(), Arc::new(trainer));
    });
    assert!(studio.ready().await != AvatarId::new(uuid::Uuid::nil()));
    let second = studio.at_trainer().await;
    studio.service.cancel_training(studio.account, second).await.unwrap();
    studio.work(second).await;
    assert!(calls.load(Ordering::SeqCst) >= 6, "every kind of call was made");
    assert_eq!(open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn training_is_submitted_once_per_attempt() {
    let studio = Studio::open().await;
    let packs = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&packs);
    let mut trainer = mock();
    // Every other answer is lost, so that attempts are looked for, taken over and made again.
    trainer.expect_submit().returning(move |order: &TrainingOrder| {
        let mut packs = seen.lock().unwrap();
        packs.push(order.archive.split_once('/').unwrap().1.to_owned());
        if packs.len() % 2 == 1 {
            let lost = ProviderError::new(FailureClass::Unavailable, "timeout", "no answer");
            return Err(lost.with_unknown_outcome());
        }
        Ok(ProviderHandle::new("h"))
    });
    trainer
        .expect_poll()
        .returning(|_| Err(ProviderError::new(FailureClass::Unavailable, "failed", "it failed")));
    let studio = put_in(studio, trainer);
    let id = studio.ordered().await;
    let ended = studio.work(id).await;
    assert_eq!(ended.state, AvatarState::Failed(TrainingFailure::Unavailable));
    let packs = packs.lock().unwrap().clone();
    let attempts = ended.training.unwrap().attempt;
    assert_eq!(packs.len(), usize::try_from(attempts).unwrap());
    let different: BTreeSet<_> = packs.iter().collect();
    assert_eq!(different.len(), packs.len(), "each attempt has its own pack, and was submitted once");
    assert!(attempts <= studio.service.policy().max_attempts);
    assert_eq!(studio.credits().await, (40, 0));
}

#[tokio::test]
async fn never_ready_without_verified_weights() {
    let whole = fake_weights(64);
    let mut longer = whole.to_vec();
    longer.push(0);
    for bytes in [
        Bytes::new(),
        Bytes::from_static(b"<html>404</html>"),
        whole.slice(..whole.len() - 1),
        Bytes::from(longer),
        fake_weights(0),
    ] {
        let studio = Studio::open().await;
        let mut trainer = mock();
        trainer.expect_submit().times(1).returning(|_| Ok(ProviderHandle::new("h")));
        trainer.expect_poll().returning(|_| Ok(trained()));
        let copies = usize::try_from(studio.service.policy().max_copies).unwrap();
        let served = bytes.clone();
        trainer.expect_open().times(copies).returning(move |_| Ok(file(served.clone())));
        let studio = put_in(studio, trainer);
        let id = studio.ordered().await;
        let ended = studio.work(id).await;
        assert_eq!(ended.state, AvatarState::Failed(TrainingFailure::NoWeights), "{} bytes", bytes.len());
        assert_eq!((ended.weights, ended.ready_at), (None, None));
        assert!(studio.keys("weights").is_empty(), "nothing is left of it");
        assert_eq!(studio.credits().await, (40, 0));
        studio.audit().await;
    }
}

#[tokio::test]
async fn weights_of_another_size_than_was_told_are_not_whole() {
    let studio = Studio::open().await;
    let mut trainer = mock();
    trainer.expect_submit().returning(|_| Ok(ProviderHandle::new("h")));
    trainer.expect_poll().returning(|_| Ok(trained()));
    trainer.expect_open().returning(|_| Ok(OpenFile { size: Some(5), ..file(fake_weights(64)) }));
    let studio = put_in(studio, trainer);
    let id = studio.ordered().await;
    assert_eq!(studio.work(id).await.state, AvatarState::Failed(TrainingFailure::NoWeights));
}

#[tokio::test]
async fn nothing_is_asked_of_a_trainer_for_an_instant_avatar() {
    let mut trainer = mock();
    trainer.expect_submit().never();
    trainer.expect_poll().never();
    let studio = put_in(Studio::open().await, trainer);
    let id = studio.begin(KindName::Instant).await;
    studio.fill(id, 2).await;
    studio.service.finish_instant(studio.account, id).await.unwrap();
    assert!(studio.service.delete(studio.account, id).await.unwrap());
    studio.run_due().await;
    assert_eq!(studio.look(id).await.state.name(), StateName::Deleted);
}

#[tokio::test]
async fn whoever_is_not_known_to_the_service_has_nothing() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let nobody = AccountId::new(uuid::Uuid::nil());
    assert_eq!(studio.service.find(nobody, id).await.unwrap(), None);
    assert!(studio.service.list(nobody).await.unwrap().is_empty());
    assert!(!studio.service.delete(nobody, id).await.unwrap());
    assert!(!studio.service.make_main(nobody, id).await.unwrap());
}

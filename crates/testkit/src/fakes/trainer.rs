//! A trainer of avatars that does what a test says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use avatar::{
    AvatarTrainer, OpenFile, TrainedFiles, TrainerEntry, TrainingOrder, TrainingProgress, TrainingStanding,
};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use kernel::{
    BoxError, CallOutcome, CallbackSupport, FailureClass, Percent, ProviderError, ProviderEvent,
    ProviderHandle,
};
use serde_json::json;

use crate::weather::{Aftermath, FairWeather, Struck, Weather, befall};

/// What every address that the trainer gives begins with.
const HOST: &str = "fake-trainer://";
/// What a callback says of finished work; nothing else is ever said.
const FINISHED: &str = "finished";
/// How many bytes of a file come at once, at most.
const PIECE: usize = 64 * 1024;

/// What becomes of the weights of one training.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeightsFate {
    /// They are whole.
    #[default]
    Whole,
    /// None are named.
    Unnamed,
    /// They are named and not there.
    Lost,
    /// Their end is missing.
    CutOff,
    /// They are something else.
    Nonsense,
}

/// A training that was accepted.
#[derive(Debug, Clone)]
struct Training {
    polls_left: u32,
    fate: WeightsFate,
    /// Why it fails, if it does: class and code.
    failure: Option<(FailureClass, String)>,
}

struct State {
    polls: u32,
    script: VecDeque<ProviderError>,
    probe_script: VecDeque<ProviderError>,
    poll_script: VecDeque<ProviderError>,
    failures: VecDeque<(FailureClass, String)>,
    fates: VecDeque<WeightsFate>,
    trainings: BTreeMap<String, Training>,
    orders: Vec<TrainingOrder>,
    cancelled: Vec<ProviderHandle>,
    /// Callbacks that are on their way: address and event.
    callbacks: VecDeque<(String, ProviderEvent)>,
    weights_bytes: usize,
}

/// A trainer. Clones are one trainer.
#[derive(Clone)]
pub struct FakeTrainer {
    state: Arc<Mutex<State>>,
    weather: Arc<dyn Weather>,
}

/// The bytes of weights as whole as any: a safetensors file with one tensor of so many bytes.
pub fn fake_weights(data: usize) -> Bytes {
    let header = json!({"lora": {"dtype": "U8", "shape": [data], "data_offsets": [0, data]}}).to_string();
    let length = u64::try_from(header.len()).expect("a length").to_le_bytes();
    let mut bytes = Vec::with_capacity(length.len() + header.len() + data);
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(header.as_bytes());
    bytes.resize(bytes.len() + data, 7);
    Bytes::from(bytes)
}

impl Default for FakeTrainer {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl FakeTrainer {
    /// A trainer under this weather, whose trainings are done after two questions and give small weights.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        let state = State {
            polls: 2,
            script: VecDeque::new(),
            probe_script: VecDeque::new(),
            poll_script: VecDeque::new(),
            failures: VecDeque::new(),
            fates: VecDeque::new(),
            trainings: BTreeMap::new(),
            orders: Vec::new(),
            cancelled: Vec::new(),
            callbacks: VecDeque::new(),
            weights_bytes: 200_000,
        };
        Self { state: Arc::new(Mutex::new(state)), weather }
    }

    /// The same trainer under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { state: Arc::clone(&self.state), weather }
    }

    /// From now on a training is done after so many questions.
    pub fn set_polls(&self, polls: u32) {
        self.lock().polls = polls;
    }

    /// From now on weights have so many bytes of data.
    pub fn set_weights_bytes(&self, bytes: usize) {
        self.lock().weights_bytes = bytes;
    }

    /// The next order fails like this. One whose outcome is unknown has its effect.
    pub fn fail_next(&self, error: ProviderError) {
        self.lock().script.push_back(error);
    }

    /// The next question fails like this and says nothing about the training.
    pub fn fail_next_question(&self, error: ProviderError) {
        self.lock().poll_script.push_back(error.with_unknown_outcome());
    }

    /// The next probe fails like this.
    pub fn fail_next_probe(&self, error: ProviderError) {
        self.lock().probe_script.push_back(error);
    }

    /// The next training is accepted, and then fails like this.
    pub fn fail_next_training(&self, class: FailureClass, code: &str) {
        self.lock().failures.push_back((class, code.to_owned()));
    }

    /// What becomes of the weights of the next training.
    pub fn next_weights(&self, fate: WeightsFate) {
        self.lock().fates.push_back(fate);
    }

    /// Knows nothing of any training any more.
    pub fn forget_all(&self) {
        self.lock().trainings.clear();
    }

    /// The orders that had an effect.
    pub fn orders(&self) -> Vec<TrainingOrder> {
        self.lock().orders.clone()
    }

    /// What it was asked to stop. It goes on all the same.
    pub fn cancelled(&self) -> Vec<ProviderHandle> {
        self.lock().cancelled.clone()
    }

    /// Takes the next callback that is on its way: its address and what it says.
    pub fn take_callback(&self) -> Option<(String, ProviderEvent)> {
        self.lock().callbacks.pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn accept(&self, order: &TrainingOrder) -> ProviderHandle {
        let mut state = self.lock();
        state.orders.push(order.clone());
        let id = format!("training-{}", state.orders.len());
        let training = Training {
            polls_left: state.polls,
            fate: state.fates.pop_front().unwrap_or_default(),
            failure: state.failures.pop_front(),
        };
        state.trainings.insert(id.clone(), training);
        if let Some(address) = &order.callback {
            let event = ProviderEvent { request_id: id.clone(), body: FINISHED.to_owned() };
            state.callbacks.push_back((address.clone(), event));
        }
        ProviderHandle::new(id)
    }

    async fn under_way<T>(
        &self,
        port: &'static str,
        effect: impl FnOnce() -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        match befall(&self.weather, port).await {
            Ok(aftermath) => {
                aftermath.settle(&self.weather, effect(), |source| away(CallOutcome::Unknown, source)).await
            }
            Err(struck) => Err(away(CallOutcome::NotDone, Box::new(struck))),
        }
    }

    /// The bytes of a file of its own.
    fn file(&self, address: &str) -> Result<Bytes, ProviderError> {
        let foreign =
            || ProviderError::new(FailureClass::Misconfigured, "foreign", "a file of somebody else");
        let (id, file) =
            address.strip_prefix(HOST).and_then(|path| path.split_once('/')).ok_or_else(foreign)?;
        let state = self.lock();
        let training = state.trainings.get(id).filter(|training| training.fate != WeightsFate::Lost);
        let gone = || ProviderError::new(FailureClass::NotFound, "gone", "the file is gone");
        let training = training.ok_or_else(gone)?;
        if file == "config" {
            return Ok(Bytes::from(json!({"training": id}).to_string()));
        }
        let whole = fake_weights(state.weights_bytes);
        Ok(match training.fate {
            WeightsFate::CutOff => whole.slice(..whole.len() - 1),
            WeightsFate::Nonsense => Bytes::from_static(b"<html>not found</html>"),
            WeightsFate::Whole | WeightsFate::Unnamed | WeightsFate::Lost => whole,
        })
    }
}

impl Training {
    fn outcome(&self, id: &str, weights_bytes: usize) -> Result<TrainingStanding, ProviderError> {
        if let Some((class, code)) = &self.failure {
            return Err(ProviderError::new(*class, code.as_str(), "the training failed"));
        }
        if self.fate == WeightsFate::Unnamed {
            let detail = "the training is done and names no weights";
            return Err(ProviderError::new(FailureClass::Unavailable, "no-weights", detail));
        }
        let size = match self.fate {
            WeightsFate::Whole => u64::try_from(fake_weights(weights_bytes).len()).ok(),
            _ => None,
        };
        Ok(TrainingStanding::Trained(TrainedFiles {
            weights: format!("{HOST}{id}/weights"),
            weights_size: size,
            config: Some(format!("{HOST}{id}/config")),
        }))
    }
}

#[async_trait]
impl AvatarTrainer for FakeTrainer {
    async fn submit(&self, order: &TrainingOrder) -> Result<ProviderHandle, ProviderError> {
        self.under_way("trainer.submit", || {
            let scripted = self.lock().script.pop_front();
            match scripted {
                Some(error) => {
                    if error.outcome == CallOutcome::Unknown {
                        self.accept(order);
                    }
                    Err(error)
                }
                None => Ok(self.accept(order)),
            }
        })
        .await
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<TrainingStanding, ProviderError> {
        // A question that failed says nothing about the training, whether it was heard or not.
        let heard = befall(&self.weather, "trainer.poll").await;
        let aftermath = heard.map_err(|struck| away(CallOutcome::Unknown, Box::new(struck)))?;
        let standing = {
            let mut state = self.lock();
            let (polls, weights_bytes) = (state.polls, state.weights_bytes);
            if let Some(error) = state.poll_script.pop_front() {
                return Err(error);
            }
            match state.trainings.get_mut(handle.as_str()) {
                None => {
                    Err(ProviderError::new(FailureClass::NotFound, "unknown", "there is no such training"))
                }
                Some(training) if training.polls_left > 0 => {
                    training.polls_left -= 1;
                    Ok(TrainingStanding::UnderWay(progress(polls, training.polls_left)))
                }
                Some(training) => training.outcome(handle.as_str(), weights_bytes),
            }
        };
        aftermath.settle(&self.weather, standing, |source| away(CallOutcome::Unknown, source)).await
    }

    fn interpret(
        &self,
        _trainer: &TrainerEntry,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<TrainingStanding, ProviderError>), ProviderError> {
        if event.body != FINISHED {
            let detail = "a callback that makes no sense";
            return Err(ProviderError::new(FailureClass::Bug, "unreadable", detail));
        }
        let state = self.lock();
        let training = state.trainings.get(&event.request_id).ok_or_else(|| {
            ProviderError::new(
                FailureClass::Bug,
                "unknown",
                "a callback for a training that was never accepted",
            )
        })?;
        let told = training.outcome(&event.request_id, state.weights_bytes);
        Ok((ProviderHandle::new(event.request_id.as_str()), told))
    }

    async fn open(&self, address: &str) -> Result<OpenFile, ProviderError> {
        let struck = |struck: Struck| away(CallOutcome::NotDone, Box::new(struck));
        let aftermath = befall(&self.weather, "trainer.open").await.map_err(struck)?;
        let bytes = self.file(address)?;
        let size = u64::try_from(bytes.len()).ok();
        match aftermath {
            Aftermath::Nothing => Ok(OpenFile { size, bytes: pieces(bytes).map(Ok).boxed() }),
            // It breaks off in the midst of the bytes.
            Aftermath::Failure => {
                let half = bytes.slice(..bytes.len() / 2);
                let broken = stream::iter([Err(BoxError::from(Struck))]);
                Ok(OpenFile { size, bytes: pieces(half).map(Ok).chain(broken).boxed() })
            }
            Aftermath::Death => {
                self.weather.die();
                std::future::pending().await
            }
        }
    }

    async fn fetch(&self, address: &str, limit: usize) -> Result<Bytes, ProviderError> {
        self.under_way("trainer.fetch", || {
            let bytes = self.file(address)?;
            if bytes.len() > limit {
                return Err(ProviderError::new(
                    FailureClass::Unavailable,
                    "too-large",
                    "the file is too large",
                ));
            }
            Ok(bytes)
        })
        .await
    }

    async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        self.under_way("trainer.cancel", || {
            self.lock().cancelled.push(handle.clone());
            Ok(())
        })
        .await
    }

    async fn probe(&self, _trainer: &TrainerEntry) -> Result<(), ProviderError> {
        self.under_way("trainer.probe", || {
            let scripted = self.lock().probe_script.pop_front();
            scripted.map_or(Ok(()), Err)
        })
        .await
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::WhenAsked
    }

    fn concerns_trainer(&self, error: &ProviderError) -> bool {
        error.code == "retired"
    }
}

/// It waits at the first question, and then goes on by equal steps.
fn progress(polls: u32, left: u32) -> TrainingProgress {
    let asked = polls.saturating_sub(left);
    if asked <= 1 {
        return TrainingProgress { position: Some(0), done: None };
    }
    let hundredths = u8::try_from(u64::from(asked) * 100 / u64::from(polls.max(1) + 1)).unwrap_or(99);
    TrainingProgress { position: None, done: Some(Percent::new(hundredths)) }
}

fn pieces(mut bytes: Bytes) -> impl futures::Stream<Item = Bytes> + Send + 'static {
    stream::iter(std::iter::from_fn(move || {
        let length = bytes.len().min(PIECE);
        (length > 0).then(|| bytes.split_to(length))
    }))
}

fn away(outcome: CallOutcome, source: BoxError) -> ProviderError {
    let error =
        ProviderError::new(FailureClass::Unavailable, "struck", "the trainer failed").caused_by(source);
    ProviderError { outcome, ..error }
}

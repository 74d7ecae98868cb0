//! A trainer's side: the trainings that it accepted, and the files that came of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use avatar::{TrainedFiles, TrainingOrder, TrainingProgress, TrainingStanding};
use bytes::Bytes;
use kernel::{FailureClass, Percent, ProviderError, ProviderEvent};
use testkit::fakes::fake_weights;

use super::plan::draw_callbacks_after;
use super::training_plan::{TrainingCourse, Weights};
use crate::agenda::{Agenda, Event};
use crate::chance::{Chance, Stream};
use crate::clock::SimulatedClock;

/// How long files can be fetched.
const FILE_LIFETIME: Duration = Duration::from_mins(10);
/// Bytes of one tensor: enough to be cut off.
const TENSOR: usize = 64;

struct Training {
    course: TrainingCourse,
    accepted_at: Duration,
    is_cancelled: bool,
}

struct State {
    chance: Chance,
    trainings: BTreeMap<String, Training>,
    /// What every accepted order asked to read.
    archives: Vec<String>,
}

/// What the trainer keeps. Clones are one.
#[derive(Clone)]
pub struct Trainings {
    state: Arc<Mutex<State>>,
    clock: SimulatedClock,
    agenda: Agenda,
}

impl Trainings {
    /// A trainer that nobody has asked yet.
    pub fn of(seed: u64, clock: SimulatedClock, agenda: Agenda) -> Self {
        let state = State {
            chance: Chance::of(seed, Stream::Trainer),
            trainings: BTreeMap::new(),
            archives: Vec::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), clock, agenda }
    }

    /// Accepts an order: its id. Callbacks are on their way from now on.
    pub fn accept(&self, provider: &str, order: &TrainingOrder) -> String {
        let now = self.clock.elapsed();
        let mut state = self.lock();
        state.archives.push(order.archive.clone());
        let id = format!("training-{}", state.archives.len());
        let course = TrainingCourse::draw(&mut state.chance);
        if let (Some(address), Some(end)) = (&order.callback, course.end()) {
            for after in draw_callbacks_after(&mut state.chance, end) {
                let event = ProviderEvent { request_id: id.clone(), body: String::new() };
                let (provider, address) = (provider.to_owned(), address.clone());
                self.agenda.at(now + after, Event::Callback { provider, address, event, tries: 1 });
            }
        }
        state.trainings.insert(id.clone(), Training { course, accepted_at: now, is_cancelled: false });
        id
    }

    /// The archives of all accepted orders, one for each.
    pub fn archives(&self) -> Vec<String> {
        self.lock().archives.clone()
    }

    /// How a training stands.
    ///
    /// # Errors
    /// When it failed, or nobody knows it.
    pub fn standing(&self, id: &str) -> Result<TrainingStanding, ProviderError> {
        let now = self.clock.elapsed();
        let state = self.lock();
        let unknown = || ProviderError::new(FailureClass::NotFound, "unknown", "there is no such training");
        let training = state.trainings.get(id).filter(|training| !training.is_cancelled);
        let training = training.ok_or_else(unknown)?;
        let age = now - training.accepted_at;
        let failure = |class, code: &str| Err(ProviderError::new(class, code, "the training failed"));
        match training.course {
            course if course.end().is_some_and(|end| age < end) => Ok(under_way(age)),
            TrainingCourse::Done(_, Weights::Unnamed) => failure(FailureClass::Unavailable, "no-weights"),
            TrainingCourse::Done(..) => Ok(TrainingStanding::Trained(files(id))),
            TrainingCourse::PhotosRefused(_) => {
                failure(FailureClass::Invalid, "archive_file_count_below_minimum")
            }
            TrainingCourse::Refused(_) => failure(FailureClass::Refused, "refused"),
            TrainingCourse::Fails(_) => failure(FailureClass::Unavailable, "failed"),
            TrainingCourse::Forgotten if age >= Duration::from_secs(10) => Err(unknown()),
            TrainingCourse::Forgotten | TrainingCourse::Stuck => Ok(under_way(age)),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it is not there, or not there any more.
    pub fn file(&self, address: &str) -> Result<Bytes, ProviderError> {
        let now = self.clock.elapsed();
        let gone = || ProviderError::new(FailureClass::NotFound, "gone", "the file is gone");
        let (id, name) =
            address.strip_prefix("trained://").and_then(|path| path.split_once('/')).ok_or_else(gone)?;
        let state = self.lock();
        let training = state.trainings.get(id).ok_or_else(gone)?;
        let TrainingCourse::Done(after, weights) = training.course else { return Err(gone()) };
        if now > training.accepted_at + after + FILE_LIFETIME {
            return Err(gone());
        }
        let whole = fake_weights(TENSOR);
        match (name, weights) {
            ("config", _) => Ok(Bytes::from_static(b"{}")),
            (_, Weights::Whole) => Ok(whole),
            (_, Weights::CutOff) => Ok(whole.slice(..whole.len() - 1)),
            _ => Err(gone()),
        }
    }

    /// Stops a training, perhaps.
    pub fn cancel(&self, id: &str) {
        let mut state = self.lock();
        let is_heard = state.chance.percent(50);
        if let Some(training) = state.trainings.get_mut(id) {
            training.is_cancelled |= is_heard;
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn files(id: &str) -> TrainedFiles {
    TrainedFiles {
        weights: format!("trained://{id}/weights"),
        weights_size: None,
        config: Some(format!("trained://{id}/config")),
    }
}

fn under_way(age: Duration) -> TrainingStanding {
    let progress = if age < Duration::from_secs(6) {
        TrainingProgress { position: Some(1), done: None }
    } else {
        let hundredths = u8::try_from(age.as_secs().min(99)).expect("two digits");
        TrainingProgress { position: None, done: Some(Percent::new(hundredths)) }
    };
    TrainingStanding::UnderWay(progress)
}

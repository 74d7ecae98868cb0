//! A provider's side: the work that it accepted, its files, the state of our account there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use generation::{GeneratedImage, ImageSource, ModelId, Submission, WorkProgress};
use kernel::{CallOutcome, FailureClass, ImageFormat, ProviderError, ProviderEvent};
use testkit::fakes::fake_image;

use super::plan::{Answer, Course, Image, draw_callbacks};
use crate::agenda::{Agenda, Event};
use crate::chance::{Chance, Stream};
use crate::clock::SimulatedClock;
use crate::coverage::Coverage;
use crate::sky::Sky;

/// How long a file can be fetched.
const FILE_LIFETIME: Duration = Duration::from_mins(10);

struct Work {
    images: Vec<GeneratedImage>,
    course: Course,
    accepted_at: Duration,
    is_cancelled: bool,
}

struct State {
    chance: Chance,
    works: BTreeMap<String, Work>,
    files: BTreeMap<String, (Bytes, Duration)>,
    locked_until: BTreeMap<String, Duration>,
    retired_until: BTreeMap<ModelId, Duration>,
    last: u64,
}

/// What all providers keep. Clones are one.
#[derive(Clone)]
pub struct Works {
    state: Arc<Mutex<State>>,
    clock: SimulatedClock,
    sky: Sky,
    agenda: Agenda,
    coverage: Coverage,
}

impl Works {
    /// Providers that nobody has asked yet.
    pub fn of(seed: u64, clock: SimulatedClock, sky: Sky, agenda: Agenda, coverage: Coverage) -> Self {
        let state = State {
            chance: Chance::of(seed, Stream::Providers),
            works: BTreeMap::new(),
            files: BTreeMap::new(),
            locked_until: BTreeMap::new(),
            retired_until: BTreeMap::new(),
            last: 0,
        };
        Self { state: Arc::new(Mutex::new(state)), clock, sky, agenda, coverage }
    }

    /// How a submission to a provider is answered.
    pub fn answer(&self, provider: &str) -> Answer {
        let is_rough = self.sky.is_rough();
        let mut state = self.lock();
        let answer = Answer::draw(&mut state.chance, is_rough);
        let until = |span| self.clock.elapsed() + span;
        match answer {
            Answer::Locked(span) => drop(state.locked_until.insert(provider.to_owned(), until(span))),
            Answer::LostAfter | Answer::Hangs => {
                self.coverage.saw("provider: an answer is lost, its effect is not")
            }
            Answer::Limited(_) => self.coverage.saw("provider: too many requests"),
            _ => {}
        }
        answer
    }

    /// A model is gone for a while.
    pub fn retire(&self, model: &ModelId, span: Duration) {
        let until = self.clock.elapsed() + span;
        self.lock().retired_until.insert(model.clone(), until);
    }

    /// Whether our account may do anything there.
    ///
    /// # Errors
    /// When it is locked.
    pub fn check_account(&self, provider: &str) -> Result<(), ProviderError> {
        let now = self.clock.elapsed();
        if self.lock().locked_until.get(provider).is_some_and(|until| now < *until) {
            self.coverage.saw("provider: a locked account");
            return Err(ProviderError::new(FailureClass::Misconfigured, "locked", "the account is locked"));
        }
        Ok(())
    }

    /// Whether a model is there.
    ///
    /// # Errors
    /// When it is not.
    pub fn check_model(&self, model: &ModelId) -> Result<(), ProviderError> {
        let now = self.clock.elapsed();
        if self.lock().retired_until.get(model).is_some_and(|until| now < *until) {
            self.coverage.saw("provider: a retired model");
            return Err(ProviderError::new(FailureClass::Misconfigured, "retired", "there is no such model"));
        }
        Ok(())
    }

    /// Makes the images of a submission.
    pub fn make(&self, submission: &Submission) -> Vec<GeneratedImage> {
        let now = self.clock.elapsed();
        let mut state = self.lock();
        let mut images = Vec::new();
        for index in 0..submission.count {
            let work = state.number();
            let words = format!("image {work} of {index} for {}", submission.prompt.as_str());
            let bytes = fake_image(ImageFormat::Png, 1024, 1024, &words);
            match Image::draw(&mut state.chance) {
                Image::Inline => images.push(GeneratedImage::Made(ImageSource::Inline(bytes))),
                Image::Remote => {
                    let address = format!("files://{work}");
                    state.files.insert(address.clone(), (bytes, now + FILE_LIFETIME));
                    images.push(GeneratedImage::Made(ImageSource::Remote(address)));
                }
                Image::Garbage => {
                    let garbage = Bytes::from_static(b"<html>");
                    images.push(GeneratedImage::Made(ImageSource::Inline(garbage)));
                }
                Image::Withheld => images.push(GeneratedImage::Withheld),
                Image::Missing => {}
            }
        }
        images
    }

    /// Accepts a submission: its id. Callbacks are on their way from now on.
    pub fn accept(&self, provider: &str, submission: &Submission) -> String {
        let images = self.make(submission);
        let now = self.clock.elapsed();
        let mut state = self.lock();
        let id = format!("work-{}", state.number());
        let course = Course::draw(&mut state.chance);
        if let Some(address) = &submission.callback {
            for (number, after) in (1..).zip(draw_callbacks(&mut state.chance, course)) {
                // A repeat may come under another number of the provider's.
                let request_id = if number > 1 && state.chance.percent(30) {
                    format!("{id}/{number}")
                } else {
                    id.clone()
                };
                let event = ProviderEvent { request_id, body: String::new() };
                let provider = provider.to_owned();
                self.agenda
                    .at(now + after, Event::Callback { provider, address: address.clone(), event, tries: 1 });
            }
        }
        state.works.insert(id.clone(), Work { images, course, accepted_at: now, is_cancelled: false });
        id
    }

    /// How a piece of work stands.
    ///
    /// # Errors
    /// When it failed, or nobody knows it.
    pub fn progress(&self, id: &str) -> Result<WorkProgress, ProviderError> {
        let now = self.clock.elapsed();
        let state = self.lock();
        let unknown = || ProviderError::new(FailureClass::NotFound, "unknown", "there is no such work");
        let work = state.works.get(id).filter(|work| !work.is_cancelled).ok_or_else(unknown)?;
        let age = now - work.accepted_at;
        let under_way = if age < Duration::from_secs(6) {
            WorkProgress::Queued { position: Some(6 - u32::try_from(age.as_secs()).expect("seconds")) }
        } else {
            WorkProgress::Running
        };
        match work.course {
            Course::Ready(after) if age >= after => Ok(WorkProgress::Ready(work.images.clone())),
            Course::Refused(after) if age >= after => {
                Err(ProviderError::new(FailureClass::Refused, "refused", "a policy forbids it"))
            }
            Course::Fails(after) if age >= after => {
                Err(ProviderError::new(FailureClass::Unavailable, "failed", "the work failed"))
            }
            Course::Forgotten if age >= Duration::from_secs(10) => Err(unknown()),
            _ => Ok(under_way),
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn file(&self, address: &str) -> Result<Bytes, ProviderError> {
        let now = self.clock.elapsed();
        match self.lock().files.get(address) {
            Some((bytes, until)) if now < *until => Ok(bytes.clone()),
            _ => Err(ProviderError::new(FailureClass::NotFound, "gone", "the file is gone")),
        }
    }

    /// Stops a piece of work, perhaps.
    pub fn cancel(&self, id: &str) {
        let mut state = self.lock();
        let is_heard = state.chance.percent(50);
        if let Some(work) = state.works.get_mut(id) {
            work.is_cancelled |= is_heard;
        }
    }

    /// A failure of which nobody knows whether it had its effect.
    pub fn unheard(code: &str) -> ProviderError {
        ProviderError {
            class: FailureClass::Unavailable,
            outcome: CallOutcome::Unknown,
            code: code.to_owned(),
            detail: "no answer".to_owned(),
            source: None,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

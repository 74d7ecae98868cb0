//! A provider of images that does what a test says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    CallbackSupport, GeneratedImage, ImageGenerator, ImageSource, ModelEntry, ModelId, ModelKind,
    ProviderHandle, ReferenceForm, Submission, SubmissionOutcome, SubmittedLikeness, WorkProgress,
};
use kernel::{CallOutcome, FailureClass, ImageFormat, ProviderError, ProviderEvent};

use super::imaging::fake_image;
use crate::weather::{FairWeather, Fate, Weather};

/// How a provider answers a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// With the images at once, like Google.
    Inline,
    /// With a handle; the images are there after so many questions, and a callback says so. Like FAL.
    Queued {
        /// Questions that are answered with "running".
        polls: u32,
    },
}

/// A piece of accepted work.
#[derive(Debug, Clone)]
struct Work {
    images: Vec<GeneratedImage>,
    polls_left: u32,
}

/// What a callback says of finished work; nothing else is ever said.
const FINISHED: &str = "finished";

#[derive(Default)]
struct State {
    script: VecDeque<ProviderError>,
    probe_script: VecDeque<ProviderError>,
    works: BTreeMap<String, Work>,
    /// Callbacks that are on their way: address and event.
    callbacks: VecDeque<(String, ProviderEvent)>,
    submissions: u32,
    likenesses: Vec<SubmittedLikeness>,
    withheld: VecDeque<u8>,
}

/// A provider. Descriptions with the word `forbidden` are refused. Clones are one provider.
#[derive(Clone)]
pub struct FakeGenerator {
    style: Style,
    state: Arc<Mutex<State>>,
    weather: Arc<dyn Weather>,
}

impl FakeGenerator {
    /// The word that is refused.
    pub const REFUSED: &'static str = "forbidden";

    /// A provider of this style.
    pub fn new(style: Style) -> Self {
        Self::under(style, Arc::new(FairWeather))
    }

    /// A provider of this style under this weather.
    pub fn under(style: Style, weather: Arc<dyn Weather>) -> Self {
        Self { style, state: Arc::default(), weather }
    }

    /// The same provider under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { style: self.style, state: Arc::clone(&self.state), weather }
    }

    /// The next submission fails like this.
    pub fn fail_next(&self, error: ProviderError) {
        self.lock().script.push_back(error);
    }

    /// The next probe fails like this.
    pub fn fail_next_probe(&self, error: ProviderError) {
        self.lock().probe_script.push_back(error);
    }

    /// The next submission holds this many images back.
    pub fn withhold_next(&self, images: u8) {
        self.lock().withheld.push_back(images);
    }

    /// How many submissions had an effect.
    pub fn submissions(&self) -> u32 {
        self.lock().submissions
    }

    /// Who was to be in the picture, of each submission that had an effect.
    pub fn likenesses(&self) -> Vec<SubmittedLikeness> {
        self.lock().likenesses.clone()
    }

    /// Takes the next callback that is on its way: its address and what it says.
    pub fn take_callback(&self) -> Option<(String, ProviderEvent)> {
        self.lock().callbacks.pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, submission: &Submission) -> SubmissionOutcome {
        let mut state = self.lock();
        state.submissions += 1;
        state.likenesses.push(submission.likeness.clone());
        let withheld = state.withheld.pop_front().unwrap_or_default();
        let images: Vec<GeneratedImage> = (0..submission.count)
            .map(|index| {
                if index < withheld {
                    return GeneratedImage::Withheld;
                }
                let seed = submission.seed + u64::from(index);
                let words = format!("{seed} {}{}", submission.prompt.as_str(), sitter(&submission.likeness));
                GeneratedImage::Made(ImageSource::Inline(fake_image(ImageFormat::Png, 1024, 1024, &words)))
            })
            .collect();
        match self.style {
            Style::Inline => SubmissionOutcome::Ready(images),
            Style::Queued { polls } => {
                let id = format!("work-{}", state.submissions);
                state.works.insert(id.clone(), Work { images, polls_left: polls });
                if let Some(address) = &submission.callback {
                    let event = ProviderEvent { request_id: id.clone(), body: FINISHED.to_owned() };
                    state.callbacks.push_back((address.clone(), event));
                }
                SubmissionOutcome::Accepted(ProviderHandle::new(id))
            }
        }
    }

    async fn struck(&self, port: &'static str, effect: impl FnOnce()) -> Result<(), ProviderError> {
        match self.weather.fate(port) {
            Fate::Fair => {}
            Fate::Slow(span) => tokio::time::sleep(span).await,
            Fate::FailsBefore => return Err(unavailable(CallOutcome::NotDone)),
            Fate::FailsAfter => {
                effect();
                return Err(unavailable(CallOutcome::Unknown));
            }
            Fate::DiesBefore => {
                self.weather.die();
                std::future::pending::<()>().await;
            }
            Fate::DiesAfter => {
                effect();
                self.weather.die();
                std::future::pending::<()>().await;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl ImageGenerator for FakeGenerator {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        if submission.prompt.as_str().contains(Self::REFUSED) {
            return Err(ProviderError::new(
                FailureClass::Refused,
                "refused",
                "the provider's filter refuses it",
            ));
        }
        if !takes(submission.model.kind, &submission.likeness) {
            return Err(ProviderError::new(
                FailureClass::Bug,
                "no-such-likeness",
                "the model does not draw people in this way",
            ));
        }
        self.struck("generator.submit", || drop(self.work(submission))).await?;
        let scripted = self.lock().script.pop_front();
        match scripted {
            Some(error) => {
                if error.outcome == CallOutcome::Unknown {
                    self.work(submission);
                }
                Err(error)
            }
            None => Ok(self.work(submission)),
        }
    }

    async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        self.struck("generator.poll", || ()).await.map_err(ProviderError::with_unknown_outcome)?;
        let mut state = self.lock();
        let Some(work) = state.works.get_mut(handle.as_str()) else {
            return Err(ProviderError::new(FailureClass::NotFound, "unknown", "there is no such work"));
        };
        if work.polls_left > 0 {
            work.polls_left -= 1;
            return Ok(WorkProgress::Running);
        }
        Ok(WorkProgress::Ready(work.images.clone()))
    }

    fn interpret(
        &self,
        _model: &ModelId,
        event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        if event.body != FINISHED {
            return Err(ProviderError::new(
                FailureClass::Bug,
                "unreadable",
                "a callback that makes no sense",
            ));
        }
        let state = self.lock();
        let work = state.works.get(&event.request_id).ok_or_else(|| {
            ProviderError::new(FailureClass::Bug, "unknown", "a callback for work that was never accepted")
        })?;
        Ok((ProviderHandle::new(event.request_id.as_str()), Ok(WorkProgress::Ready(work.images.clone()))))
    }

    async fn fetch(&self, _address: &str) -> Result<Bytes, ProviderError> {
        Err(ProviderError::new(FailureClass::NotFound, "inline", "every image is inline"))
    }

    async fn cancel(&self, _handle: &ProviderHandle) -> Result<(), ProviderError> {
        // The wish comes too late, as it often does: the work goes on.
        Ok(())
    }

    async fn probe(&self, _model: &ModelEntry) -> Result<(), ProviderError> {
        self.struck("generator.probe", || ()).await?;
        let scripted = self.lock().probe_script.pop_front();
        scripted.map_or(Ok(()), Err)
    }

    fn reference_form(&self) -> ReferenceForm {
        match self.style {
            Style::Inline => ReferenceForm::Inline,
            Style::Queued { .. } => ReferenceForm::Address,
        }
    }

    fn callback_support(&self) -> CallbackSupport {
        match self.style {
            Style::Inline => CallbackSupport::Never,
            Style::Queued { .. } => CallbackSupport::WhenAsked,
        }
    }

    fn concerns_model(&self, error: &ProviderError) -> bool {
        error.code == "retired"
    }
}

/// Whether a model of this kind draws so.
const fn takes(kind: ModelKind, likeness: &SubmittedLikeness) -> bool {
    match likeness {
        SubmittedLikeness::Nobody => true,
        SubmittedLikeness::Weights { .. } => matches!(kind, ModelKind::TrainedLikeness),
        SubmittedLikeness::References(_) => matches!(kind, ModelKind::ReferenceLikeness),
    }
}

/// What a picture says of who is in it.
fn sitter(likeness: &SubmittedLikeness) -> String {
    match likeness {
        SubmittedLikeness::Nobody => String::new(),
        SubmittedLikeness::Weights { strength, .. } => format!(" with weights at {strength}"),
        SubmittedLikeness::References(photos) => format!(" after {} photos", photos.len()),
    }
}

fn unavailable(outcome: CallOutcome) -> ProviderError {
    ProviderError {
        class: FailureClass::Unavailable,
        outcome,
        code: "struck".to_owned(),
        detail: "the provider failed".to_owned(),
        source: None,
    }
}

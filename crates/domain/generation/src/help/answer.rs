//! Answering a request: asking the helper, keeping the answer, showing it.

use bytes::Bytes;
use kernel::{
    ClaimedJob, DescriptionPurpose, FailureClass, HelpId, ImageLimits, ImagingError, IncomingFileError,
    IncomingFileId, ModerationVerdict, NotifyError, OperatorNotice, Pausable, PauseCause, PauseNews,
    ProviderError, StoreError,
};

use super::{HelpError, HelpService};
use crate::{HelpFailure, HelpRequest, HelpState, HelpTask, Wording, WordingGoal};

/// The longer side of a photo that is looked at, in pixels.
const EXAMINED_SIDE: u32 = 1024;
/// The largest recording, in bytes. Two minutes of Opus have about one megabyte.
const LARGEST_RECORDING: usize = 5 * 1024 * 1024;
/// The name under which the helper's pauses are kept.
const HELP_PROVIDER: &str = "openai";

/// What asking a helper brought.
type Answer = Result<String, HelpFailure>;

impl HelpService {
    /// Answers the job's request. May be run any number of times: the answer is kept before it is shown.
    ///
    /// # Errors
    /// When it cannot be answered now; the job is to be tried again.
    pub async fn answer(&self, job: &ClaimedJob) -> Result<(), HelpError> {
        let found = self.ports.requests.find(job.claim.account, HelpId::new(job.subject)).await?;
        let Some(mut request) = found else {
            return Ok(self.complete(job, None).await?);
        };
        if request.state == HelpState::Waiting {
            let answer = self.ask_helper(job, &request).await?;
            if answer == Err(HelpFailure::Refused) {
                self.ports.refusals.record(request.account, &format!("help:{}", request.id)).await?;
            }
            request.state = match answer {
                Ok(text) => HelpState::Answered { text },
                Err(failure) => HelpState::Failed(failure),
            };
            request = self.keep(job, &request).await?;
        }
        request.state = self.show(&request).await?;
        Ok(self.complete(job, Some(&request)).await?)
    }

    pub(super) async fn show(&self, request: &HelpRequest) -> Result<HelpState, HelpError> {
        let (told, then) = match &request.state {
            HelpState::Answered { text } => {
                let told = self.ports.notifier.show_answer(request, text).await;
                (told, HelpState::Shown { text: text.clone() })
            }
            HelpState::Failed(failure) => {
                let told = self.ports.notifier.tell_failure(request, failure).await;
                (told, HelpState::Closed(failure.clone()))
            }
            ended => return Ok(ended.clone()),
        };
        match told {
            Ok(()) | Err(NotifyError::Unreachable) => Ok(then),
            Err(error) => Err(error.into()),
        }
    }

    async fn ask_helper(&self, job: &ClaimedJob, request: &HelpRequest) -> Result<Answer, HelpError> {
        let asked = match &request.task {
            HelpTask::Improve { prompt, avatar, variation } => {
                let traits = self.traits_of(request, *avatar).await?;
                let goal = WordingGoal::Improve { traits };
                self.reword(Wording { prompt: prompt.clone(), goal, variation: *variation }).await
            }
            HelpTask::Translate { prompt, avatar, variation } => {
                let traits = self.traits_of(request, *avatar).await?;
                let goal = WordingGoal::Translate { traits };
                self.reword(Wording { prompt: prompt.clone(), goal, variation: *variation }).await
            }
            HelpTask::Transcribe { file } => self.transcribe(request, file).await,
            HelpTask::DescribePhoto { file } => {
                self.describe(file, DescriptionPurpose::ForPerson(request.language)).await
            }
            HelpTask::PromptFromPhoto { file, .. } => self.describe(file, DescriptionPurpose::ForModel).await,
        };
        match asked {
            Err(error) => self.after_error(job, error).await,
            Ok(answer) => Ok(answer),
        }
    }

    /// What an error means for the person: some are answers, some may pass, and the rest is told after a few tries.
    async fn after_error(&self, job: &ClaimedJob, error: HelpError) -> Result<Answer, HelpError> {
        tracing::warn!(help = %job.subject, class = ?error.class(), %error, "a helper failed");
        if let HelpError::Provider(error) = &error
            && error.class == FailureClass::Misconfigured
        {
            self.pause(error).await?;
            return Ok(Err(HelpFailure::Unavailable));
        }
        match error {
            HelpError::Store(_) => Err(error),
            HelpError::Incoming(IncomingFileError::TooLarge | IncomingFileError::Gone)
            | HelpError::Imaging(ImagingError::NotAnImage(_) | ImagingError::TooLarge) => {
                Ok(Err(HelpFailure::UnreadableFile))
            }
            _ => match error.class() {
                FailureClass::Refused => Ok(Err(HelpFailure::Refused)),
                FailureClass::Invalid => Ok(Err(HelpFailure::UnreadableFile)),
                _ if job.attempt < self.policy.tries => Err(error),
                _ => Ok(Err(HelpFailure::Unavailable)),
            },
        }
    }

    async fn reword(&self, wording: Wording) -> Result<Answer, HelpError> {
        let Some(assistant) = &self.ports.assistant else {
            return Ok(Err(HelpFailure::Unavailable));
        };
        Ok(Ok(assistant.reword(&wording).await?.as_str().to_owned()))
    }

    async fn transcribe(&self, request: &HelpRequest, file: &IncomingFileId) -> Result<Answer, HelpError> {
        let Some(transcriber) = &self.ports.transcriber else {
            return Ok(Err(HelpFailure::Unavailable));
        };
        let recording = self.ports.incoming.fetch(file, LARGEST_RECORDING).await?;
        let text = transcriber.transcribe(&recording, request.language).await?;
        Ok(some_text(&text))
    }

    async fn describe(
        &self,
        file: &IncomingFileId,
        purpose: DescriptionPurpose,
    ) -> Result<Answer, HelpError> {
        let Some(analyst) = &self.ports.analyst else {
            return Ok(Err(HelpFailure::Unavailable));
        };
        let photo = self.photo(file).await?;
        if let Some(moderator) = &self.ports.moderator
            && let ModerationVerdict::Flagged(categories) = moderator.review_photo(&photo).await?
        {
            tracing::info!(?categories, "a photo was refused");
            return Ok(Err(HelpFailure::Refused));
        }
        Ok(some_text(&analyst.describe(&photo, purpose).await?))
    }

    /// The photo, clean and small.
    async fn photo(&self, file: &IncomingFileId) -> Result<Bytes, HelpError> {
        let limits = ImageLimits::UPLOAD;
        let sent = self.ports.incoming.fetch(file, limits.bytes).await?;
        let clean = self.ports.imaging.clean(sent, limits).await?;
        Ok(self.ports.imaging.preview(clean.bytes, EXAMINED_SIDE, limits).await?)
    }

    async fn traits_of(
        &self,
        request: &HelpRequest,
        avatar: Option<kernel::AvatarId>,
    ) -> Result<String, StoreError> {
        let Some(avatar) = avatar else {
            return Ok(String::new());
        };
        let found = self.ports.avatars.find(request.account, avatar).await?;
        let kind = found.and_then(|(avatar, _)| avatar.kind);
        Ok(kind.map(|kind| kind.traits().to_owned()).unwrap_or_default())
    }

    async fn keep(&self, job: &ClaimedJob, request: &HelpRequest) -> Result<HelpRequest, StoreError> {
        let mut unit = self.ports.requests.begin().await?;
        let kept = unit.helps().update(request).await?;
        unit.jobs().confirm(&job.claim).await?;
        unit.commit().await?;
        Ok(kept)
    }

    async fn complete(&self, job: &ClaimedJob, request: Option<&HelpRequest>) -> Result<(), StoreError> {
        let mut unit = self.ports.requests.begin().await?;
        if let Some(request) = request {
            unit.helps().update(request).await?;
        }
        unit.jobs().complete(&job.claim).await?;
        unit.commit().await
    }

    async fn pause(&self, error: &ProviderError) -> Result<(), StoreError> {
        let subject = Pausable::Provider(HELP_PROVIDER.to_owned());
        let cause = PauseCause { code: error.code.clone(), detail: error.detail.clone() };
        if self.ports.pauses.pause(&subject, &cause).await? == PauseNews::Tell
            && let Err(error) = self.ports.operators.tell(&OperatorNotice::Paused { subject, cause }).await
        {
            tracing::error!(%error, "the operators could not be told");
        }
        Ok(())
    }
}

fn some_text(text: &str) -> Answer {
    let text = text.trim();
    if text.is_empty() { Err(HelpFailure::Nothing) } else { Ok(text.to_owned()) }
}

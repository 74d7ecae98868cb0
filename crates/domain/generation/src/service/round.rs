//! A round at a provider: submitting, asking, listening, and putting what came into the object store at once.

use bytes::Bytes;
use futures::future::join_all;
use kernel::{
    CallOutcome, CallbackRoute, CallbackSubject, FailureClass, ImageLimits, ImagingError, ObjectKey,
    ObjectStoreError, ProviderError, Timestamp,
};
use std::sync::Arc;
use std::time::Duration;

use super::likeness::PreparedLikeness;
use super::{AdvanceError, GenerationService};
use crate::machine::{Fault, Round};
use crate::{
    Accepted, CallbackSupport, GeneratedImage, Generation, GenerationPolicy, ImageGenerator, ImageSource,
    ModelEntry, ParkedCallback, ProgressStage, State, Submission, SubmissionOutcome, WorkProgress,
};

/// How long an image that a provider has finished may be impossible to fetch before the work counts as lost.
const FETCH_PATIENCE: Duration = Duration::from_mins(3);

/// What callbacks said.
pub(super) enum Hearing {
    /// None came for this attempt.
    Nothing,
    /// This is what they said.
    Heard(Round),
}

/// Until when a callback may bring what a lost answer did not.
pub(super) fn since_submission(since: Timestamp, policy: &GenerationPolicy) -> Timestamp {
    since + policy.provider_timeout.min(policy.callback_grace)
}

impl GenerationService {
    /// Submits every open slot, in as many calls as the model needs, and stores what comes back at once: the first
    /// images while the last ones are still drawn.
    pub(super) async fn submit(
        &self,
        generation: &Generation,
        likeness: &PreparedLikeness,
    ) -> Result<Round, AdvanceError> {
        let Some((model, generator)) = self.generator_of(generation) else {
            return Ok(Round::failed(Fault {
                class: FailureClass::Misconfigured,
                outcome: CallOutcome::NotDone,
                code: "provider-not-configured".to_owned(),
            }));
        };
        let slots = generation.open_slots();
        let calls = slots.chunks(usize::from(model.images_per_call.max(1))).map(|slots| {
            let submission = self.submission(generation, &model, slots, likeness);
            let generator = Arc::clone(&generator);
            async move {
                let mut part = Round::default();
                match generator.submit(&submission).await {
                    Ok(SubmissionOutcome::Ready(images)) => {
                        self.take_images(generation, &generator, slots, images, &mut part).await?;
                    }
                    Ok(SubmissionOutcome::Accepted(handle)) => {
                        part.accepted.push(Accepted { slots: slots.to_vec(), handle });
                    }
                    Err(error) => return Ok((slots, Err(error))),
                }
                Ok::<_, AdvanceError>((slots, Ok(part)))
            }
        });
        let mut round = Round::default();
        for answer in join_all(calls).await {
            match answer? {
                (_, Ok(part)) => round.join(part),
                // One after the other, so that the same trouble is told once.
                (slots, Err(error)) => self.note(generation, &model, slots, &error, &mut round).await?,
            }
        }
        Ok(round)
    }

    /// Asks how every piece of accepted work stands.
    pub(super) async fn ask(&self, generation: &Generation, now: Timestamp) -> Result<Round, AdvanceError> {
        let State::Submitted { since, accepted } = &generation.state else {
            return Ok(Round::default());
        };
        let Some((model, generator)) = self.generator_of(generation) else {
            // An operator removed the provider while it worked; wait for its return until the deadline.
            return Ok(Round { accepted: accepted.clone(), ..Round::default() });
        };
        let parked = self.ports.reader.parked(generation.account, generation.id).await?;
        let mut round = Round::default();
        for work in accepted {
            let heard = heard_of(generation, &generator, &parked, work);
            let progress = match heard {
                Some(progress) => progress,
                None => generator.poll(&work.handle).await,
            };
            match progress {
                Ok(WorkProgress::Ready(images)) => {
                    self.take_images(generation, &generator, &work.slots, images, &mut round).await?;
                    if now.since(*since) < FETCH_PATIENCE && is_missing_for_now(work, &round) {
                        round.accepted.push(work.clone());
                    }
                }
                Ok(WorkProgress::Queued { position: Some(position) }) if position > 0 => {
                    self.show_progress(generation, ProgressStage::Waiting { position: Some(position) }).await;
                    round.accepted.push(work.clone());
                }
                Ok(WorkProgress::Queued { .. } | WorkProgress::Running) => round.accepted.push(work.clone()),
                Err(error) if error.outcome == CallOutcome::Unknown => {
                    // The question failed, not the work: a locked account or a rate limit says nothing about it.
                    self.heed(&model, &error).await?;
                    round.accepted.push(work.clone());
                }
                Err(error) => {
                    self.note(generation, &model, &work.slots, &error, &mut round).await?;
                }
            }
        }
        Ok(round)
    }

    /// What callbacks said of the present attempt, when the answer to the submission was lost.
    pub(super) async fn hear_callbacks(&self, generation: &Generation) -> Result<Hearing, AdvanceError> {
        let Some((model, generator)) = self.generator_of(generation) else {
            return Ok(Hearing::Nothing);
        };
        let parked = self.ports.reader.parked(generation.account, generation.id).await?;
        let Some(callback) = parked.iter().find(|callback| callback.attempt == generation.plan.attempt)
        else {
            return Ok(Hearing::Nothing);
        };
        let slots = generation.open_slots();
        let mut round = Round::default();
        match generator.interpret(&model.id, &callback.event) {
            Ok((_, Ok(WorkProgress::Ready(images)))) => {
                self.take_images(generation, &generator, &slots, images, &mut round).await?;
            }
            Ok((handle, Ok(WorkProgress::Queued { .. } | WorkProgress::Running))) => {
                round.accepted.push(Accepted { slots, handle });
            }
            Ok((_, Err(error))) | Err(error) => {
                self.note(generation, &model, &slots, &error, &mut round).await?;
            }
        }
        Ok(Hearing::Heard(round))
    }

    /// Which open slots have bytes of the present attempt in the object store, left there before a crash.
    pub(super) async fn find_stored_attempts(
        &self,
        generation: &Generation,
    ) -> Result<Round, ObjectStoreError> {
        let mut round = Round::default();
        for slot in generation.open_slots() {
            let key = ObjectKey::attempt(generation.account, generation.id, slot, generation.plan.attempt);
            if self.ports.objects.head(&key).await?.is_some() {
                round.arrived.push(slot);
            }
        }
        Ok(round)
    }

    /// Asks the provider to stop; whether it does is up to it.
    pub(super) async fn cancel_at_provider(&self, generation: &Generation, accepted: &[Accepted]) {
        let Some((_, generator)) = self.generator_of(generation) else {
            return;
        };
        for work in accepted {
            if let Err(error) = generator.cancel(&work.handle).await {
                tracing::info!(generation = %generation.id, %error, "work could not be cancelled at the provider");
            }
        }
    }

    /// Whether a callback may come for the present attempt.
    pub(super) fn calls_back(&self, generation: &Generation) -> bool {
        let Some((_, generator)) = self.generator_of(generation) else {
            return false;
        };
        generator.callback_support() == CallbackSupport::WhenAsked
            && self.callback_address(generation).is_some()
    }

    pub(super) fn generator_of(
        &self,
        generation: &Generation,
    ) -> Option<(ModelEntry, Arc<dyn ImageGenerator>)> {
        let model = self.registry.get(&generation.plan.model)?;
        let generator = self.ports.generators.get(&model.provider)?;
        Some((model.clone(), Arc::clone(generator)))
    }

    /// Puts images into the object store, slot by slot. Fewer images than slots leave the last slots out.
    pub(super) async fn take_images(
        &self,
        generation: &Generation,
        generator: &Arc<dyn ImageGenerator>,
        slots: &[u8],
        images: Vec<GeneratedImage>,
        round: &mut Round,
    ) -> Result<(), AdvanceError> {
        if images.is_empty() {
            round.add_fault(Fault::unavailable("no-images"));
            return Ok(());
        }
        let mut images = images.into_iter();
        for slot in slots {
            match images.next() {
                Some(GeneratedImage::Made(source)) => {
                    self.take_image(generation, generator, *slot, source, round).await?;
                }
                Some(GeneratedImage::Withheld) => round.withheld.push(*slot),
                None => round.left_out.push(*slot),
            }
        }
        Ok(())
    }

    async fn take_image(
        &self,
        generation: &Generation,
        generator: &Arc<dyn ImageGenerator>,
        slot: u8,
        source: ImageSource,
        round: &mut Round,
    ) -> Result<(), AdvanceError> {
        let bytes = match bytes_of(generator, source).await {
            Ok(bytes) => bytes,
            Err(error) => {
                round.add_fault(Fault::from(&error));
                return Ok(());
            }
        };
        match self.ports.imaging.inspect(bytes.clone(), ImageLimits::RESULT).await {
            Ok(info) => {
                let key =
                    ObjectKey::attempt(generation.account, generation.id, slot, generation.plan.attempt);
                self.ports.objects.put(&key, bytes, info.format.media_type()).await?;
                round.arrived.push(slot);
            }
            Err(ImagingError::NotAnImage(_)) => round.add_fault(Fault::unavailable("not-an-image")),
            Err(ImagingError::TooLarge) => round.add_fault(Fault::unavailable("image-too-large")),
            Err(error @ ImagingError::Bug(_)) => return Err(error.into()),
        }
        Ok(())
    }

    async fn note(
        &self,
        generation: &Generation,
        model: &ModelEntry,
        slots: &[u8],
        error: &ProviderError,
        round: &mut Round,
    ) -> Result<(), AdvanceError> {
        tracing::warn!(
            generation = %generation.id,
            model = %model.id,
            attempt = generation.plan.attempt,
            class = ?error.class,
            outcome = ?error.outcome,
            %error,
            "a provider failed"
        );
        self.heed(model, error).await?;
        if error.class == FailureClass::Refused {
            round.withheld.extend_from_slice(slots);
        }
        round.add_fault(Fault::from(error));
        Ok(())
    }

    fn submission(
        &self,
        generation: &Generation,
        model: &ModelEntry,
        slots: &[u8],
        likeness: &PreparedLikeness,
    ) -> Submission {
        let first = slots.first().copied().unwrap_or_default();
        Submission {
            model: model.clone(),
            prompt: generation.request.prompt.introduced_by(&likeness.introduction),
            likeness: likeness.submitted.clone(),
            aspect_ratio: generation.request.aspect_ratio,
            count: u8::try_from(slots.len()).unwrap_or(u8::MAX),
            // A different picture for every call, and the same one when a slot is asked for again.
            seed: generation.request.seed + u64::from(first),
            callback: self.callback_address(generation),
        }
    }

    fn callback_address(&self, generation: &Generation) -> Option<String> {
        self.ports.callback_urls.address(&CallbackRoute {
            account: generation.account,
            subject: CallbackSubject::Generation(generation.id),
            attempt: generation.plan.attempt,
        })
    }
}

/// Whether a finished image only could not be fetched right now: the work is done and paid for, so it is asked for
/// again for a while.
fn is_missing_for_now(work: &Accepted, round: &Round) -> bool {
    let has_ended = |slot: &u8| {
        [&round.arrived, &round.withheld, &round.left_out].iter().any(|slots| slots.contains(slot))
    };
    let is_passing = round.fault.as_ref().is_some_and(|fault| {
        matches!(fault.class, FailureClass::Unavailable | FailureClass::Limited { .. })
            && !matches!(fault.code.as_str(), "not-an-image" | "image-too-large" | "no-images")
    });
    is_passing && !work.slots.iter().all(has_ended)
}

async fn bytes_of(generator: &Arc<dyn ImageGenerator>, source: ImageSource) -> Result<Bytes, ProviderError> {
    match source {
        ImageSource::Inline(bytes) => Ok(bytes),
        ImageSource::Remote(address) => generator.fetch(&address).await,
    }
}

/// What a callback that has come says of one piece of accepted work.
fn heard_of(
    generation: &Generation,
    generator: &Arc<dyn ImageGenerator>,
    parked: &[ParkedCallback],
    work: &Accepted,
) -> Option<Result<WorkProgress, ProviderError>> {
    parked.iter().filter(|callback| callback.attempt == generation.plan.attempt).find_map(|callback| {
        match generator.interpret(&generation.plan.model, &callback.event) {
            // A callback that brings no result only says that it is time to ask.
            Ok((_, Ok(WorkProgress::Queued { .. } | WorkProgress::Running))) => None,
            Ok((handle, progress)) => (handle == work.handle).then_some(progress),
            Err(error) => {
                tracing::warn!(generation = %generation.id, %error, "a callback could not be read; polling instead");
                None
            }
        }
    })
}

//! Bringing the result, or the news that there is none, to the person: once.

use kernel::{CallOutcome, ClaimedJob, Credits, FailureClass, ProviderError, Timestamp};

use super::advance::Flow;
use super::writing::JobAfter;
use super::{AdvanceError, GenerationService};
use crate::{
    Attention, DeliveredAs, Delivery, Ending, Generation, NotifyError, ResultImage, ResultView, ShownResult,
    State,
};

impl GenerationService {
    /// Stored: show the images.
    pub(super) async fn deliver(
        &self,
        job: &ClaimedJob,
        generation: Generation,
        now: Timestamp,
    ) -> Result<Flow, AdvanceError> {
        let view = self.result_view(&generation).await?;
        if view.images.is_empty() {
            return self.clear_away(job, &generation, &view).await;
        }
        match generation.delivery {
            Delivery::NotStarted if self.fits_in_place(&generation, &view, now).await? => {
                self.show_in_place(job, generation, &view).await
            }
            Delivery::NotStarted => self.send(job, generation, &view).await,
            // Whoever waits for long by now, or looks elsewhere: the image may be there already.
            Delivery::Placing => self.place(job, generation, &view).await,
            // Somebody died between sending and saying so: never a second send.
            Delivery::Sending => self.point_to_gallery(job, &generation, &view).await,
            Delivery::Shown => self.send_controls(job, &generation, &view).await,
            Delivery::Done { by } => self.delivered(job, &generation, by).await,
        }
    }

    /// Failed, cancelled or expired, and the person has not heard of it.
    pub(super) async fn tell_ending(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
    ) -> Result<Flow, AdvanceError> {
        let ending = match &generation.state {
            State::Failed(reason) => Ending::Failed(reason.clone()),
            State::Cancelled => Ending::Cancelled,
            State::Expired => Ending::Expired,
            _ => return self.delivered(job, generation, DeliveredAs::Told).await,
        };
        let told = self
            .ports
            .notifier
            .tell_ending(generation.account, generation.id, &generation.audience, &ending)
            .await;
        self.conclude(job, generation, told.map(|_| ()), DeliveredAs::Told).await
    }

    async fn show_in_place(
        &self,
        job: &ClaimedJob,
        mut generation: Generation,
        view: &ResultView,
    ) -> Result<Flow, AdvanceError> {
        generation.delivery = Delivery::Placing;
        let placing = self.write(job, &generation, JobAfter::Continues).await?;
        self.place(job, placing, view).await
    }

    async fn place(
        &self,
        job: &ClaimedJob,
        generation: Generation,
        view: &ResultView,
    ) -> Result<Flow, AdvanceError> {
        match self.ports.notifier.show_in_place(view).await {
            Ok(shown) => {
                self.remember(&generation, &shown).await;
                self.delivered(job, &generation, DeliveredAs::Edited).await
            }
            Err(NotifyError::Unreachable) => self.delivered(job, &generation, DeliveredAs::Unreachable).await,
            Err(NotifyError::Failed(error)) if cannot_be_placed(&error) => {
                tracing::warn!(generation = %generation.id, %error, "the progress message cannot become the image");
                self.send(job, generation, view).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn send(
        &self,
        job: &ClaimedJob,
        mut generation: Generation,
        view: &ResultView,
    ) -> Result<Flow, AdvanceError> {
        generation.delivery = Delivery::Sending;
        let mut sending = self.write(job, &generation, JobAfter::Continues).await?;
        match self.ports.notifier.send_images(view).await {
            Ok(shown) => {
                self.remember(&sending, &shown).await;
                sending.delivery = Delivery::Shown;
                self.write(job, &sending, JobAfter::Continues).await?;
                Ok(Flow::Again)
            }
            Err(NotifyError::Unreachable) => self.delivered(job, &sending, DeliveredAs::Unreachable).await,
            Err(NotifyError::Failed(error))
                if error.outcome == CallOutcome::NotDone && may_pass(error.class) =>
            {
                sending.delivery = Delivery::NotStarted;
                self.write(job, &sending, JobAfter::Continues).await?;
                Err(NotifyError::Failed(error).into())
            }
            Err(NotifyError::Failed(error)) => {
                tracing::warn!(generation = %generation.id, %error, "it is unknown whether the images were sent");
                self.point_to_gallery(job, &sending, view).await
            }
        }
    }

    async fn point_to_gallery(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        view: &ResultView,
    ) -> Result<Flow, AdvanceError> {
        let Some(newest) = view.images.first() else {
            return self.delivered(job, generation, DeliveredAs::GalleryMessage).await;
        };
        let pointed =
            self.ports.notifier.point_to_gallery(generation.account, &generation.audience, newest.item).await;
        self.conclude(job, generation, pointed, DeliveredAs::GalleryMessage).await
    }

    /// The person found the images in the gallery and deleted them all. What says that they are on their way goes, too.
    async fn clear_away(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        view: &ResultView,
    ) -> Result<Flow, AdvanceError> {
        let cleared = self.ports.notifier.send_controls(view).await;
        self.conclude(job, generation, cleared, DeliveredAs::GalleryMessage).await
    }

    async fn send_controls(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        view: &ResultView,
    ) -> Result<Flow, AdvanceError> {
        let sent = self.ports.notifier.send_controls(view).await;
        self.conclude(job, generation, sent, DeliveredAs::Sent).await
    }

    /// After the last message: done when it got through, or when nobody is there to get it.
    async fn conclude(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        outcome: Result<(), NotifyError>,
        by: DeliveredAs,
    ) -> Result<Flow, AdvanceError> {
        match outcome {
            Ok(()) => self.delivered(job, generation, by).await,
            Err(NotifyError::Unreachable) => self.delivered(job, generation, DeliveredAs::Unreachable).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn delivered(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
        by: DeliveredAs,
    ) -> Result<Flow, AdvanceError> {
        let mut done = generation.clone();
        done.delivery = Delivery::Done { by };
        if done.state == State::Stored {
            done.state = State::Delivered;
        }
        tracing::info!(generation = %generation.id, ?by, "the delivery of a generation is done");
        self.write(job, &done, JobAfter::Continues).await?;
        Ok(Flow::Again)
    }

    /// One image may take the place of the progress message, unless the person would not notice.
    async fn fits_in_place(
        &self,
        generation: &Generation,
        view: &ResultView,
        now: Timestamp,
    ) -> Result<bool, AdvanceError> {
        let quick = now.since(generation.created_at) < self.policy.ring_after;
        if view.images.len() != 1 || !quick || generation.audience.progress_message.is_none() {
            return Ok(false);
        }
        let attention = self.ports.notifier.attention(&generation.audience, generation.created_at).await?;
        Ok(attention == Attention::Here)
    }

    async fn result_view(&self, generation: &Generation) -> Result<ResultView, AdvanceError> {
        let kept = self.ports.gallery.of_generation(generation.account, generation.id).await?;
        let paid: Credits = kept.iter().map(|item| item.kept.price).sum();
        let mut images = Vec::new();
        for item in kept.iter().filter(|item| item.deleted_at.is_none()) {
            let Some(bytes) = self.ports.objects.get(&item.kept.image).await? else {
                // The person may have deleted it a moment ago, and its bytes have gone already.
                let again = self.ports.gallery.get(generation.account, item.kept.id).await?;
                if again.is_none_or(|item| item.deleted_at.is_some()) {
                    continue;
                }
                return Err(AdvanceError::BytesMissing { slot: item.kept.slot });
            };
            images.push(ResultImage { item: item.kept.id, info: item.kept.info, bytes });
        }
        Ok(ResultView {
            account: generation.account,
            generation: generation.id,
            audience: generation.audience,
            request: generation.request.clone(),
            model: self.model_title(&generation.plan.model),
            paid,
            images,
        })
    }

    /// Keeps the messenger's file ids, so that the gallery needs no upload. Losing them costs an upload, no more.
    async fn remember(&self, generation: &Generation, shown: &ShownResult) {
        for image in &shown.images {
            let files = gallery::MessengerFiles { photo: image.file.clone(), document: None };
            if let Err(error) =
                self.ports.gallery.remember_files(generation.account, image.item, &files).await
            {
                tracing::warn!(generation = %generation.id, %error, "a file id was not remembered");
            }
        }
    }
}

/// Whether there is no message that could become the image.
fn cannot_be_placed(error: &ProviderError) -> bool {
    error.outcome == CallOutcome::NotDone
        && matches!(error.class, FailureClass::Invalid | FailureClass::NotFound)
}

const fn may_pass(class: FailureClass) -> bool {
    matches!(class, FailureClass::Limited { .. } | FailureClass::Unavailable)
}

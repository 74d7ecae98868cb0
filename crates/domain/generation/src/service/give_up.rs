//! The compensation of a job that was tried too often: credits back, person told, job buried with its reason.

use kernel::{ClaimedJob, FailureReference, GenerationId};

use super::{AdvanceError, GenerationService};
use crate::{DeliveredAs, Delivery, Ending, FailureReason, Generation, State};

impl GenerationService {
    /// Ends the job's generation, whatever its state, and buries the job. `reference` is what the person is told.
    ///
    /// # Errors
    /// When the database fails; the job stays claimable and this is tried again.
    pub async fn give_up(
        &self,
        job: &ClaimedJob,
        reason: &str,
        reference: &FailureReference,
    ) -> Result<(), AdvanceError> {
        let id = GenerationId::new(job.subject);
        let found = self.ports.reader.find(job.claim.account, id).await?;
        let Some((mut generation, _)) = found else {
            return self.bury(job, None, reason).await;
        };
        if generation.state.name().is_under_way() {
            let end = State::Failed(FailureReason::Internal { reference: reference.to_string() });
            generation = self.write_end(job, &generation, end).await?;
        }
        if !matches!(generation.delivery, Delivery::Done { .. }) {
            let by = self.tell_somehow(&generation, reference).await;
            generation.delivery = Delivery::Done { by };
            if generation.state == State::Stored {
                generation.state = State::Delivered;
            }
        }
        self.bury(job, Some(&generation), reason).await
    }

    /// One try at telling the person; that it fails changes nothing about the end.
    async fn tell_somehow(&self, generation: &Generation, reference: &FailureReference) -> DeliveredAs {
        let notifier = &self.ports.notifier;
        let (outcome, by) = if generation.state == State::Stored {
            let Some(slot) = generation.slots.iter().find(|slot| slot.arrived.is_some()) else {
                return DeliveredAs::Unreachable;
            };
            let pointed =
                notifier.point_to_gallery(generation.account, &generation.audience, slot.item).await;
            (pointed, DeliveredAs::GalleryMessage)
        } else {
            let ending = match &generation.state {
                State::Cancelled => Ending::Cancelled,
                State::Expired => Ending::Expired,
                State::Failed(reason) => Ending::Failed(reason.clone()),
                _ => Ending::Failed(FailureReason::Internal { reference: reference.to_string() }),
            };
            let told =
                notifier.tell_ending(generation.account, generation.id, &generation.audience, &ending).await;
            (told.map(|_| ()), DeliveredAs::Told)
        };
        match outcome {
            Ok(()) => by,
            Err(error) => {
                tracing::error!(generation = %generation.id, %error, "a person could not be told of an end");
                DeliveredAs::Unreachable
            }
        }
    }

    async fn bury(
        &self,
        job: &ClaimedJob,
        generation: Option<&Generation>,
        reason: &str,
    ) -> Result<(), AdvanceError> {
        let mut unit = self.ports.units.begin().await?;
        if let Some(generation) = generation {
            unit.generations().update(generation).await?;
        }
        unit.jobs().bury(&job.claim, reason).await?;
        Ok(unit.commit().await?)
    }
}

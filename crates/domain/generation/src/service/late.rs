//! Callbacks: keeping them when they come, and taking in results that come after the end.

use kernel::{ClaimedJob, Credits, JobKind, NewJob, StoreError};

use super::advance::Flow;
use super::writing::{JobAfter, finish_job};
use super::{AdvanceError, GenerationService};
use crate::machine::Round;
use crate::{Generation, Parked, ParkedCallback, SlotEnd, WorkProgress};

impl GenerationService {
    /// Keeps a verified callback and makes its generation look at it. A repeat changes nothing.
    ///
    /// # Errors
    /// When the database fails; the provider is to call again.
    pub async fn park_callback(&self, callback: &ParkedCallback) -> Result<Parked, StoreError> {
        let (account, generation) = (callback.account, callback.generation);
        let job = NewJob::now(account, JobKind::AdvanceGeneration, generation.uuid());
        let mut unit = self.ports.units.begin().await?;
        if unit.generations().load(account, generation).await?.is_none() {
            // Its person was erased in between.
            return Ok(Parked::Repeat);
        }
        let parked = unit.callbacks().park(callback).await?;
        if parked == Parked::New {
            unit.jobs().schedule(&job).await?;
        }
        unit.commit().await?;
        if parked == Parked::New {
            self.wake(&job).await;
        }
        Ok(parked)
    }

    /// After the end: results that came late fill what is empty, free of charge; the state stays. Then the job is done.
    pub(super) async fn take_in_late_results(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
    ) -> Result<Flow, AdvanceError> {
        let parked = self.ports.reader.parked(generation.account, generation.id).await?;
        let Some(callback) = parked.first() else {
            self.write_job(job, JobAfter::Completes).await?;
            return Ok(Flow::Over);
        };
        let (late, round) = self.late_round(generation, callback).await?;
        let mut items = Vec::new();
        for slot in &round.arrived {
            items.push(self.keep_bytes(&late, *slot, late.plan.attempt, Credits::ZERO).await?);
        }
        let mut unit = self.ports.units.begin().await?;
        if !items.is_empty() {
            unit.generations().update(&with_late_slots(generation, &round, late.plan.attempt)).await?;
        }
        for item in &items {
            unit.gallery().keep(item).await?;
        }
        unit.callbacks().settle(callback).await?;
        finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
        unit.commit().await?;
        if !items.is_empty() {
            self.tell_late(generation, items.len()).await;
        }
        Ok(Flow::Again)
    }

    /// The images of a late callback, stored for the slots that are still empty.
    async fn late_round(
        &self,
        generation: &Generation,
        callback: &ParkedCallback,
    ) -> Result<(Generation, Round), AdvanceError> {
        let empty: Vec<u8> = generation
            .numbered_slots()
            .filter(|(_, slot)| slot.arrived.is_none())
            .map(|(number, _)| number)
            .collect();
        let mut late = generation.clone();
        late.plan.attempt = callback.attempt;
        let mut round = Round::default();
        if empty.is_empty() {
            return Ok((late, round));
        }
        let Some(model) = self.registry.all().find(|model| model.provider == callback.provider).cloned()
        else {
            return Ok((late, round));
        };
        let Some(generator) = self.ports.generators.get(&callback.provider) else {
            return Ok((late, round));
        };
        // The attempt's own model, unless another provider has taken over since.
        if self.registry.get(&late.plan.model).is_none_or(|present| present.provider != callback.provider) {
            late.plan.model = model.id.clone();
        }
        match generator.interpret(&late.plan.model, &callback.event) {
            Ok((_, Ok(WorkProgress::Ready(images)))) => {
                self.take_images(&late, generator, &empty, images, &mut round).await?;
            }
            Ok((_, Ok(_))) => {}
            Ok((_, Err(error))) | Err(error) => {
                tracing::info!(generation = %generation.id, %error, "a late callback brought nothing");
            }
        }
        Ok((late, round))
    }

    async fn tell_late(&self, generation: &Generation, images: usize) {
        let images = u8::try_from(images).unwrap_or(u8::MAX);
        tracing::warn!(generation = %generation.id, images, "images came late; they are free");
        if let Err(error) =
            self.ports.notifier.tell_late(generation.account, &generation.audience, images).await
        {
            tracing::info!(generation = %generation.id, %error, "nobody was told of late images");
        }
    }
}

fn with_late_slots(generation: &Generation, round: &Round, attempt: u32) -> Generation {
    let mut next = generation.clone();
    for number in &round.arrived {
        if let Some(slot) = next.slots.get_mut(usize::from(*number)) {
            slot.arrived = Some(attempt);
            slot.end = None::<SlotEnd>;
        }
    }
    next
}

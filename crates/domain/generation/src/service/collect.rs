//! Keeping what arrived: marked, small versions made, paid for and put into the gallery in one unit of work.

use gallery::{NewGalleryItem, Origin};
use kernel::{ClaimedJob, Credits, ImageLimits, ObjectKey, Provenance};

use super::writing::{JobAfter, Payment, finish_job};
use super::{AdvanceError, GenerationService};
use crate::{Generation, Likeness, ModelId, ModelKind, machine};

/// The longer side of a small version, in pixels.
const PREVIEW_SIDE: u32 = 512;

impl GenerationService {
    /// Keeps every slot that arrived. Keys are derived from the slots, so that doing it again is doing it once.
    pub(super) async fn collect(
        &self,
        job: &ClaimedJob,
        generation: &Generation,
    ) -> Result<(), AdvanceError> {
        let mut items = Vec::new();
        for (slot, attempt) in generation.arrived_slots() {
            items.push(self.keep_bytes(generation, slot, attempt, generation.unit_price).await?);
        }
        let images = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let price = generation.unit_price.times(images)?;

        let mut unit = self.ports.units.begin().await?;
        unit.generations().update(&machine::stored(generation)).await?;
        if self.capture(unit.as_mut(), generation, price).await? == Payment::Free {
            tracing::warn!(generation = %generation.id, "images came after their credits were released; they are free");
            for item in &mut items {
                item.price = Credits::ZERO;
            }
        }
        for item in &items {
            unit.gallery().keep(item).await?;
        }
        finish_job(unit.as_mut(), job, JobAfter::Continues).await?;
        unit.commit().await?;
        tracing::info!(
            generation = %generation.id,
            images,
            asked = %generation.request.count,
            model = %generation.plan.model,
            attempts = generation.plan.attempt,
            "images were kept"
        );
        self.drop_attempts(generation).await;
        Ok(())
    }

    /// Marks the bytes of an attempt as made by AI and puts them, with a small version, where they stay.
    pub(super) async fn keep_bytes(
        &self,
        generation: &Generation,
        slot: u8,
        attempt: u32,
        price: Credits,
    ) -> Result<NewGalleryItem, AdvanceError> {
        let raw_key = ObjectKey::attempt(generation.account, generation.id, slot, attempt);
        let raw = self.ports.objects.get(&raw_key).await?.ok_or(AdvanceError::BytesMissing { slot })?;
        let provenance =
            Provenance { model: self.model_title(&generation.plan.model), generation: generation.id };
        let info = self.ports.imaging.inspect(raw.clone(), ImageLimits::RESULT).await?;
        let marked = self.ports.imaging.mark(raw, &provenance).await?;
        let small = self.ports.imaging.preview(marked.clone(), PREVIEW_SIDE, ImageLimits::RESULT).await?;
        let small = self.ports.imaging.mark(small, &provenance).await?;

        let image = ObjectKey::image(generation.account, generation.id, slot);
        let preview = ObjectKey::preview(generation.account, generation.id, slot);
        let bytes = u64::try_from(marked.len()).unwrap_or(u64::MAX);
        self.ports.objects.put(&image, marked, info.format.media_type()).await?;
        self.ports.objects.put(&preview, small, "image/jpeg").await?;
        let item = generation.slots.get(usize::from(slot)).ok_or(AdvanceError::BytesMissing { slot })?.item;
        Ok(NewGalleryItem {
            id: item,
            account: generation.account,
            generation: generation.id,
            slot,
            origin: self.origin_of(generation),
            avatar: generation.request.likeness.avatar(),
            seed: generation.request.seed + u64::from(slot),
            prompt: generation.request.prompt.as_str().to_owned(),
            model: generation.plan.model.to_string(),
            aspect_ratio: generation.request.aspect_ratio,
            price,
            image,
            preview,
            info,
            bytes,
        })
    }

    /// The untouched bytes are not needed any more. What stays behind is cleared by the sweeper.
    pub(super) async fn drop_attempts(&self, generation: &Generation) {
        for (slot, attempt) in generation.arrived_slots() {
            let key = ObjectKey::attempt(generation.account, generation.id, slot, attempt);
            if let Err(error) = self.ports.objects.delete(&key).await {
                tracing::debug!(%key, %error, "an attempt's bytes stay behind");
            }
        }
    }

    fn origin_of(&self, generation: &Generation) -> Origin {
        if generation.request.likeness == Likeness::Nobody {
            return Origin::Description;
        }
        let model = self.registry.get(&generation.plan.model);
        if model.is_some_and(|model| model.does(ModelKind::ReferenceLikeness)) {
            Origin::InstantAvatar
        } else {
            Origin::Avatar
        }
    }

    pub(super) fn model_title(&self, id: &ModelId) -> String {
        self.registry.get(id).map_or_else(|| id.to_string(), |model| model.title.clone())
    }
}

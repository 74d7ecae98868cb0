//! The free preview images of an avatar that has become ready: an ordinary generation that costs nothing.

use avatar::{Avatar, KindName, machine::preview_name};
use kernel::{AspectRatio, AvatarId, ClaimedJob, Credits, ImageCount, JobKind, NewJob, StoreError};

use super::writing::{JobAfter, finish_job};
use super::{AdvanceError, GenerationService, NewRequest};
use crate::{Audience, Generation, Inserted, Likeness, Prompt};

/// What a person is shown as first.
const PORTRAIT: &str =
    "A natural portrait by a large window, soft daylight, relaxed smile, looking at the camera, sharp focus";
/// What a style is shown with first.
const STYLE: &str = "A small house by a lake with mountains behind it, early morning";
/// How many previews there are.
const PREVIEWS: u8 = 2;

impl GenerationService {
    /// Asks for the previews of the job's avatar, once per training.
    ///
    /// # Errors
    /// When the database fails; the job is to be tried again.
    pub async fn draw_previews(&self, job: &ClaimedJob) -> Result<(), AdvanceError> {
        let account = job.claim.account;
        let found = self.ports.avatars.find(account, AvatarId::new(job.subject)).await?;
        let avatar = found.map(|(avatar, _)| avatar).filter(Avatar::can_be_drawn);
        let generation = avatar.as_ref().and_then(|avatar| self.preview_of(avatar));
        let mut unit = self.ports.units.begin().await?;
        let mut drawing = None;
        if let Some(generation) = generation
            && let Inserted::New(new) = unit.generations().insert(&generation, self.policy.lifetime).await?
        {
            let advance = NewJob::now(account, JobKind::AdvanceGeneration, new.id.uuid());
            unit.jobs().schedule(&advance).await?;
            drawing = Some((advance, new));
        }
        finish_job(unit.as_mut(), job, JobAfter::Completes).await?;
        if let Some((_, new)) = &drawing {
            self.count_promised(unit.as_mut(), new).await?;
        }
        unit.commit().await?;
        if let Some((advance, _)) = drawing {
            self.wake(&advance).await;
        }
        Ok(())
    }

    /// Gives previews up: the avatar can be drawn without them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_up_previews(&self, job: &ClaimedJob, reason: &str) -> Result<(), StoreError> {
        let mut unit = self.ports.units.begin().await?;
        unit.jobs().bury(&job.claim, reason).await?;
        unit.commit().await
    }

    fn preview_of(&self, avatar: &Avatar) -> Option<Generation> {
        let weights = avatar.weights.as_ref()?;
        let training = avatar.training.as_ref()?;
        let is_style = avatar.kind.as_ref().is_some_and(|kind| kind.name() == KindName::Style);
        let new = NewRequest {
            account: avatar.account,
            intent: preview_name(avatar.id, training.round, 1),
            prompt: Prompt::new(if is_style { STYLE } else { PORTRAIT }).ok()?,
            aspect_ratio: AspectRatio::default(),
            count: ImageCount::new(PREVIEWS).unwrap_or_default(),
            likeness: Likeness::Avatar { avatar: avatar.id },
            seed: None,
            // They come as messages of their own, below the news that it is ready.
            audience: Audience { chat: avatar.audience.chat, progress_message: None },
            agreed_unit_price: Credits::ZERO,
        };
        let model = self.registry.get(&weights.draws_with)?;
        Some(Generation { unit_price: Credits::ZERO, ..self.new_generation(&new, model) })
    }
}

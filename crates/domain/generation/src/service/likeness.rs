//! Putting somebody into the picture: the words that call for them, and their weights or photos where the provider
//! reads them.

use avatar::{Avatar, AvatarKind, Photo, PhotoStateName};
use kernel::{ImageLimits, Percent, Timestamp};

use super::{AdvanceError, GenerationService};
use crate::{Generation, Likeness, ReferenceForm, ReferencePhoto, SubmittedLikeness};

/// The longer side of a photo that shows a provider who is meant, in pixels.
const REFERENCE_SIDE: u32 = 1280;

/// What a call needs to put somebody into the picture.
pub(super) struct PreparedLikeness {
    /// Words before the description.
    pub introduction: String,
    /// Weights or photos.
    pub submitted: SubmittedLikeness,
}

impl PreparedLikeness {
    const NOBODY: Self = Self { introduction: String::new(), submitted: SubmittedLikeness::Nobody };
}

impl GenerationService {
    /// Lends what the next attempt needs, for as long as it may run and no longer; `None` when the avatar cannot be drawn
    /// any more.
    pub(super) async fn lend_likeness(
        &self,
        generation: &Generation,
        now: Timestamp,
    ) -> Result<Option<PreparedLikeness>, AdvanceError> {
        let Likeness::Avatar { avatar } = generation.request.likeness else {
            return Ok(Some(PreparedLikeness::NOBODY));
        };
        let found = self.ports.avatars.find(generation.account, avatar).await?.map(|(avatar, _)| avatar);
        let Some(avatar) = found.filter(Avatar::can_be_drawn) else {
            return Ok(None);
        };
        let lifetime = generation.deadline.since(now) + self.policy.provider_timeout;
        let submitted = match &avatar.weights {
            Some(weights) => {
                let address =
                    self.ports.lender.lend(&weights.key, "application/octet-stream", lifetime).await?;
                SubmittedLikeness::Weights { address, strength: Percent::FULL }
            }
            None => match self.references(generation, &avatar, lifetime).await? {
                photos if photos.is_empty() => return Ok(None),
                photos => SubmittedLikeness::References(photos),
            },
        };
        Ok(Some(PreparedLikeness { introduction: introduction(&avatar), submitted }))
    }

    async fn references(
        &self,
        generation: &Generation,
        avatar: &Avatar,
        lifetime: std::time::Duration,
    ) -> Result<Vec<ReferencePhoto>, AdvanceError> {
        let Some((_, generator)) = self.generator_of(generation) else {
            return Ok(Vec::new());
        };
        let photos = self.ports.avatars.photos(avatar.account, avatar.id).await?;
        let mut references = Vec::new();
        for photo in photos.iter().filter(|photo| photo.state.name() == PhotoStateName::Accepted) {
            let reference = match generator.reference_form() {
                ReferenceForm::Address => {
                    let address = self.ports.lender.lend(&photo.key(), "image/jpeg", lifetime).await?;
                    Some(ReferencePhoto::Address(address))
                }
                ReferenceForm::Inline => self.inline_reference(photo).await?,
            };
            references.extend(reference);
        }
        Ok(references)
    }

    async fn inline_reference(&self, photo: &Photo) -> Result<Option<ReferencePhoto>, AdvanceError> {
        let Some(bytes) = self.ports.objects.get(&photo.key()).await? else {
            return Ok(None);
        };
        let small = self.ports.imaging.preview(bytes, REFERENCE_SIDE, ImageLimits::UPLOAD).await?;
        Ok(Some(ReferencePhoto::Inline { format: kernel::ImageFormat::Jpeg, bytes: small }))
    }
}

/// The words that call for the avatar.
fn introduction(avatar: &Avatar) -> String {
    let trigger = avatar.weights.as_ref().map(|weights| weights.trigger.as_str()).unwrap_or_default();
    let traits = avatar.kind.as_ref().map_or("", AvatarKind::traits);
    match &avatar.kind {
        Some(AvatarKind::Style) => format!("In the style of {trigger}"),
        Some(AvatarKind::Instant { .. }) => {
            let base = "The person in the reference photos, with exactly their face and build";
            if traits.is_empty() { base.to_owned() } else { format!("{base} ({traits})") }
        }
        _ if traits.is_empty() => trigger.to_owned(),
        _ => format!("{trigger}, {traits}"),
    }
}

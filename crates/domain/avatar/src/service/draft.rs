//! Drafts: what the person is asked before anything is paid.

use std::collections::BTreeSet;

use kernel::{AccountId, Audience, AvatarId, JobKind, MessageId, NewJob, StoreError, Timestamp};

use super::AvatarService;
use crate::{
    Avatar, AvatarKind, AvatarName, AvatarState, Consent, ConsentVersion, KindName, News, NextTraining,
    PresetName, UnitOfWork, WizardStep, machine,
};

/// What became of the wish for a new avatar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftOutcome {
    /// It is begun.
    Begun(Box<Avatar>),
    /// The person has as many avatars as anybody may have.
    TooMany(u16),
}

/// One answer of the person, or a step back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftChange {
    /// What it is called.
    Name(AvatarName),
    /// What it is a model of.
    Kind(KindName),
    /// How thoroughly it is to be trained.
    Preset(PresetName),
    /// What is asked next.
    Step(WizardStep),
    /// Where the person waits.
    Audience(Audience),
    /// The message in which photos are leafed through.
    LeafingMessage(Option<MessageId>),
}

impl AvatarService {
    /// Begins an avatar of somebody who has just agreed. `consent_text_digest` is the SHA-256 of the words shown, in
    /// hexadecimal.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_draft(
        &self,
        account: AccountId,
        consent_text_digest: String,
        audience: Audience,
    ) -> Result<DraftOutcome, StoreError> {
        let present = self.ports.reader.list(account).await?.len();
        if present >= usize::from(self.policy.max_avatars) {
            return Ok(DraftOutcome::TooMany(self.policy.max_avatars));
        }
        let avatar = Avatar {
            id: AvatarId::new(self.ports.ids.uuid()),
            account,
            consent: Consent {
                version: ConsentVersion::CURRENT,
                text_digest: consent_text_digest,
                given_at: Timestamp::EPOCH,
            },
            name: None,
            kind: None,
            step: WizardStep::Name,
            preset: None,
            state: AvatarState::Draft,
            audience,
            leafing_message: None,
            compared: BTreeSet::new(),
            next_training: NextTraining::Paid,
            training: None,
            weights: None,
            news: News::None,
            leaving_photos: 0,
            ready_at: None,
            // The database sets its own times and version.
            created_at: Timestamp::EPOCH,
            updated_at: Timestamp::EPOCH,
            version: 0,
        };
        let mut unit = self.ports.units.begin().await?;
        let begun = unit.avatars().insert(&avatar).await?;
        unit.jobs().schedule(&forget_photos_job(&begun).after(self.policy.draft_retention)).await?;
        unit.commit().await?;
        tracing::info!(avatar = %begun.id, "an avatar was begun");
        Ok(DraftOutcome::Begun(Box::new(begun)))
    }

    /// The person's latest draft.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn draft(&self, account: AccountId) -> Result<Option<Avatar>, StoreError> {
        self.ports.reader.draft(account).await
    }

    /// Takes in an answer; `None` when it is no draft any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_draft(
        &self,
        account: AccountId,
        id: AvatarId,
        change: &DraftChange,
    ) -> Result<Option<Avatar>, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let Some(avatar) = found.filter(|avatar| avatar.state.name().is_draft()) else {
            return Ok(None);
        };
        let changed = unit.avatars().update(&with_change(avatar, change)).await?;
        unit.commit().await?;
        Ok(Some(changed))
    }

    /// Drops a draft with its photos; `false` when it is no draft any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn discard_draft(&self, account: AccountId, id: AvatarId) -> Result<bool, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let Some(avatar) = found.filter(|avatar| avatar.state.name().is_draft()) else {
            return Ok(false);
        };
        drop_draft(unit.as_mut(), &avatar).await?;
        unit.commit().await?;
        self.wake(&erase_job(account, id)).await;
        Ok(true)
    }
}

/// Drops a draft within a unit. One that was to be trained again is as it was before; any other is deleted, and nobody
/// is told of the end of what never began.
pub(super) async fn drop_draft(unit: &mut dyn UnitOfWork, avatar: &Avatar) -> Result<Avatar, StoreError> {
    if avatar.weights.is_some() {
        let (state, next_training) = (AvatarState::Ready, NextTraining::Paid);
        return unit.avatars().update(&Avatar { state, next_training, ..avatar.clone() }).await;
    }
    let dropped = Avatar { news: News::None, ..machine::deleted(avatar) };
    let dropped = unit.avatars().update(&dropped).await?;
    unit.jobs().schedule(&erase_job(avatar.account, avatar.id)).await?;
    Ok(dropped)
}

fn erase_job(account: AccountId, id: AvatarId) -> NewJob {
    NewJob::now(account, JobKind::EraseAvatar, id.uuid())
}

/// The job that removes an avatar's photos when their time is over.
pub(super) fn forget_photos_job(avatar: &Avatar) -> NewJob {
    NewJob::now(avatar.account, JobKind::ForgetPhotos, avatar.id.uuid())
}

fn with_change(mut avatar: Avatar, change: &DraftChange) -> Avatar {
    match change {
        DraftChange::Name(name) => {
            avatar.name = Some(name.clone());
            avatar.step = if avatar.kind.is_none() { WizardStep::Kind } else { WizardStep::Photos };
        }
        DraftChange::Kind(kind) => {
            let is_same = avatar.kind.as_ref().is_some_and(|present| present.name() == *kind);
            if !is_same {
                avatar.kind = Some(AvatarKind::new(*kind));
                avatar.compared.clear();
            }
            avatar.state = AvatarState::Collecting;
            avatar.step = WizardStep::Photos;
        }
        DraftChange::Preset(preset) => {
            avatar.preset = Some(*preset);
            avatar.step = WizardStep::Confirm;
        }
        DraftChange::Step(step) => avatar.step = *step,
        DraftChange::Audience(audience) => avatar.audience = *audience,
        DraftChange::LeafingMessage(message) => avatar.leafing_message = *message,
    }
    avatar
}

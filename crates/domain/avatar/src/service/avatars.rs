//! The person's avatars: listing, naming, choosing the main one, taking a training back, deleting.

use kernel::{AccountId, AvatarId, Credits, JobKind, NewJob, StoreError};

use super::draft::forget_photos_job;
use super::{AvatarError, AvatarService};
use crate::{Avatar, AvatarName, AvatarState, machine};

/// What became of the wish to take a training back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelTraining {
    /// It is taken back.
    Cancelled {
        /// What was given back.
        returned: Credits,
    },
    /// It is finished, or never was.
    TooLate,
}

impl AvatarService {
    /// The person's avatars, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self, account: AccountId) -> Result<Vec<Avatar>, StoreError> {
        self.ports.reader.list(account).await
    }

    /// The person's main avatar.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn main(&self, account: AccountId) -> Result<Option<Avatar>, StoreError> {
        self.ports.reader.main(account).await
    }

    /// An avatar that is not deleted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, account: AccountId, id: AvatarId) -> Result<Option<Avatar>, StoreError> {
        let found = self.ports.reader.find(account, id).await?;
        Ok(found.map(|(avatar, _)| avatar).filter(|avatar| avatar.state != AvatarState::Deleted))
    }

    /// Makes it the person's main avatar; `false` when it cannot be drawn.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn make_main(&self, account: AccountId, id: AvatarId) -> Result<bool, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        if !found.is_some_and(|avatar| avatar.can_be_drawn()) {
            return Ok(false);
        }
        unit.avatars().make_main(account, id).await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Gives it another name; `None` when it is not there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename(
        &self,
        account: AccountId,
        id: AvatarId,
        name: AvatarName,
    ) -> Result<Option<Avatar>, StoreError> {
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let Some(avatar) = found.filter(|avatar| avatar.state != AvatarState::Deleted) else {
            return Ok(None);
        };
        let renamed = unit.avatars().update(&Avatar { name: Some(name), ..avatar }).await?;
        unit.commit().await?;
        Ok(Some(renamed))
    }

    /// Takes a training under way back: the credits are free again, and the trainer is asked to stop.
    ///
    /// # Errors
    /// When the database fails; nothing was changed then.
    pub async fn cancel_training(
        &self,
        account: AccountId,
        id: AvatarId,
    ) -> Result<CancelTraining, AvatarError> {
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let Some(avatar) = found.filter(|avatar| machine::can_be_cancelled(avatar.state.name())) else {
            return Ok(CancelTraining::TooLate);
        };
        let returned = machine::open_hold(&avatar).map_or(Credits::ZERO, |(_, price)| price);
        unit.avatars().update(&machine::cancelled(&avatar)).await?;
        self.release(unit.as_mut(), &avatar).await?;
        let job = NewJob::now(account, JobKind::AdvanceTraining, id.uuid());
        unit.jobs().schedule(&job).await?;
        unit.jobs().schedule(&forget_photos_job(&avatar).after(self.policy.draft_retention)).await?;
        self.give_back_cost(unit.as_mut(), &avatar).await?;
        unit.commit().await?;
        self.wake(&job).await;
        tracing::info!(avatar = %id, "a training was taken back");
        Ok(CancelTraining::Cancelled { returned })
    }

    /// Deletes it, whatever it does: what belongs to it goes by a job. `false` when it is not there.
    ///
    /// # Errors
    /// When the database fails; nothing was changed then.
    pub async fn delete(&self, account: AccountId, id: AvatarId) -> Result<bool, AvatarError> {
        let others = self.ports.reader.list(account).await?;
        let was_main = self.ports.reader.main(account).await?.is_some_and(|main| main.id == id);
        let mut unit = self.ports.units.begin().await?;
        let found = unit.avatars().load(account, id).await?;
        let Some(avatar) = found.filter(|avatar| avatar.state != AvatarState::Deleted) else {
            return Ok(false);
        };
        unit.avatars().update(&machine::deleted(&avatar)).await?;
        self.release(unit.as_mut(), &avatar).await?;
        if was_main {
            unit.avatars().clear_main(account, id).await?;
            if let Some(heir) = others.iter().find(|other| other.id != id && other.can_be_drawn()) {
                unit.avatars().make_main(account, heir.id).await?;
            }
        }
        let job = NewJob::now(account, JobKind::EraseAvatar, id.uuid());
        unit.jobs().schedule(&job).await?;
        self.give_back_cost(unit.as_mut(), &avatar).await?;
        unit.commit().await?;
        self.wake(&job).await;
        tracing::info!(avatar = %id, "an avatar was deleted");
        Ok(true)
    }
}

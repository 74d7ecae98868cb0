//! Speaking with a trainer: packing and lending photos, submitting, looking, listening.

use kernel::{
    ArchiveContent, ArchiveEntry, CallOutcome, CallbackHope, CallbackRoute, CallbackSubject, CallbackSupport,
    FailureClass, Fault, ObjectKey, ProviderError, ProviderHandle,
};

use super::{AvatarError, AvatarService};
use crate::{
    Avatar, AvatarState, Photo, PhotoStateName, TrainerEntry, Training, TrainingOrder, TrainingStanding,
};

impl AvatarService {
    /// Packs the photos for the attempt to come; the address at which the trainer reads them. Doing it again is doing it
    /// once.
    pub(super) async fn hand_over_photos(
        &self,
        avatar: &Avatar,
        training: &Training,
    ) -> Result<String, AvatarError> {
        let photos = self.ports.reader.photos(avatar.account, avatar.id).await?;
        let usable = photos.iter().filter(|photo| photo.state.name() == PhotoStateName::Accepted);
        let entries: Vec<_> = usable.enumerate().map(|(place, photo)| entry_of(place + 1, photo)).collect();
        let pack = ObjectKey::training_archive(avatar.account, avatar.id, training.attempt);
        let packed = self.ports.archiver.pack(&pack, &entries).await?;
        tracing::info!(avatar = %avatar.id, photos = packed.files, bytes = packed.bytes, "photos were packed");
        let lifetime = self.policy.lifetime;
        Ok(self.ports.lender.lend(&pack, "application/zip", lifetime).await?)
    }

    /// Orders the training of an avatar that was stored as submitting.
    pub(super) async fn submit(
        &self,
        avatar: &Avatar,
        archive: String,
    ) -> Result<Result<ProviderHandle, Fault>, AvatarError> {
        let Some(((entry, trainer), training)) = self.trainer_of(avatar).zip(avatar.training.as_ref()) else {
            return Ok(Err(not_configured()));
        };
        let Some(preset) = entry.presets.get(&training.preset).copied() else {
            return Ok(Err(not_configured()));
        };
        let order = TrainingOrder {
            preset,
            archive,
            keep_for: self.policy.lifetime + self.policy.copy_timeout,
            callback: self.callback_address(avatar, training),
            trainer: entry.clone(),
        };
        match trainer.submit(&order).await {
            Ok(handle) => Ok(Ok(handle)),
            Err(error) => Ok(Err(self.note(avatar, &entry, &error).await?)),
        }
    }

    /// How the training stands: by a callback if one has come, else by asking.
    pub(super) async fn look_at_trainer(
        &self,
        avatar: &Avatar,
        handle: &ProviderHandle,
    ) -> Result<Result<TrainingStanding, Fault>, AvatarError> {
        let Some((entry, trainer)) = self.trainer_of(avatar) else {
            // An operator removed the provider while it worked; wait for its return until the deadline.
            return Ok(Err(Fault::no_answer()));
        };
        let standing = match self.heard_of(avatar, handle).await? {
            Some(standing) => standing,
            None => trainer.poll(handle).await,
        };
        match standing {
            Ok(standing) => Ok(Ok(standing)),
            Err(error) => Ok(Err(self.note(avatar, &entry, &error).await?)),
        }
    }

    /// The handle that a callback brought, when the answer to the submission was lost.
    pub(super) async fn handle_by_callback(
        &self,
        avatar: &Avatar,
    ) -> Result<Option<ProviderHandle>, AvatarError> {
        let Some(((entry, trainer), training)) = self.trainer_of(avatar).zip(avatar.training.as_ref()) else {
            return Ok(None);
        };
        let parked = self.ports.reader.parked(avatar.account, avatar.id).await?;
        let of_attempt = parked.iter().filter(|callback| callback.attempt == training.attempt);
        for callback in of_attempt {
            match trainer.interpret(&entry, &callback.event) {
                Ok((handle, _)) => return Ok(Some(handle)),
                Err(error) => tracing::warn!(avatar = %avatar.id, %error, "a callback could not be read"),
            }
        }
        Ok(None)
    }

    /// Until when a callback may bring what a lost answer did not.
    pub(super) fn callback_hope(&self, avatar: &Avatar) -> CallbackHope {
        let (AvatarState::Submitting { since }, Some(training)) = (&avatar.state, &avatar.training) else {
            return CallbackHope::None;
        };
        let calls_back = self
            .trainer_of(avatar)
            .is_some_and(|(_, trainer)| trainer.callback_support() == CallbackSupport::WhenAsked)
            && self.callback_address(avatar, training).is_some();
        if calls_back { CallbackHope::Until(*since + self.policy.callback_grace) } else { CallbackHope::None }
    }

    /// Asks the trainer to stop what is no longer wanted.
    pub(super) async fn cancel_at_trainer(
        &self,
        avatar: &Avatar,
        handle: &ProviderHandle,
    ) -> Result<(), ProviderError> {
        let Some((_, trainer)) = self.trainer_of(avatar) else {
            return Ok(());
        };
        match trainer.cancel(handle).await {
            Ok(()) => Ok(()),
            // It may be gone or done by now; only what may pass is worth another try.
            Err(error) if matches!(error.class, FailureClass::Unavailable | FailureClass::Limited { .. }) => {
                Err(error)
            }
            Err(error) => {
                tracing::info!(avatar = %avatar.id, %error, "a training could not be cancelled at the trainer");
                Ok(())
            }
        }
    }

    /// What a callback that has come says of the training.
    async fn heard_of(
        &self,
        avatar: &Avatar,
        handle: &ProviderHandle,
    ) -> Result<Option<Result<TrainingStanding, ProviderError>>, AvatarError> {
        let Some((entry, trainer)) = self.trainer_of(avatar) else {
            return Ok(None);
        };
        let parked = self.ports.reader.parked(avatar.account, avatar.id).await?;
        Ok(parked.iter().find_map(|callback| match trainer.interpret(&entry, &callback.event) {
            // A callback that brings no result only says that it is time to ask.
            Ok((_, Ok(TrainingStanding::UnderWay(_)))) => None,
            Ok((about, standing)) => (about == *handle).then_some(standing),
            Err(error) => {
                tracing::warn!(avatar = %avatar.id, %error, "a callback could not be read; asking instead");
                None
            }
        }))
    }

    async fn note(
        &self,
        avatar: &Avatar,
        entry: &TrainerEntry,
        error: &ProviderError,
    ) -> Result<Fault, AvatarError> {
        tracing::warn!(
            avatar = %avatar.id,
            trainer = %entry.id,
            class = ?error.class,
            outcome = ?error.outcome,
            %error,
            "a trainer failed"
        );
        // A question that failed says nothing about the account: a locked one may answer again.
        if error.outcome == CallOutcome::NotDone {
            self.heed(entry, error).await?;
        }
        Ok(Fault::from(error))
    }

    fn callback_address(&self, avatar: &Avatar, training: &Training) -> Option<String> {
        self.ports.callback_urls.address(&CallbackRoute {
            account: avatar.account,
            subject: CallbackSubject::Training(avatar.id),
            attempt: training.attempt,
        })
    }
}

/// Photos are numbered, so that nothing of a person is told by the name of a file.
fn entry_of(number: usize, photo: &Photo) -> ArchiveEntry {
    ArchiveEntry { path: format!("{number:02}.jpg"), content: ArchiveContent::Object(photo.key()) }
}

fn not_configured() -> Fault {
    Fault {
        class: FailureClass::Misconfigured,
        outcome: CallOutcome::NotDone,
        code: "provider-not-configured".to_owned(),
    }
}

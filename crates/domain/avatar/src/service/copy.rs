//! Copying what was trained into our own object store, in a stream, and verifying it on its way.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::StreamExt;
use kernel::{CallOutcome, FailureClass, Fault, ObjectKey};

use super::{AvatarError, AvatarService};
use crate::safetensors::WeightsCheck;
use crate::{Avatar, TrainedFiles};

/// The largest description of weights, in bytes.
const LARGEST_CONFIG: usize = 1024 * 1024;

/// What was copied and verified.
pub(super) struct Copied {
    pub weights: ObjectKey,
    pub bytes: u64,
    pub config: Option<ObjectKey>,
}

impl AvatarService {
    /// Copies the files of the latest attempt. A fault says that it may be tried again; nothing is left of it then.
    pub(super) async fn copy(
        &self,
        avatar: &Avatar,
        files: &TrainedFiles,
    ) -> Result<Result<Copied, Fault>, AvatarError> {
        let Some(((_, trainer), training)) = self.trainer_of(avatar).zip(avatar.training.as_ref()) else {
            return Ok(Err(Fault::unavailable("provider-not-configured")));
        };
        let key = ObjectKey::weights(avatar.account, avatar.id, training.attempt);
        let opened = match trainer.open(&files.weights).await {
            Ok(opened) => opened,
            Err(error) => {
                tracing::warn!(avatar = %avatar.id, %error, "weights could not be opened");
                return Ok(Err(Fault::from(&error)));
            }
        };
        let told = opened.size.or(files.weights_size);
        let check = Arc::new(Mutex::new(WeightsCheck::default()));
        let watching = Arc::clone(&check);
        let watched = opened.bytes.inspect(move |piece| {
            if let Ok(piece) = piece {
                watching.lock().unwrap_or_else(PoisonError::into_inner).see(piece);
            }
        });
        let stored = self.ports.objects.put_stream(&key, watched.boxed(), "application/octet-stream").await;
        let bytes = match stored {
            Ok(bytes) => bytes,
            Err(error) if error.class() == FailureClass::Unavailable => {
                // The stream broke, or the store did; either may pass.
                tracing::warn!(avatar = %avatar.id, %error, "weights could not be copied");
                return Ok(Err(Fault::unavailable("copy-broke")));
            }
            Err(error) => return Err(error.into()),
        };
        let check = std::mem::take(&mut *check.lock().unwrap_or_else(PoisonError::into_inner));
        let verdict = check.finish();
        let is_whole = verdict.is_ok() && told.is_none_or(|told| told == bytes);
        if !is_whole {
            tracing::warn!(avatar = %avatar.id, bytes, told, ?verdict, "what was trained is no whole weights file");
            self.ports.objects.delete(&key).await?;
            return Ok(Err(Fault {
                class: FailureClass::Unavailable,
                outcome: CallOutcome::NotDone,
                code: "weights-not-whole".to_owned(),
            }));
        }
        let config = self.copy_config(avatar, training.attempt, files).await?;
        tracing::info!(avatar = %avatar.id, bytes, "weights were copied and verified");
        Ok(Ok(Copied { weights: key, bytes, config }))
    }

    /// The description of the weights; they can be used without it.
    async fn copy_config(
        &self,
        avatar: &Avatar,
        attempt: u32,
        files: &TrainedFiles,
    ) -> Result<Option<ObjectKey>, AvatarError> {
        let Some(((_, trainer), address)) = self.trainer_of(avatar).zip(files.config.as_ref()) else {
            return Ok(None);
        };
        let bytes: Bytes = match trainer.fetch(address, LARGEST_CONFIG).await {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::warn!(avatar = %avatar.id, %error, "the description of weights could not be copied");
                return Ok(None);
            }
        };
        let key = ObjectKey::weights_config(avatar.account, avatar.id, attempt);
        self.ports.objects.put(&key, bytes, "application/json").await?;
        Ok(Some(key))
    }
}

//! The port of the avatars over Telegram.

use std::sync::Arc;
use std::time::Duration;

use account::{Account, AccountService};
use async_trait::async_trait;
use avatar::{
    Avatar, AvatarNotifier, Collection, RemovalCause, RemovalReceipt, TrainingEnding, TrainingStage,
    WizardStep,
};
use kernel::{AccountId, Audience, Clock, MessageId, NotifyError, ProviderError};

use super::progress::edit_or_send;
use crate::screens;
use crate::telegram::{TelegramApi, TelegramError, TextMessage};
use crate::words::Texts;

/// From this long on a training's end is told by a new message, because an edit rings no bell.
const LONG: Duration = Duration::from_mins(1);

/// Tells people about their avatars in Telegram.
pub struct TelegramAvatarNotifier {
    telegram: Arc<dyn TelegramApi>,
    accounts: Arc<AccountService>,
    clock: Arc<dyn Clock>,
}

impl TelegramAvatarNotifier {
    /// A notifier that speaks people's languages, as `accounts` knows them.
    pub const fn new(
        telegram: Arc<dyn TelegramApi>,
        accounts: Arc<AccountService>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { telegram, accounts, clock }
    }

    /// The person. Somebody who was erased cannot be reached.
    async fn person(&self, account: AccountId) -> Result<Account, NotifyError> {
        match self.accounts.get(account).await {
            Ok(Some(account)) => Ok(account),
            Ok(None) => Err(NotifyError::Unreachable),
            Err(error) => Err(ProviderError::new(error.class(), "store", error.to_string()).into()),
        }
    }

    /// Sends a new message, and then removes the progress message, which says nothing new any more.
    async fn send_instead(
        &self,
        audience: &Audience,
        message: &TextMessage,
    ) -> Result<MessageId, NotifyError> {
        let sent = self.telegram.send_message(audience.chat, message).await?.id;
        if let Some(progress) = audience.progress_message
            && let Err(error) = self.telegram.delete_message(audience.chat, progress).await
        {
            // The news is out; failing now would send it again.
            tracing::debug!(%error, "a progress message was not removed");
        }
        Ok(sent)
    }

    /// Whether the latest training took so long that its end rings a bell.
    fn took_long(&self, avatar: &Avatar) -> bool {
        let ordered_at = avatar.training.as_ref().map(|training| training.ordered_at);
        ordered_at.is_some_and(|ordered_at| self.clock.now().since(ordered_at) > LONG)
    }
}

#[async_trait]
impl AvatarNotifier for TelegramAvatarNotifier {
    async fn show_collection(
        &self,
        avatar: &Avatar,
        collection: &Collection,
    ) -> Result<Option<MessageId>, NotifyError> {
        if avatar.step != WizardStep::Photos {
            // The person has gone on: the message asks them something else by now.
            return Ok(avatar.audience.progress_message);
        }
        let person = self.person(avatar.account).await?;
        let message = screens::collection(Texts::of(person.language), avatar, collection);
        edit_or_send(self.telegram.as_ref(), &avatar.audience, &message).await.map(Some)
    }

    async fn show_stage(&self, avatar: &Avatar, stage: TrainingStage) -> Result<(), NotifyError> {
        let Some(progress) = avatar.audience.progress_message else {
            return Ok(());
        };
        let person = self.person(avatar.account).await?;
        let message = screens::training(Texts::of(person.language), avatar, stage);
        match self.telegram.edit_message(avatar.audience.chat, progress, &message).await {
            // Who has removed the message does not want to know.
            Ok(()) | Err(TelegramError::MessageGone) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn tell_ending(
        &self,
        avatar: &Avatar,
        ending: &TrainingEnding,
    ) -> Result<Option<MessageId>, NotifyError> {
        let person = self.person(avatar.account).await?;
        let message = screens::ending(&person, avatar, ending);
        let told = if self.took_long(avatar) {
            self.send_instead(&avatar.audience, &message).await
        } else {
            edit_or_send(self.telegram.as_ref(), &avatar.audience, &message).await
        };
        told.map(Some)
    }

    async fn send_receipt(
        &self,
        avatar: &Avatar,
        why: RemovalCause,
        receipt: RemovalReceipt,
    ) -> Result<(), NotifyError> {
        let person = self.person(avatar.account).await?;
        let message = screens::receipt(Texts::of(person.language), avatar, why, receipt);
        self.telegram.send_message(avatar.audience.chat, &message).await?;
        Ok(())
    }
}

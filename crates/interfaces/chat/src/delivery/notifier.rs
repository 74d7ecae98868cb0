//! The port, and what its parts share.

use std::sync::Arc;

use account::AccountService;
use async_trait::async_trait;
use avatar::{Avatar, AvatarReader};
use generation::{
    Attention, Audience, Ending, GenerationReader, ImageRequest, Likeness, ModelRegistry, Notifier,
    NotifyError, ProgressStage, ResultView, ShownResult,
};
use kernel::{
    AccountId, Clock, FailureClass, GalleryItemId, GenerationId, IdSource, Imaging, ImagingError, Inbox,
    MessageId, ProviderError, StoreError, Timestamp,
};

use super::{endings, images, progress};
use crate::keyboards::AgainOffer;
use crate::prices::{list_price, list_price_of};
use crate::telegram::{TelegramApi, TelegramError, TextMessage};
use crate::words::Texts;

/// What bringing news to people needs.
#[derive(Clone)]
pub struct NotifierPorts {
    /// Telegram, at its pace.
    pub telegram: Arc<dyn TelegramApi>,
    /// The language of people.
    pub accounts: Arc<AccountService>,
    /// Whether they did anything else since.
    pub inbox: Arc<dyn Inbox>,
    /// What they asked for.
    pub generations: Arc<dyn GenerationReader>,
    /// Their avatars.
    pub avatars: Arc<dyn AvatarReader>,
    /// Pictures, to make large ones fit.
    pub imaging: Arc<dyn Imaging>,
    /// The time of this process.
    pub clock: Arc<dyn Clock>,
    /// Nonces.
    pub ids: Arc<dyn IdSource>,
}

/// Tells people about their generations in Telegram.
pub struct TelegramNotifier {
    pub(super) ports: NotifierPorts,
    registry: ModelRegistry,
}

impl TelegramNotifier {
    /// A notifier over these ports. The registry is for the price on the button *again*.
    pub const fn new(ports: NotifierPorts, registry: ModelRegistry) -> Self {
        Self { ports, registry }
    }

    /// The texts in the person's language. Somebody who was erased cannot be reached.
    pub(super) async fn texts(&self, account: AccountId) -> Result<Texts, NotifyError> {
        match self.ports.accounts.get(account).await {
            Ok(Some(account)) => Ok(Texts::of(account.language)),
            Ok(None) => Err(NotifyError::Unreachable),
            Err(error) => Err(store_failure(&error)),
        }
    }

    /// What the button *again* needs; `None` when such an image cannot be drawn now.
    pub(super) async fn again(
        &self,
        account: AccountId,
        likeness: Likeness,
    ) -> Result<Option<AgainOffer>, NotifyError> {
        let now = self.ports.clock.now();
        let unit_price = match likeness {
            Likeness::Nobody => list_price(&self.registry, now),
            Likeness::Avatar { avatar } => {
                let found = self.ports.avatars.find(account, avatar).await;
                let found = found.map_err(|error| store_failure(&error))?.map(|(avatar, _)| avatar);
                found
                    .filter(Avatar::can_be_drawn)
                    .and_then(|avatar| list_price_of(&self.registry, &avatar, now))
            }
        };
        let nonce = self.ports.ids.random();
        Ok(unit_price.map(|unit_price| AgainOffer { unit_price, nonce, likeness }))
    }

    /// What a generation was asked for; `None` when it is gone.
    pub(super) async fn asked(
        &self,
        account: AccountId,
        generation: GenerationId,
    ) -> Result<Option<ImageRequest>, NotifyError> {
        match self.ports.generations.find(account, generation).await {
            Ok(found) => Ok(found.map(|(generation, _)| generation.request)),
            Err(error) => Err(store_failure(&error)),
        }
    }

    /// Edits the progress message; sends a new one when there is none or it is gone.
    pub(super) async fn edit_or_send(
        &self,
        audience: &Audience,
        message: &TextMessage,
    ) -> Result<MessageId, NotifyError> {
        progress::edit_or_send(self.ports.telegram.as_ref(), audience, message).await
    }

    /// Removes the progress message. One that is gone or too old to be removed stays as it is.
    pub(super) async fn remove_progress(&self, audience: &Audience) -> Result<(), NotifyError> {
        let Some(progress) = audience.progress_message else {
            return Ok(());
        };
        match self.ports.telegram.delete_message(audience.chat, progress).await {
            Ok(()) | Err(TelegramError::MessageGone) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn store_failure(error: &StoreError) -> NotifyError {
    ProviderError::new(error.class(), "store", error.to_string()).into()
}

pub(super) fn imaging_failure(error: ImagingError) -> NotifyError {
    // The image was decoded when it was kept: that it cannot be now is our mistake.
    ProviderError::new(FailureClass::Bug, "imaging", error.to_string()).caused_by(error).into()
}

#[async_trait]
impl Notifier for TelegramNotifier {
    async fn show_progress(
        &self,
        account: AccountId,
        audience: &Audience,
        stage: ProgressStage,
    ) -> Result<(), NotifyError> {
        progress::show(self, account, audience, stage).await
    }

    async fn attention(&self, audience: &Audience, since: Timestamp) -> Result<Attention, NotifyError> {
        let last =
            self.ports.inbox.last_received(audience.chat).await.map_err(|error| store_failure(&error))?;
        Ok(if last.is_some_and(|last| last > since) { Attention::Elsewhere } else { Attention::Here })
    }

    async fn show_in_place(&self, result: &ResultView) -> Result<ShownResult, NotifyError> {
        images::show_in_place(self, result).await
    }

    async fn send_images(&self, result: &ResultView) -> Result<ShownResult, NotifyError> {
        images::send(self, result).await
    }

    async fn send_controls(&self, result: &ResultView) -> Result<(), NotifyError> {
        images::send_controls(self, result).await
    }

    async fn point_to_gallery(
        &self,
        account: AccountId,
        audience: &Audience,
        newest: GalleryItemId,
    ) -> Result<(), NotifyError> {
        endings::point_to_gallery(self, account, audience, newest).await
    }

    async fn tell_ending(
        &self,
        account: AccountId,
        generation: GenerationId,
        audience: &Audience,
        ending: &Ending,
    ) -> Result<Option<MessageId>, NotifyError> {
        endings::tell(self, account, generation, audience, ending).await
    }

    async fn tell_late(
        &self,
        account: AccountId,
        audience: &Audience,
        images: u8,
    ) -> Result<(), NotifyError> {
        endings::tell_late(self, account, audience, images).await
    }
}

//! One turn of a conversation: with whom, where, in which language.

use account::{Account, Visitor};
use balance::BalanceSheet;
use generation::{Likeness, Quote, RequestError};
use kernel::{ChatId, ImageCount, MessageId, StoreError};

use super::Chat;
use crate::error::HandlerError;
use crate::inbound::{Conversation, PressedBody, PressedMessage, Sender};
use crate::memory::Memory;
use crate::telegram::{FileId, Keyboard, PhotoMessage, TelegramError, TextMessage};
use crate::words::{Html, Texts};

/// Where something is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'press> {
    /// In a new message.
    New,
    /// Instead of what the message with the pressed button shows, if that can be; else in a new one.
    Instead(&'press PressedMessage),
}

/// Why something has no price: it cannot be drawn now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoQuote {
    /// Every model is paused or retired.
    NoModel,
    /// The avatar is not there, or cannot be drawn.
    NoAvatar,
}

impl NoQuote {
    /// What the person is told.
    pub(crate) fn words(self, texts: Texts) -> String {
        match self {
            Self::NoModel => texts.no_model(),
            Self::NoAvatar => texts.no_avatar(),
        }
    }
}

/// One turn of a conversation.
pub(crate) struct Talk<'chat> {
    /// The bot.
    pub(crate) chat: &'chat Chat,
    /// The person.
    pub(crate) account: Account,
    /// The conversation with them.
    pub(crate) room: ChatId,
    /// The texts in their language.
    pub(crate) texts: Texts,
}

impl Chat {
    /// A turn of the conversation with `sender`, who is made known on their first visit.
    pub(super) async fn talk(&self, sender: &Sender, room: ChatId) -> Result<Talk<'_>, StoreError> {
        let visitor = Visitor { telegram_user: sender.user, language_tag: sender.language_tag.clone() };
        let account = self.ports.accounts.welcome(&visitor).await?;
        let texts = Texts::of(account.language);
        Ok(Talk { chat: self, account, room, texts })
    }
}

impl Talk<'_> {
    /// The same turn after the account has changed.
    pub(crate) fn with_account(&self, account: Account) -> Talk<'_> {
        let texts = Texts::of(account.language);
        Talk { chat: self.chat, account, room: self.room, texts }
    }

    /// A message of words of ours, to be edited.
    pub(crate) const fn text_message(&self, id: MessageId) -> PressedMessage {
        let body = PressedBody::Text { quotation: None };
        PressedMessage { conversation: Conversation::Private(self.room), id, body }
    }

    /// Sends words.
    pub(crate) async fn say(&self, text: Html) -> Result<MessageId, TelegramError> {
        self.send(&TextMessage::plain(text)).await
    }

    /// Sends a message.
    pub(crate) async fn send(&self, message: &TextMessage) -> Result<MessageId, TelegramError> {
        Ok(self.chat.ports.telegram.send_message(self.room, message).await?.id)
    }

    /// Shows words at `place`; the number of the message that shows them.
    pub(crate) async fn show(
        &self,
        place: Place<'_>,
        message: &TextMessage,
    ) -> Result<MessageId, TelegramError> {
        if let Place::Instead(PressedMessage { id, body: PressedBody::Text { .. }, .. }) = place {
            match self.chat.ports.telegram.edit_message(self.room, *id, message).await {
                Ok(()) => return Ok(*id),
                Err(TelegramError::MessageGone) => {}
                Err(error) => return Err(error),
            }
        }
        self.send(message).await
    }

    /// Shows a photo at `place`; Telegram's id of it, if it was told.
    pub(crate) async fn show_photo(
        &self,
        place: Place<'_>,
        photo: &PhotoMessage,
    ) -> Result<Option<FileId>, TelegramError> {
        if let Place::Instead(PressedMessage { id, body, .. }) = place
            && *body != PressedBody::Hidden
        {
            match self.chat.ports.telegram.edit_into_photo(self.room, *id, photo).await {
                Err(TelegramError::MessageGone) => {}
                done => return done,
            }
        }
        Ok(self.chat.ports.telegram.send_photo(self.room, photo).await?.photo)
    }

    /// Replaces the buttons of a message. A message that is gone needs none.
    pub(crate) async fn replace_keyboard(
        &self,
        message: MessageId,
        keyboard: &Keyboard,
    ) -> Result<(), TelegramError> {
        match self.chat.ports.telegram.edit_keyboard(self.room, message, keyboard).await {
            Ok(()) | Err(TelegramError::MessageGone) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes a message of ours. One that is gone or too old stays as it is.
    pub(crate) async fn remove(&self, message: MessageId) -> Result<(), TelegramError> {
        match self.chat.ports.telegram.delete_message(self.room, message).await {
            Ok(()) | Err(TelegramError::MessageGone) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What is remembered of the conversation.
    pub(crate) async fn recall(&self) -> Memory {
        Memory::recall(self.chat.ports.dialogues.as_ref(), self.room).await
    }

    /// Remembers it.
    pub(crate) async fn remember(&self, memory: &Memory) {
        memory.keep(self.chat.ports.dialogues.as_ref(), self.room).await;
    }

    /// The balance as the database has it: requests are paid for by other processes, too, which the cache of this one
    /// does not hear of.
    pub(crate) async fn balance(&self) -> Result<BalanceSheet, StoreError> {
        self.chat.ports.balance.current(self.account.id).await
    }

    /// What `count` images cost now, or why they cannot be drawn.
    pub(crate) async fn quote(
        &self,
        likeness: Likeness,
        count: ImageCount,
    ) -> Result<Result<Quote, NoQuote>, HandlerError> {
        match self.chat.ports.generation.quote(self.account.id, likeness, count).await {
            Ok(quote) => Ok(Ok(quote)),
            Err(RequestError::NoModel) => Ok(Err(NoQuote::NoModel)),
            Err(RequestError::NoAvatar) => Ok(Err(NoQuote::NoAvatar)),
            Err(error) => Err(HandlerError::Request(error)),
        }
    }
}

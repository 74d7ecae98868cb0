//! Telling the operators, in Telegram.

use std::sync::Arc;

use account::{AccountService, TelegramUserId, ZoneName};
use async_trait::async_trait;
use kernel::{ChatId, FailureClass, Language, OperatorChannel, OperatorNotice, ProviderError};

use crate::telegram::{TelegramApi, TelegramError, TextMessage};
use crate::words::{Html, Texts, moment, shortened};

/// The longest account of a cause, in UTF-16 units.
const LONGEST_DETAIL: usize = 1_000;

/// Tells every configured operator, in the language of their account; in English when they have none.
pub struct TelegramOperators {
    telegram: Arc<dyn TelegramApi>,
    accounts: Arc<AccountService>,
    chats: Vec<ChatId>,
}

impl TelegramOperators {
    /// A channel to these conversations. Each operator must have written to the bot once.
    pub const fn new(
        telegram: Arc<dyn TelegramApi>,
        accounts: Arc<AccountService>,
        chats: Vec<ChatId>,
    ) -> Self {
        Self { telegram, accounts, chats }
    }

    async fn texts(&self, chat: ChatId) -> Texts {
        match self.accounts.find(TelegramUserId::new(chat.get())).await {
            Ok(account) => Texts::of(account.map_or_else(Language::default, |account| account.language)),
            Err(error) => {
                tracing::warn!(%error, "an operator's language is not known");
                Texts::of(Language::default())
            }
        }
    }
}

#[async_trait]
impl OperatorChannel for TelegramOperators {
    async fn tell(&self, notice: &OperatorNotice) -> Result<(), ProviderError> {
        let mut outcome = Ok(());
        for chat in &self.chats {
            let message = TextMessage::plain(words(self.texts(*chat).await, notice));
            if let Err(error) = self.telegram.send_message(*chat, &message).await {
                tracing::warn!(%chat, %error, "an operator could not be told");
                outcome = Err(failure(error));
            }
        }
        outcome
    }
}

fn failure(error: TelegramError) -> ProviderError {
    match error {
        TelegramError::Failed(error) => error,
        TelegramError::Unreachable => ProviderError::new(
            FailureClass::Misconfigured,
            "operator-unreachable",
            "an operator cannot be reached",
        ),
        other => ProviderError::new(other.class(), other.code(), other.to_string()),
    }
}

fn words(texts: Texts, notice: &OperatorNotice) -> Html {
    match notice {
        OperatorNotice::Paused { subject, cause } => texts.operator_paused(
            &subject.to_string(),
            &cause.code,
            &shortened(&cause.detail, LONGEST_DETAIL),
        ),
        OperatorNotice::Resumed { subject } => texts.operator_resumed(&subject.to_string()),
        OperatorNotice::NewFailure { fingerprint, reference } => {
            texts.operator_new_failure(fingerprint, &reference.to_string())
        }
        OperatorNotice::ShutdownAhead { model, at } => {
            texts.operator_shutdown(model, &moment(texts, *at, &ZoneName::utc()))
        }
        OperatorNotice::SpendCapReached { cap, until } => {
            texts.operator_spend_cap(&cap.to_string(), &moment(texts, *until, &ZoneName::utc()))
        }
    }
}

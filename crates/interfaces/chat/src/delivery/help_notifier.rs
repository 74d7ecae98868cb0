//! Answers to requests for help: the progress message becomes the answer.

use std::sync::Arc;

use async_trait::async_trait;
use generation::{HelpFailure, HelpNotifier, HelpRequest, NotifyError};

use super::progress::edit_or_send;
use crate::screens::help;
use crate::telegram::TelegramApi;
use crate::words::Texts;

/// Shows people the answers to their requests for help in Telegram.
pub struct TelegramHelpNotifier {
    telegram: Arc<dyn TelegramApi>,
}

impl TelegramHelpNotifier {
    /// A notifier that speaks through `telegram`.
    pub const fn new(telegram: Arc<dyn TelegramApi>) -> Self {
        Self { telegram }
    }
}

#[async_trait]
impl HelpNotifier for TelegramHelpNotifier {
    async fn show_answer(&self, request: &HelpRequest, answer: &str) -> Result<(), NotifyError> {
        let message = help::answer(Texts::of(request.language), request, answer);
        edit_or_send(self.telegram.as_ref(), &request.audience, &message).await.map(drop)
    }

    async fn tell_failure(&self, request: &HelpRequest, failure: &HelpFailure) -> Result<(), NotifyError> {
        let message = help::failure(Texts::of(request.language), request, failure);
        edit_or_send(self.telegram.as_ref(), &request.audience, &message).await.map(drop)
    }
}

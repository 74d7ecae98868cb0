//! How far the work is.

use generation::{Audience, NotifyError, ProgressStage};
use kernel::{AccountId, MessageId};

use super::TelegramNotifier;
use crate::telegram::{TelegramApi, TelegramError, TextMessage};

/// Shows how far the work is. From here on nothing can be taken back, so that there is no button. Who has removed the
/// message does not want to know.
pub(super) async fn show(
    notifier: &TelegramNotifier,
    account: AccountId,
    audience: &Audience,
    stage: ProgressStage,
) -> Result<(), NotifyError> {
    let Some(progress) = audience.progress_message else {
        return Ok(());
    };
    let texts = notifier.texts(account).await?;
    let text = match stage {
        ProgressStage::Waiting { position: None } => texts.progress_waiting(),
        ProgressStage::Waiting { position: Some(before) } => texts.progress_waiting_position(before),
        ProgressStage::Drawing => texts.progress_drawing(),
        ProgressStage::TryingAgain => texts.progress_trying_again(),
        ProgressStage::Keeping => texts.progress_keeping(),
    };
    let message = TextMessage::plain(text);
    match notifier.ports.telegram.edit_message(audience.chat, progress, &message).await {
        Ok(()) | Err(TelegramError::MessageGone) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Edits the progress message; sends a new one when there is none or it is gone.
pub(super) async fn edit_or_send(
    telegram: &dyn TelegramApi,
    audience: &Audience,
    message: &TextMessage,
) -> Result<MessageId, NotifyError> {
    if let Some(progress) = audience.progress_message {
        match telegram.edit_message(audience.chat, progress, message).await {
            Ok(()) => return Ok(progress),
            Err(TelegramError::MessageGone) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(telegram.send_message(audience.chat, message).await?.id)
}

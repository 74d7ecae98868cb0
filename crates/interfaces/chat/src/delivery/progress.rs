//! How far the work is.

use generation::{Audience, NotifyError, ProgressStage};
use kernel::AccountId;

use super::TelegramNotifier;
use crate::telegram::TextMessage;

/// Shows how far the work is. From here on nothing can be taken back, so that there is no button.
pub(super) async fn show(
    notifier: &TelegramNotifier,
    account: AccountId,
    audience: &Audience,
    stage: ProgressStage,
) -> Result<(), NotifyError> {
    let texts = notifier.texts(account).await?;
    let text = match stage {
        ProgressStage::Waiting { position: None } => texts.progress_waiting(),
        ProgressStage::Waiting { position: Some(before) } => texts.progress_waiting_position(before),
        ProgressStage::Drawing => texts.progress_drawing(),
        ProgressStage::TryingAgain => texts.progress_trying_again(),
        ProgressStage::Keeping => texts.progress_keeping(),
    };
    notifier.edit_or_send(audience, &TextMessage::plain(text)).await.map(|_| ())
}

//! Groups and channels: one line with a link, and out again.

use kernel::ChatId;

use crate::error::HandlerError;
use crate::handlers::Chat;
use crate::inbound::Sender;
use crate::telegram::{TelegramError, TextMessage};

/// Says where to find the bot, and leaves.
pub(crate) async fn decline(chat: &Chat, room: ChatId, sender: &Sender) -> Result<(), HandlerError> {
    let texts = Chat::texts_for(sender.language_tag.as_deref());
    let link = format!("https://t.me/{}", chat.identity().await?.username);
    let said = chat.ports.telegram.send_message(room, &TextMessage::plain(texts.only_private(&link))).await;
    if let Err(error) = said {
        // In many channels a bot may not write. It leaves all the same.
        tracing::debug!(%error, "a group was not told where to find the bot");
    }
    match chat.ports.telegram.leave(room).await {
        Ok(()) | Err(TelegramError::Unreachable | TelegramError::MessageGone) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

//! Everything that is kept, as a file.

use account::{ExportScope, NewExport};
use kernel::{Audience, Intent};

use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::{PressAnswer, TextMessage};

/// Asks for everything as a file. Pressed twice, it is one file: the nonce is the key of the wish.
pub(crate) async fn export(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
) -> Result<PressAnswer, HandlerError> {
    let waiting = TextMessage::plain(talk.texts.packing_everything());
    // The message is edited before the file is asked for: afterwards a worker may be editing it already.
    let progress = talk.show(Place::Instead(message), &waiting).await?;
    let export = NewExport {
        account: talk.account.id,
        intent: Intent::button(nonce),
        scope: ExportScope::Everything,
        language: talk.texts.language,
        audience: Audience { chat: talk.room, progress_message: Some(progress) },
    };
    talk.chat.ports.privacy.request_export(&export).await?;
    Ok(PressAnswer::Silent)
}

//! Telling a person that something of ours went wrong.

use kernel::FailureReference;

use super::Chat;
use crate::inbound::{Conversation, Event, Sender, read_event};
use crate::telegram::{PressAnswer, TextMessage};
use crate::words::Texts;

impl Chat {
    /// One try at telling whoever the update is from that it could not be handled.
    pub(crate) async fn tell_failure(&self, body: &str, reference: &FailureReference) {
        // Who cannot be made out cannot be told.
        let Ok(event) = read_event(body) else {
            return;
        };
        let (sender, press) = match event {
            Event::Message(message) if matches!(message.conversation, Conversation::Private(_)) => {
                (message.sender, None)
            }
            Event::Press(press) => (press.sender, Some(press.id)),
            Event::Message(_) | Event::Added { .. } | Event::Nothing => return,
        };
        let texts = self.texts_as_known(&sender).await;
        let message = TextMessage::plain(texts.failure(&reference.to_string()));
        if let Err(error) = self.ports.telegram.send_message(sender.user.private_chat(), &message).await {
            tracing::warn!(%reference, %error, "a person was not told of a failure");
        }
        if let Some(press) = press
            && let Err(error) = self.ports.telegram.answer_press(&press, &PressAnswer::Silent).await
        {
            tracing::debug!(%reference, %error, "a press could not be answered");
        }
    }

    /// The texts in a person's language, as far as it is known.
    pub(super) async fn texts_as_known(&self, sender: &Sender) -> Texts {
        match self.ports.accounts.find(sender.user).await {
            Ok(Some(account)) => Texts::of(account.language),
            Ok(None) | Err(_) => Self::texts_for(sender.language_tag.as_deref()),
        }
    }
}

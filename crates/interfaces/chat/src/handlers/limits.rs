//! How often a person may do things.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::{Action, ChatId, Timestamp, Verdict};

use super::Chat;

/// A person who goes too fast is told so this often at most, because every word of ours is a message, too.
const REMINDER_PERIOD: Duration = Duration::from_secs(10);
/// Conversations remembered before the old ones are forgotten.
const REMEMBERED_CHATS: usize = 10_000;

impl Chat {
    /// Counts the action; the seconds to wait when it is one too many. Without the limiter everything may pass.
    pub(crate) async fn seconds_to_wait(&self, chat: ChatId, action: Action) -> Option<u64> {
        let limit = match action {
            Action::Generate => self.settings.limits.generate,
            Action::Press => self.settings.limits.press,
            Action::Write => self.settings.limits.write,
        }?;
        match self.ports.limiter.check(chat, action, limit).await {
            Ok(Verdict::Allowed) => None,
            Ok(Verdict::Wait(wait)) => Some(wait.as_secs().saturating_add(1)),
            Err(error) => {
                tracing::warn!(%error, "limits are not checked");
                None
            }
        }
    }

    /// Whether it is time to tell a conversation again that it goes too fast.
    pub(super) fn may_remind(&self, chat: ChatId) -> bool {
        self.reminders.note(chat, self.ports.clock.now())
    }
}

/// When conversations were told, in this process.
#[derive(Debug, Default)]
pub(super) struct Reminders {
    told: Mutex<BTreeMap<ChatId, Timestamp>>,
}

impl Reminders {
    fn note(&self, chat: ChatId, now: Timestamp) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(&chat).is_some_and(|at| now.since(*at) < REMINDER_PERIOD) {
            return false;
        }
        if told.len() >= REMEMBERED_CHATS {
            told.retain(|_, at| now.since(*at) < REMINDER_PERIOD);
        }
        told.insert(chat, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_reminded_now_and_then() {
        let reminders = Reminders::default();
        let at = Timestamp::from_seconds;
        assert!(reminders.note(ChatId::new(1), at(100)));
        assert!(!reminders.note(ChatId::new(1), at(109)));
        assert!(reminders.note(ChatId::new(2), at(109)));
        assert!(reminders.note(ChatId::new(1), at(110)));
    }
}

//! Tells the dispatcher of this process that there is something in the inbox.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::ChatId;
use tokio::sync::Notify;

/// Whoever puts updates into the inbox rings it, and the dispatcher wakes up. Losing a ring costs a second: the inbox is
/// looked through then all the same.
#[derive(Debug, Clone, Default)]
pub struct InboxBell {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    chats: Mutex<BTreeSet<ChatId>>,
    rung: Notify,
}

impl InboxBell {
    /// A bell that nobody has rung.
    pub fn new() -> Self {
        Self::default()
    }

    /// There is something new in these conversations.
    pub fn ring(&self, chats: impl IntoIterator<Item = ChatId>) {
        self.shared.chats.lock().unwrap_or_else(PoisonError::into_inner).extend(chats);
        self.shared.rung.notify_one();
    }

    /// Waits for a ring; the conversations it was for. Dropping the future loses none.
    pub(super) async fn rung(&self) -> BTreeSet<ChatId> {
        loop {
            let chats =
                std::mem::take(&mut *self.shared.chats.lock().unwrap_or_else(PoisonError::into_inner));
            if !chats.is_empty() {
                return chats;
            }
            self.shared.rung.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_ring_before_somebody_listens_is_heard() {
        let bell = InboxBell::new();
        bell.ring([ChatId::new(2), ChatId::new(1)]);
        bell.clone().ring([ChatId::new(1)]);
        assert_eq!(bell.rung().await.into_iter().map(ChatId::get).collect::<Vec<_>>(), [1, 2]);
        let silence = tokio::time::timeout(Duration::from_secs(5), bell.rung()).await;
        assert!(silence.is_err());
    }
}

//! Conversations that are remembered while the shared memory is away.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{ChatId, DialogueStore, StoreError};

use super::Presence;

/// How long it is remembered that a conversation was cleared: longer than any is kept.
const CLEARED_FOR: Duration = Duration::from_hours(24);
/// What is remembered of a conversation that was cleared while the server was away.
const CLEARED: &str = "-";
/// What stands before the text of one that was kept meanwhile.
const KEPT: char = '+';

/// The shared store, and one of this process for what happens while it is away. What this process remembers is newer than
/// what the server does, and is told to it when it is back.
pub(crate) struct StandbyDialogues {
    pub(crate) shared: Arc<dyn DialogueStore>,
    pub(crate) own: Arc<dyn DialogueStore>,
    pub(crate) presence: Arc<Presence>,
}

impl StandbyDialogues {
    /// Remembered by this process alone since the server went away.
    async fn own(&self, chat: ChatId) -> Result<Option<Own>, StoreError> {
        Ok(self.own.get(chat).await?.map(|text| match text.strip_prefix(KEPT) {
            Some(state) => Own::Kept(state.to_owned()),
            None => Own::Cleared,
        }))
    }
}

enum Own {
    Kept(String),
    Cleared,
}

#[async_trait]
impl DialogueStore for StandbyDialogues {
    async fn get(&self, chat: ChatId) -> Result<Option<String>, StoreError> {
        match self.own(chat).await? {
            Some(Own::Kept(state)) => Ok(Some(state)),
            Some(Own::Cleared) => {
                if self.presence.noted(self.shared.clear(chat).await).is_some() {
                    self.own.clear(chat).await?;
                }
                Ok(None)
            }
            None => Ok(self.presence.noted(self.shared.get(chat).await).flatten()),
        }
    }

    async fn put(&self, chat: ChatId, state: &str, lifetime: Duration) -> Result<(), StoreError> {
        match self.presence.noted(self.shared.put(chat, state, lifetime).await) {
            Some(()) => self.own.clear(chat).await,
            None => self.own.put(chat, &format!("{KEPT}{state}"), lifetime).await,
        }
    }

    async fn clear(&self, chat: ChatId) -> Result<(), StoreError> {
        match self.presence.noted(self.shared.clear(chat).await) {
            Some(()) => self.own.clear(chat).await,
            None => self.own.put(chat, CLEARED, CLEARED_FOR).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use embedded_adapter::{LocalDialogueStore, SystemClock};
    use kernel::BoxError;

    use super::*;

    const CHAT: ChatId = ChatId::new(1);
    const LONG: Duration = Duration::from_hours(1);

    /// A server that comes and goes.
    struct Server {
        kept: LocalDialogueStore,
        away: AtomicBool,
    }

    impl Server {
        fn answer(&self) -> Result<&LocalDialogueStore, StoreError> {
            if self.away.load(Ordering::Relaxed) {
                return Err(StoreError::Unavailable(BoxError::from("away")));
            }
            Ok(&self.kept)
        }
    }

    #[async_trait]
    impl DialogueStore for Server {
        async fn get(&self, chat: ChatId) -> Result<Option<String>, StoreError> {
            self.answer()?.get(chat).await
        }

        async fn put(&self, chat: ChatId, state: &str, lifetime: Duration) -> Result<(), StoreError> {
            self.answer()?.put(chat, state, lifetime).await
        }

        async fn clear(&self, chat: ChatId) -> Result<(), StoreError> {
            self.answer()?.clear(chat).await
        }
    }

    fn store() -> (Arc<Server>, StandbyDialogues) {
        let local = || LocalDialogueStore::new(Arc::new(SystemClock));
        let server = Arc::new(Server { kept: local(), away: AtomicBool::new(false) });
        let store = StandbyDialogues {
            shared: Arc::clone(&server) as _,
            own: Arc::new(local()),
            presence: Arc::new(Presence::of("redis")),
        };
        (server, store)
    }

    #[tokio::test]
    async fn what_is_kept_during_an_absence_is_newer_than_what_the_server_remembers() {
        let (server, store) = store();
        store.put(CHAT, "before", LONG).await.unwrap();
        server.away.store(true, Ordering::Relaxed);
        assert_eq!(store.get(CHAT).await.unwrap(), None, "nobody knows");
        store.put(CHAT, "meanwhile", LONG).await.unwrap();
        assert_eq!(store.get(CHAT).await.unwrap().as_deref(), Some("meanwhile"));
        server.away.store(false, Ordering::Relaxed);
        assert_eq!(store.get(CHAT).await.unwrap().as_deref(), Some("meanwhile"));
        store.put(CHAT, "after", LONG).await.unwrap();
        assert_eq!(store.get(CHAT).await.unwrap().as_deref(), Some("after"));
        assert_eq!(server.kept.get(CHAT).await.unwrap().as_deref(), Some("after"));
    }

    #[tokio::test]
    async fn what_is_cleared_during_an_absence_does_not_come_back() {
        let (server, store) = store();
        store.put(CHAT, "before", LONG).await.unwrap();
        server.away.store(true, Ordering::Relaxed);
        store.clear(CHAT).await.unwrap();
        server.away.store(false, Ordering::Relaxed);
        assert_eq!(store.get(CHAT).await.unwrap(), None);
        assert_eq!(server.kept.get(CHAT).await.unwrap(), None, "the server was told");
    }
}

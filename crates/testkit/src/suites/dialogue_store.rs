//! What every [`DialogueStore`] must do.

use std::sync::Arc;
use std::time::Duration;

use kernel::{ChatId, DialogueStore};

use super::Elapse;

/// A store under test, and the time that passes for it.
pub struct Subject {
    /// The store, empty.
    pub store: Arc<dyn DialogueStore>,
    /// Its time.
    pub time: Arc<dyn Elapse>,
}

const CHAT: ChatId = ChatId::new(21);
const OTHER_CHAT: ChatId = ChatId::new(-1_000_000_000_022);
const LONG: Duration = Duration::from_hours(1);
const SHORT: Duration = Duration::from_secs(1);

/// Runs every test, each on a store of its own.
pub async fn all(factory: impl AsyncFn() -> Subject) {
    get_must_give_what_put_kept_last_until_its_lifetime_ends_or_clear_removes_it(&factory().await).await;
    conversations_must_not_see_each_others_text(&factory().await).await;
}

/// `get` MUST give what `put` kept last, until its lifetime ends or `clear` removes it.
pub async fn get_must_give_what_put_kept_last_until_its_lifetime_ends_or_clear_removes_it(subject: &Subject) {
    assert_eq!(get(subject, CHAT).await, None, "nothing was kept yet");

    put(subject, CHAT, "first", SHORT).await;
    put(subject, CHAT, "second, longer: \u{1f98a} 'quoted'\n", LONG).await;
    subject.time.elapse(SHORT).await;
    assert_eq!(
        get(subject, CHAT).await.as_deref(),
        Some("second, longer: \u{1f98a} 'quoted'\n"),
        "the lifetime of what was replaced does not count"
    );

    subject.store.clear(CHAT).await.expect("clear");
    assert_eq!(get(subject, CHAT).await, None, "cleared");
    subject.store.clear(CHAT).await.expect("clearing nothing");

    put(subject, CHAT, "third", SHORT).await;
    assert_eq!(get(subject, CHAT).await.as_deref(), Some("third"));
    subject.time.elapse(SHORT).await;
    assert_eq!(get(subject, CHAT).await, None, "its lifetime has ended");
}

/// Conversations MUST NOT see each other's text.
pub async fn conversations_must_not_see_each_others_text(subject: &Subject) {
    put(subject, CHAT, "mine", LONG).await;
    assert_eq!(get(subject, OTHER_CHAT).await, None);
    put(subject, OTHER_CHAT, "theirs", LONG).await;
    assert_eq!(get(subject, CHAT).await.as_deref(), Some("mine"));
    assert_eq!(get(subject, OTHER_CHAT).await.as_deref(), Some("theirs"));
    subject.store.clear(CHAT).await.expect("clear");
    assert_eq!(get(subject, OTHER_CHAT).await.as_deref(), Some("theirs"));
}

async fn get(subject: &Subject, chat: ChatId) -> Option<String> {
    subject.store.get(chat).await.expect("get")
}

async fn put(subject: &Subject, chat: ChatId, state: &str, lifetime: Duration) {
    subject.store.put(chat, state, lifetime).await.expect("put");
}

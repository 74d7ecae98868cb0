//! What is remembered of a conversation between two messages. Nothing of value: whatever is lost is asked for again.

mod awaited;
mod helped;
mod photos;
mod picks;

use std::time::Duration;

use kernel::{ChatId, DialogueStore, GalleryItemId, MessageId};
use serde::{Deserialize, Serialize};

pub(crate) use awaited::Awaited;
pub(crate) use helped::Helped;
pub(crate) use photos::{PhotoGroup, Photos, RememberedPhoto};
pub(crate) use picks::Picks;

use picks::Deletions;

/// How long it is remembered.
const LIFETIME: Duration = Duration::from_hours(24);
/// How many offers are remembered.
const MOST_OFFERS: usize = 8;

/// What is remembered of one conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// What the person wrote before they accepted the terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) intended: Option<String>,
    /// The latest offers, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    offers: Vec<RememberedOffer>,
    /// The latest progress message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    progress: Option<RememberedProgress>,
    /// The album that was answered last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) album: Option<String>,
    /// What the next message is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) awaited: Option<Awaited>,
    /// What the person wanted to be drawn in, before they had an avatar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) portrait: Option<String>,
    /// Photos for an avatar that does not collect photos yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) avatar_photos: Vec<RememberedPhoto>,
    /// Images that are being chosen in the gallery.
    #[serde(default, skip_serializing_if = "Picks::is_blank")]
    pub(crate) picks: Picks,
    /// Images that were deleted at once.
    #[serde(default, skip_serializing_if = "Deletions::is_empty")]
    deletions: Deletions,
    /// Who is to be in the pictures whose descriptions are being put into better words.
    #[serde(default, skip_serializing_if = "Helped::is_empty")]
    pub(crate) helped: Helped,
    /// Photos that wait for a word what they are for.
    #[serde(default, skip_serializing_if = "Photos::is_empty")]
    pub(crate) photos: Photos,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RememberedOffer {
    nonce: u64,
    prompt: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct RememberedProgress {
    nonce: u64,
    message: i64,
}

impl Memory {
    /// What is remembered of the conversation; nothing when the store is away.
    pub(crate) async fn recall(store: &dyn DialogueStore, chat: ChatId) -> Self {
        Self::recall_if_known(store, chat).await.unwrap_or_default()
    }

    /// What is remembered of the conversation; `None` when it is new or its memory is lost.
    pub(crate) async fn recall_if_known(store: &dyn DialogueStore, chat: ChatId) -> Option<Self> {
        match store.get(chat).await {
            // Another version's memory is no memory.
            Ok(kept) => kept.and_then(|kept| serde_json::from_str(&kept).ok()),
            Err(error) => {
                tracing::warn!(%error, "where a conversation stood is not known");
                None
            }
        }
    }

    /// Keeps it, if the store is there.
    pub(crate) async fn keep(&self, store: &dyn DialogueStore, chat: ChatId) {
        let kept = match serde_json::to_string(self) {
            Ok(memory) => store.put(chat, &memory, LIFETIME).await,
            Err(error) => {
                tracing::error!(%error, "a memory cannot be written down");
                return;
            }
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "where a conversation stands was not kept");
        }
    }

    /// Forgets it.
    pub(crate) async fn forget(store: &dyn DialogueStore, chat: ChatId) {
        if let Err(error) = store.clear(chat).await {
            tracing::warn!(%error, "where a conversation stood was not forgotten");
        }
    }

    /// What is left when the conversation begins afresh: what was deleted can be brought back all the same.
    pub(crate) fn afresh(self) -> Self {
        Self { deletions: self.deletions, ..Self::default() }
    }

    /// Remembers what was deleted at once.
    pub(crate) fn remember_deletion(&mut self, nonce: u64, items: &[GalleryItemId]) {
        self.deletions.remember(nonce, items);
    }

    /// What was deleted at once.
    pub(crate) fn deletion(&self, nonce: u64) -> Option<&[GalleryItemId]> {
        self.deletions.find(nonce)
    }

    /// Whether there is something to forget.
    pub(crate) const fn is_empty(&self) -> bool {
        self.intended.is_none() && self.awaited.is_none() && self.offers.is_empty()
    }

    /// Remembers the description of an offer.
    pub(crate) fn remember_offer(&mut self, nonce: u64, prompt: &str) {
        if self.offers.len() >= MOST_OFFERS {
            self.offers.remove(0);
        }
        self.offers.push(RememberedOffer { nonce, prompt: prompt.to_owned() });
    }

    /// Remembers at which message somebody waits for what the button with this nonce began.
    pub(crate) const fn remember_progress(&mut self, nonce: u64, message: MessageId) {
        self.progress = Some(RememberedProgress { nonce, message: message.get() });
    }

    /// The message at which somebody waits for what the button with this nonce began.
    pub(crate) fn progress(&self, nonce: u64) -> Option<MessageId> {
        let progress = self.progress.filter(|progress| progress.nonce == nonce)?;
        Some(MessageId::new(progress.message))
    }

    /// The description of an offer.
    pub(crate) fn offer(&self, nonce: u64) -> Option<&str> {
        self.offers.iter().find(|offer| offer.nonce == nonce).map(|offer| offer.prompt.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_offers_are_remembered() {
        let mut memory = Memory::default();
        for nonce in 0..20 {
            memory.remember_offer(nonce, &format!("offer {nonce}"));
        }
        assert_eq!(memory.offer(11), None);
        assert_eq!(memory.offer(12), Some("offer 12"));
        assert_eq!(memory.offer(19), Some("offer 19"));
        let kept = serde_json::to_string(&memory).unwrap();
        assert_eq!(serde_json::from_str::<Memory>(&kept).unwrap(), memory);
    }
}

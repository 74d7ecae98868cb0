//! The keys with which FAL signs callbacks: published as a JSON Web Key Set, kept for a day, and asked for again when a
//! signature fits none. A question that turns out to have been in vain is the only one within its minute.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{PUBLIC_KEY_LENGTH, VerifyingKey};
use kernel::{Clock, Timestamp};
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::http::{LONGEST_ANSWER, exchange};

/// How long keys are used without asking again.
const LIFETIME: Duration = Duration::from_hours(24);
/// The shortest time between a question in vain and the next one.
const SHORTEST_INTERVAL: Duration = Duration::from_mins(1);
/// More keys than FAL will ever have at a time; further ones are left out.
const MOST_KEYS: usize = 16;

/// Keys as they were published at one moment.
pub(super) type Keys = Arc<[VerifyingKey]>;

/// The published keys.
pub(super) struct KeySet {
    client: Client,
    address: String,
    timeout: Duration,
    clock: Arc<dyn Clock>,
    known: RwLock<Option<Known>>,
    /// When the last question was asked, unless it was worth it. Held while one is under way.
    asked: Mutex<Option<Timestamp>>,
}

/// Keys to try.
pub(super) struct Offer {
    pub(super) keys: Keys,
    /// Where they come from.
    pub(super) source: Source,
}

/// Where keys come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// They were known.
    Memory,
    /// FAL was asked for them.
    Question,
}

#[derive(Clone)]
struct Known {
    keys: Keys,
    since: Timestamp,
}

/// Why there are no keys.
#[derive(Debug, Error)]
pub(super) enum KeysError {
    /// The question failed.
    #[error("FAL's keys could not be fetched")]
    Fetch(#[from] kernel::ProviderError),
    /// Something else than keys came.
    #[error("FAL answered {0} in place of a set of keys")]
    NoKeys(u16),
    /// It was asked a moment ago, and will be asked again in a minute.
    #[error("FAL's keys were asked for less than a minute ago")]
    AskedLately,
}

impl KeySet {
    pub(super) fn new(client: Client, address: String, timeout: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { client, address, timeout, clock, known: RwLock::new(None), asked: Mutex::new(None) }
    }

    /// The keys as far as they are known, asked for if they are not or no longer.
    pub(super) async fn current(&self) -> Result<Offer, KeysError> {
        if let Some(keys) = self.fresh() {
            return Ok(Offer { keys, source: Source::Memory });
        }
        let mut asked = self.asked.lock().await;
        match self.fresh() {
            Some(keys) => Ok(Offer { keys, source: Source::Memory }),
            None => self.ask(&mut asked).await,
        }
    }

    /// Other keys than those in `outdated`, asked for if none are known.
    pub(super) async fn newer_than(&self, outdated: &Keys) -> Result<Offer, KeysError> {
        let mut asked = self.asked.lock().await;
        match self.fresh() {
            Some(keys) if !Arc::ptr_eq(&keys, outdated) => Ok(Offer { keys, source: Source::Memory }),
            _ => self.ask(&mut asked).await,
        }
    }

    /// Notes that one of the keys fitted. A question that an authentic callback caused counts against nobody.
    pub(super) async fn proved(&self, offer: &Offer) {
        if offer.source == Source::Question {
            *self.asked.lock().await = None;
        }
    }

    fn fresh(&self) -> Option<Keys> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        (self.clock.now().since(known.since) < LIFETIME).then(|| Arc::clone(&known.keys))
    }

    async fn ask(&self, asked: &mut Option<Timestamp>) -> Result<Offer, KeysError> {
        let now = self.clock.now();
        if asked.is_some_and(|asked| now.since(asked) < SHORTEST_INTERVAL) {
            return Err(KeysError::AskedLately);
        }
        *asked = Some(now);
        let answer = exchange(self.client.get(&self.address).timeout(self.timeout), LONGEST_ANSWER).await?;
        let keys = answer.json().filter(|_| answer.status.is_success()).map(|set| usable_keys(&set));
        let keys = keys.filter(|keys| !keys.is_empty()).ok_or(KeysError::NoKeys(answer.status.as_u16()))?;
        let keys: Keys = keys.into();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) =
            Some(Known { keys: Arc::clone(&keys), since: now });
        Ok(Offer { keys, source: Source::Question })
    }
}

/// The Ed25519 keys of a set. Others may stand beside them.
fn usable_keys(set: &Value) -> Vec<VerifyingKey> {
    let listed = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    listed.iter().filter_map(usable_key).take(MOST_KEYS).collect()
}

#[derive(Deserialize)]
struct WebKey {
    kty: String,
    crv: String,
    x: String,
}

fn usable_key(listed: &Value) -> Option<VerifyingKey> {
    let key = WebKey::deserialize(listed).ok().filter(|key| key.kty == "OKP" && key.crv == "Ed25519")?;
    let bytes = URL_SAFE_NO_PAD.decode(key.x).ok()?;
    let bytes: [u8; PUBLIC_KEY_LENGTH] = bytes.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

//! How the servers behave, to be changed while they run.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where pictures come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureSource {
    /// Each is drawn from its prompt.
    Painted,
    /// A few are drawn once and given out again and again, to spend no processor time under load.
    Stock,
}

/// What becomes of calls to Imagen 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImagenService {
    /// Its models are switched off.
    Retired,
    /// A gateway that still serves them is spoken to.
    Served,
}

/// The state of the FAL account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FalAccount {
    /// In good order.
    Open,
    /// Locked, as its balance is exhausted.
    Locked,
}

/// How the servers behave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProviderSettings {
    /// Milliseconds that a picture takes.
    pub generation_ms: u64,
    /// Milliseconds that a request waits in FAL's queue at least.
    pub queue_ms: u64,
    /// Milliseconds that OpenAI's models think about an answer.
    pub thinking_ms: u64,
    /// No picture has a longer edge, pixels.
    pub longest_edge: u16,
    /// Where pictures come from.
    pub pictures: PictureSource,
    /// What becomes of calls to Imagen 4.
    pub imagen: ImagenService,
    /// The state of the FAL account.
    pub fal_account: FalAccount,
    /// Requests that FAL works on at the same time; the others wait.
    pub fal_concurrency: u16,
    /// Milliseconds that a training takes; the real thing takes from one to several minutes (60,000 and more).
    pub training_ms: u64,
    /// Bytes of the weights that a training gives; the real ones have about 90 to 200 million.
    pub weights_bytes: u64,
    /// Milliseconds for which FAL keeps the result of a request; one of 10 KB and more only for a tenth of it.
    pub fal_result_ms: u64,
    /// Milliseconds before FAL calls a webhook again that did not answer 2xx; doubled each time.
    pub webhook_retry_ms: u64,
    /// Shutdown dates that OpenAI's list of models announces, by model id, as `YYYY-MM-DD`.
    pub openai_shutdown_dates: BTreeMap<String, String>,
}

impl Default for ProviderSettings {
    fn default() -> Self {
        Self {
            generation_ms: 1_500,
            queue_ms: 200,
            thinking_ms: 600,
            longest_edge: 4_096,
            pictures: PictureSource::Painted,
            imagen: ImagenService::Retired,
            fal_account: FalAccount::Open,
            fal_concurrency: 40,
            training_ms: 12_000,
            weights_bytes: 2 * 1024 * 1024,
            fal_result_ms: 3_600_000,
            webhook_retry_ms: 1_000,
            openai_shutdown_dates: BTreeMap::new(),
        }
    }
}

impl ProviderSettings {
    /// No waiting, and pictures of at most 256 pixels: for tests.
    pub fn instant() -> Self {
        Self {
            generation_ms: 0,
            queue_ms: 0,
            thinking_ms: 0,
            training_ms: 0,
            longest_edge: 256,
            webhook_retry_ms: 50,
            ..Self::default()
        }
    }

    pub(super) fn generation_time(&self) -> Duration {
        Duration::from_millis(self.generation_ms)
    }

    pub(super) fn thinking_time(&self) -> Duration {
        Duration::from_millis(self.thinking_ms)
    }

    pub(super) fn training_time(&self) -> Duration {
        Duration::from_millis(self.training_ms)
    }
}

/// Settings that can be changed while the servers run. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    shared: Arc<RwLock<ProviderSettings>>,
}

impl Settings {
    /// Starts with `settings`.
    pub fn new(settings: ProviderSettings) -> Self {
        Self { shared: Arc::new(RwLock::new(settings)) }
    }

    /// The settings as they are now.
    pub fn current(&self) -> ProviderSettings {
        self.shared.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes them.
    pub fn change(&self, change: impl FnOnce(&mut ProviderSettings)) {
        change(&mut self.shared.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// The settings over HTTP: `GET /` shows them, `PATCH /` changes the fields that its JSON object names.
pub fn router(settings: Settings) -> Router {
    Router::new().route("/", get(show).patch(patch)).with_state(settings)
}

async fn show(State(settings): State<Settings>) -> Json<ProviderSettings> {
    Json(settings.current())
}

async fn patch(
    State(settings): State<Settings>,
    Json(changes): Json<serde_json::Map<String, Value>>,
) -> Result<Json<ProviderSettings>, (StatusCode, String)> {
    let merged =
        merged(&settings.current(), changes).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    settings.change(|current| *current = merged.clone());
    Ok(Json(merged))
}

fn merged(
    current: &ProviderSettings,
    changes: serde_json::Map<String, Value>,
) -> serde_json::Result<ProviderSettings> {
    let mut value = serde_json::to_value(current)?;
    if let Value::Object(fields) = &mut value {
        fields.extend(changes);
    }
    serde_json::from_value(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_changes_the_named_fields_only() {
        let patch = json!({"imagen": "served", "generation_ms": 5});
        let changed = merged(&ProviderSettings::default(), patch.as_object().unwrap().clone()).unwrap();
        assert_eq!(changed.imagen, ImagenService::Served);
        assert_eq!(changed.generation_ms, 5);
        assert_eq!(changed.queue_ms, ProviderSettings::default().queue_ms);
    }

    #[test]
    fn an_unknown_setting_is_refused() {
        let changes = json!({"imagined": "served"});
        let error = merged(&ProviderSettings::default(), changes.as_object().unwrap().clone()).unwrap_err();
        assert!(error.to_string().contains("imagined"));
    }
}

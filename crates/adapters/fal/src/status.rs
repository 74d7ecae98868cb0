//! How work at FAL stands.

use serde::Deserialize;
use serde_json::Value;

/// How work stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Standing {
    /// It waits; how many are before it, when that is known.
    Queued { position: Option<u32> },
    /// It is being worked on; what it wrote so far, as far as that was asked for.
    Running { log: Vec<String> },
    /// It is done, and this is its output.
    Done(Value),
}

/// The answer to the question how work stands.
#[derive(Deserialize)]
pub(crate) struct Status {
    #[serde(rename = "status")]
    pub(crate) stage: Stage,
    queue_position: Option<u64>,
    /// A list, or null.
    #[serde(default)]
    logs: Value,
    pub(crate) error: Option<String>,
    pub(crate) error_type: Option<String>,
}

/// The stages that FAL knows. Work that failed is completed, too.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Stage {
    InQueue,
    InProgress,
    Completed,
}

impl Status {
    /// How many are before it.
    pub(crate) fn position(&self) -> Option<u32> {
        self.queue_position.and_then(|position| u32::try_from(position).ok())
    }

    /// What the work wrote so far, the oldest first.
    pub(crate) fn messages(&self) -> Vec<String> {
        let lines = self.logs.as_array().map(Vec::as_slice).unwrap_or_default();
        let message = |line: &Value| line.get("message").and_then(Value::as_str).map(ToOwned::to_owned);
        lines.iter().filter_map(message).collect()
    }
}

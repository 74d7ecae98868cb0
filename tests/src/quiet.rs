//! When a studio is at rest.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

/// Jobs that are due later than this are not waited for: retention and undo times, which last for days.
const LATER_MILLIS: i64 = 45_000;

#[expect(clippy::disallowed_methods, reason = "the bot is another process, which goes by the real clock")]
fn now_millis() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    i64::try_from(now).unwrap()
}

/// Whether no generation and no training is under way, and no job waits but those that are due much later.
pub(crate) fn is_quiet(system: &Value) -> bool {
    let soon = now_millis() + LATER_MILLIS;
    let is_ended = |job: &Value| match job["state"].as_str() {
        Some("done" | "buried") => true,
        Some("ready") => job["run_at"].as_i64().is_some_and(|due| due > soon),
        _ => false,
    };
    system["unavailable"].is_null()
        && all(&system["generations"], has_ended)
        && all(&system["avatars"], is_at_rest)
        && all(&system["jobs"], is_ended)
}

fn all(list: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    list.as_array().is_some_and(|entries| entries.iter().all(holds))
}

fn has_ended(generation: &Value) -> bool {
    matches!(generation["state"].as_str(), Some("delivered" | "failed" | "cancelled" | "expired"))
}

fn is_at_rest(avatar: &Value) -> bool {
    !matches!(avatar["status"].as_str(), Some("queued" | "submitting" | "training" | "copying"))
}

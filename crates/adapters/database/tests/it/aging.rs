//! The passage of time at a database whose clock cannot be moved: everything in it grows older.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::Value;
use testkit::suites::Elapse;

use crate::fixture::Behind;

/// Every column with an instant by which something is decided or ordered.
const INSTANTS: [(&str, &[&str]); 23] = [
    ("accounts", &["created_at"]),
    ("erasures", &["requested_at"]),
    ("exports", &["created_at", "ended_at"]),
    ("avatar_photos", &["created_at"]),
    ("avatars", &["created_at", "updated_at"]),
    ("failures", &["first_at", "last_at"]),
    ("gallery_items", &["created_at", "deleted_at"]),
    ("generations", &["created_at", "deadline"]),
    ("help_quotas", &["asked_at"]),
    ("help_requests", &["created_at"]),
    ("holds", &["expires_at"]),
    ("inbox", &["received_at"]),
    ("invites", &["created_at", "expires_at"]),
    ("jobs", &["due_at", "exhausted_at", "changed_at"]),
    ("leases", &["expires_at"]),
    ("ledger_entries", &["created_at"]),
    ("pause_news", &["told_at"]),
    ("pauses", &["since"]),
    ("provider_callbacks", &["received_at", "settled_at"]),
    ("training_callbacks", &["received_at", "settled_at"]),
    ("training_durations", &["verified_at"]),
    ("refusal_pauses", &["paused_until"]),
    ("refusals", &["refused_at"]),
];

const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// Lets rows grow older.
pub struct Aging(pub Arc<Behind>);

#[async_trait]
impl Elapse for Aging {
    async fn elapse(&self, span: Duration) {
        let micros = i64::try_from(span.as_micros()).expect("a span");
        for (table, columns) in INSTANTS {
            let older: Vec<_> = columns.iter().map(|column| format!("{column} = {column} - $1")).collect();
            self.0.run(&format!("UPDATE {table} SET {}", older.join(", ")), vec![Value::from(micros)]).await;
        }
        // Whole days, of which none pass in less.
        let days = micros / DAY;
        for table in ["spend_days", "spend_totals"] {
            self.0.run(&format!("UPDATE {table} SET day = day - $1"), vec![Value::from(days)]).await;
        }
    }
}

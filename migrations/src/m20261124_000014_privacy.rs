//! Requests for what is kept of a person and for its erasure, refusals by the safety policy, and ways to what belongs to
//! one person in tables that are not spread by account.
//!
//! An erasure outlives the account. The row in `refusal_pauses` is locked while refusals are counted.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000014_privacy",
    statements: &[
        "CREATE TABLE exports (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            intent text NOT NULL,
            payload text NOT NULL,
            created_at bigint NOT NULL,
            ended_at bigint,
            version bigint NOT NULL,
            PRIMARY KEY (account_id, id)
        )",
        "CREATE UNIQUE INDEX exports_intent_once ON exports (account_id, intent)",
        "CREATE INDEX exports_ended ON exports (ended_at) WHERE ended_at IS NOT NULL",
        "CREATE TABLE erasures (
            account_id uuid NOT NULL PRIMARY KEY,
            payload text NOT NULL,
            requested_at bigint NOT NULL,
            version bigint NOT NULL
        )",
        "CREATE TABLE refusals (
            account_id uuid NOT NULL,
            refusal_key text NOT NULL,
            refused_at bigint NOT NULL,
            PRIMARY KEY (account_id, refusal_key)
        )",
        "CREATE TABLE refusal_pauses (
            account_id uuid NOT NULL PRIMARY KEY,
            paused_until bigint
        )",
        "CREATE INDEX welcome_digests_of_account ON welcome_digests (account_id)",
        "CREATE INDEX provider_callbacks_of_account ON provider_callbacks (account_id)",
    ],
};

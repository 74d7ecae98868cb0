//! Callbacks of providers, kept until they are used and remembered afterwards.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000006_provider_callbacks",
    statements: &[
        "CREATE TABLE provider_callbacks (
            provider text NOT NULL,
            request_id text NOT NULL,
            id uuid NOT NULL,
            account_id uuid NOT NULL,
            generation_id uuid NOT NULL,
            attempt bigint NOT NULL,
            body text NOT NULL,
            received_at bigint NOT NULL,
            settled_at bigint,
            PRIMARY KEY (provider, request_id)
        )",
        "CREATE INDEX provider_callbacks_parked ON provider_callbacks (account_id, generation_id) WHERE settled_at IS NULL",
    ],
};

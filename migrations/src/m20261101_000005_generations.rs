//! Generations. Columns say what is searched for; the payload says the rest.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000005_generations",
    statements: &[
        "CREATE TABLE generations (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            intent text NOT NULL,
            hold_id uuid NOT NULL,
            state text NOT NULL,
            told boolean NOT NULL,
            payload text NOT NULL,
            created_at bigint NOT NULL,
            deadline bigint NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (account_id, id)
        )",
        "CREATE UNIQUE INDEX generations_intent_once ON generations (account_id, intent)",
        "CREATE INDEX generations_under_way ON generations (account_id, id)
            WHERE state IN ('held', 'submitting', 'submitted')",
    ],
};

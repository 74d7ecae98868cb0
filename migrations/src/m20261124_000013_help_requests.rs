//! Requests for help with words, voice and photos. The row in `help_quotas` is locked while those of a day are counted.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000013_help_requests",
    statements: &[
        "CREATE TABLE help_requests (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            intent text NOT NULL,
            capped boolean NOT NULL,
            payload text NOT NULL,
            created_at bigint NOT NULL,
            version bigint NOT NULL,
            PRIMARY KEY (account_id, id)
        )",
        "CREATE UNIQUE INDEX help_requests_intent_once ON help_requests (account_id, intent)",
        "CREATE INDEX help_requests_capped ON help_requests (account_id, created_at) WHERE capped",
        "CREATE INDEX help_requests_by_age ON help_requests (created_at)",
        "CREATE TABLE help_quotas (
            account_id uuid NOT NULL PRIMARY KEY,
            asked_at bigint NOT NULL
        )",
    ],
};

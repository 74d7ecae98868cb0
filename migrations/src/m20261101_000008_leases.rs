//! Leases: what only one process may do at a time.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000008_leases",
    statements: &["CREATE TABLE leases (
            name text NOT NULL PRIMARY KEY,
            token uuid NOT NULL,
            expires_at bigint NOT NULL
        )"],
};

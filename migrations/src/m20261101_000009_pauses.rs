//! Pauses in force, and when operators were last told of which cause.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000009_pauses",
    statements: &[
        "CREATE TABLE pauses (
            subject text NOT NULL PRIMARY KEY,
            code text NOT NULL,
            detail text NOT NULL,
            since bigint NOT NULL
        )",
        "CREATE TABLE pause_news (
            subject text NOT NULL,
            code text NOT NULL,
            told_at bigint NOT NULL,
            PRIMARY KEY (subject, code)
        )",
    ],
};

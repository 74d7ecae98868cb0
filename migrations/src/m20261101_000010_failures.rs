//! Unexpected failures, counted by fingerprint, with the latest references that people were told.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000010_failures",
    statements: &[
        "CREATE TABLE failures (
            fingerprint text NOT NULL PRIMARY KEY,
            occurrences bigint NOT NULL,
            first_at bigint NOT NULL,
            last_at bigint NOT NULL,
            last_id uuid NOT NULL,
            last_reference text NOT NULL,
            sample text NOT NULL
        )",
        "CREATE TABLE failure_references (
            reference text NOT NULL PRIMARY KEY,
            fingerprint text NOT NULL,
            number bigint NOT NULL
        )",
        "CREATE UNIQUE INDEX failure_references_by_number ON failure_references (fingerprint, number)",
    ],
};

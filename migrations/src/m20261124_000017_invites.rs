//! Invitations, and by which one an account came in.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000017_invites",
    statements: &[
        "CREATE TABLE invites (
            code text NOT NULL PRIMARY KEY,
            places bigint NOT NULL CONSTRAINT invites_places CHECK (places > 0),
            used bigint NOT NULL CONSTRAINT invites_used CHECK (used BETWEEN 0 AND places),
            expires_at bigint,
            note text NOT NULL,
            created_at bigint NOT NULL
        )",
        "ALTER TABLE accounts ADD COLUMN invite text",
    ],
};

//! The durable inbox of the messenger's updates.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000007_inbox",
    statements: &[
        "CREATE TABLE inbox (
            chat_id bigint NOT NULL,
            update_id bigint NOT NULL,
            body text NOT NULL,
            state text NOT NULL CONSTRAINT inbox_state CHECK (state IN ('waiting', 'handled', 'set-aside')),
            failures bigint NOT NULL,
            reason text,
            received_at bigint NOT NULL,
            PRIMARY KEY (chat_id, update_id)
        )",
        "CREATE INDEX inbox_waiting ON inbox (chat_id, update_id) WHERE state = 'waiting'",
        "CREATE INDEX inbox_by_arrival ON inbox (chat_id, received_at)",
        "CREATE INDEX inbox_handled ON inbox (received_at) WHERE state = 'handled'",
    ],
};

//! Jobs. `due_at` is when a job can be claimed next: its time while it is ready, the end of the lease while it runs,
//! never (null) when it has ended.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261101_000003_jobs",
    statements: &[
        "CREATE TABLE jobs (
            account_id uuid NOT NULL,
            id uuid NOT NULL,
            kind text NOT NULL,
            subject uuid NOT NULL,
            state text NOT NULL CONSTRAINT jobs_state CHECK (state IN ('ready', 'running', 'done', 'buried')),
            attempt bigint NOT NULL CONSTRAINT jobs_attempt CHECK (attempt >= 0),
            due_at bigint,
            token uuid,
            nudged boolean NOT NULL,
            reason text,
            exhausted_at bigint,
            changed_at bigint NOT NULL,
            PRIMARY KEY (account_id, id),
            CONSTRAINT jobs_due CHECK ((state IN ('ready', 'running')) = (due_at IS NOT NULL)),
            CONSTRAINT jobs_token CHECK ((state = 'running') = (token IS NOT NULL)),
            CONSTRAINT jobs_nudged CHECK (state = 'running' OR NOT nudged)
        )",
        "CREATE INDEX jobs_by_due_time ON jobs (due_at) WHERE due_at IS NOT NULL",
        "CREATE INDEX jobs_by_state ON jobs (state, changed_at)",
    ],
};

//! Jobs: scheduled and ended within units of work, claimed and handed back by workers.

use std::sync::LazyLock;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{
    AccountId, ClaimedJob, FencingToken, JobClaim, JobId, JobKind, JobRecord, JobState, JobWriter, Jobs,
    NewJob, StoreError, WakeUp,
};

use crate::Database;
use crate::row::Row;
use crate::span::micros;
use crate::statement::{Connection, execute, fetch_all, fetch_optional, values};
use crate::unit::Unit;

const TABLE: &str = "jobs";
const CLAIM: &str = "claim of the job";

/// A running job stays with its worker and is only marked; what was ended begins anew; of two times for a waiting job
/// the earlier counts.
const SCHEDULE: &str = "
    INSERT INTO jobs (account_id, id, kind, subject, state, attempt, due_at, nudged, changed_at)
    VALUES ($1, $2, $3, $4, 'ready', 0, now_micros() + $5, FALSE, now_micros())
    ON CONFLICT (account_id, id) DO UPDATE SET
        state = CASE jobs.state WHEN 'running' THEN 'running' ELSE 'ready' END,
        nudged = (jobs.state = 'running'),
        attempt = CASE WHEN jobs.state IN ('done', 'buried') THEN 0 ELSE jobs.attempt END,
        exhausted_at = CASE WHEN jobs.state IN ('done', 'buried') THEN NULL ELSE jobs.exhausted_at END,
        due_at = CASE
            WHEN jobs.state = 'running' THEN jobs.due_at
            WHEN jobs.state = 'ready' AND jobs.due_at < excluded.due_at THEN jobs.due_at
            ELSE excluded.due_at
        END,
        changed_at = CASE jobs.state WHEN 'running' THEN jobs.changed_at ELSE excluded.changed_at END";

const CONFIRM: &str = "
    SELECT id FROM jobs WHERE account_id = $1 AND id = $2 AND token = $3 AND state = 'running' FOR UPDATE";

const COMPLETE: &str = "
    UPDATE jobs SET
        state = CASE WHEN nudged THEN 'ready' ELSE 'done' END,
        due_at = CASE WHEN nudged THEN now_micros() END,
        attempt = 0, exhausted_at = NULL, reason = NULL,
        token = NULL, nudged = FALSE, changed_at = now_micros()
    WHERE account_id = $1 AND id = $2 AND token = $3 AND state = 'running'";

const BURY: &str = "
    UPDATE jobs SET
        state = 'buried', due_at = NULL, reason = $4, token = NULL, nudged = FALSE, changed_at = now_micros()
    WHERE account_id = $1 AND id = $2 AND token = $3 AND state = 'running'";

/// The one compare-and-set by which a job passes to a worker: it is due when it is ready and its time has come, or when
/// it runs and its lease has ended; one that has ended is never due. Kinds that only a later release knows are left to it.
static CLAIM_DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE jobs SET
            state = 'running', attempt = attempt + 1, due_at = now_micros() + $3, token = $4, nudged = FALSE,
            exhausted_at = CASE WHEN attempt >= {} THEN coalesce(exhausted_at, now_micros()) END,
            changed_at = now_micros()
        WHERE account_id = $1 AND id = $2 AND due_at <= now_micros() AND kind IN ({})
        RETURNING id, kind, subject, attempt",
        max_attempts(),
        known_kinds(),
    )
});

const EXTEND: &str = "
    UPDATE jobs SET due_at = now_micros() + $4
    WHERE account_id = $1 AND id = $2 AND token = $3 AND state = 'running'";

const HAND_BACK: &str = "
    UPDATE jobs SET
        state = 'ready', attempt = attempt - 1, due_at = now_micros(), token = NULL, nudged = FALSE,
        changed_at = now_micros()
    WHERE account_id = $1 AND id = $2 AND token = $3 AND state = 'running'";

const RETRY: &str = "
    UPDATE jobs SET
        state = 'ready', due_at = now_micros() + $4, reason = $5, token = NULL, nudged = FALSE,
        changed_at = now_micros()
    WHERE account_id = $1 AND id = $2 AND token = $3 AND state = 'running'";

static DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT account_id, id, kind FROM jobs
        WHERE due_at <= now_micros() AND kind IN ({})
        ORDER BY due_at LIMIT $1",
        known_kinds(),
    )
});

const LIST: &str = "
    SELECT account_id, id, kind, subject, state, attempt, coalesce(due_at, changed_at) AS run_at, reason FROM jobs
    WHERE state = $1 ORDER BY changed_at DESC LIMIT $2";

const REVIVE: &str = "
    UPDATE jobs SET
        state = 'ready', attempt = 0, exhausted_at = NULL, due_at = now_micros(), changed_at = now_micros()
    WHERE account_id = $1 AND id = $2 AND state = 'buried'";

const FORGET_DONE: &str = "
    DELETE FROM jobs WHERE (account_id, id) IN (
        SELECT account_id, id FROM jobs
        WHERE state = 'done' AND changed_at < now_micros() - $1 ORDER BY changed_at LIMIT $2
    ) AND state = 'done'";

/// An expression for how often the job in a row may be claimed.
pub(crate) fn max_attempts() -> String {
    let cases =
        JobKind::ALL.map(|kind| format!("WHEN '{}' THEN {}", kind.as_str(), kind.max_attempts())).join(" ");
    format!("(CASE kind {cases} ELSE 0 END)")
}

fn known_kinds() -> String {
    JobKind::ALL.map(|kind| format!("'{}'", kind.as_str())).join(", ")
}

const fn state_name(state: JobState) -> &'static str {
    match state {
        JobState::Ready => "ready",
        JobState::Running => "running",
        JobState::Done => "done",
        JobState::Buried => "buried",
    }
}

impl TryFrom<&Row> for JobRecord {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        let stored = row.get::<String>("state")?;
        let state = [JobState::Ready, JobState::Running, JobState::Done, JobState::Buried]
            .into_iter()
            .find(|state| state_name(*state) == stored)
            .ok_or_else(|| row.inconsistent("state"))?;
        Ok(Self {
            account: row.id("account_id", AccountId::new)?,
            job: row.id("id", JobId::new)?,
            kind: row.parsed("kind")?,
            subject: row.get("subject")?,
            state,
            attempt: row.number("attempt")?,
            run_at: row.time("run_at")?,
            reason: row.get("reason")?,
        })
    }
}

#[async_trait]
impl JobWriter for Unit {
    async fn schedule(&mut self, job: &NewJob) -> Result<(), StoreError> {
        let values =
            values![job.account.uuid(), job.id().uuid(), job.kind.as_str(), job.subject, micros(job.delay),];
        let outcome = execute(self.enter()?, SCHEDULE, values).await.map(|_| ());
        self.leave(outcome)
    }

    async fn confirm(&mut self, claim: &JobClaim) -> Result<(), StoreError> {
        let found = fetch_optional(self.enter()?, TABLE, CONFIRM, claim_values(claim)).await;
        let outcome = found.and_then(|row| row.map(|_| ()).ok_or(StoreError::Superseded { what: CLAIM }));
        self.leave(outcome)
    }

    async fn complete(&mut self, claim: &JobClaim) -> Result<(), StoreError> {
        let outcome = under_claim(self.enter()?, COMPLETE, claim_values(claim)).await;
        self.leave(outcome)
    }

    async fn bury(&mut self, claim: &JobClaim, reason: &str) -> Result<(), StoreError> {
        let mut values = claim_values(claim);
        values.push(reason.into());
        let outcome = under_claim(self.enter()?, BURY, values).await;
        self.leave(outcome)
    }
}

#[async_trait]
impl Jobs for Database {
    async fn claim(
        &self,
        account: AccountId,
        job: JobId,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        let token = FencingToken::new(self.ids().uuid());
        let values = values![account.uuid(), job.uuid(), micros(lease), token.uuid()];
        let Some(row) = fetch_optional(self.writer(), TABLE, &CLAIM_DUE, values).await? else {
            return Ok(None);
        };
        Ok(Some(ClaimedJob {
            claim: JobClaim { account, job, token },
            kind: row.parsed("kind")?,
            subject: row.get("subject")?,
            attempt: row.number("attempt")?,
        }))
    }

    async fn extend(&self, claim: &JobClaim, lease: Duration) -> Result<(), StoreError> {
        let mut values = claim_values(claim);
        values.push(micros(lease).into());
        under_claim(self.writer(), EXTEND, values).await
    }

    async fn hand_back(&self, claim: &JobClaim) -> Result<(), StoreError> {
        under_claim(self.writer(), HAND_BACK, claim_values(claim)).await
    }

    async fn retry(&self, claim: &JobClaim, delay: Duration, reason: &str) -> Result<(), StoreError> {
        let mut values = claim_values(claim);
        values.extend([micros(delay).into(), reason.into()]);
        under_claim(self.writer(), RETRY, values).await
    }

    async fn due(&self, limit: u16) -> Result<Vec<WakeUp>, StoreError> {
        let rows = fetch_all(self.reader(), TABLE, &DUE, values![i64::from(limit)]).await?;
        rows.iter()
            .map(|row| {
                Ok(WakeUp {
                    account: row.id("account_id", AccountId::new)?,
                    job: row.id("id", JobId::new)?,
                    urgency: row.parsed::<JobKind>("kind")?.urgency(),
                })
            })
            .collect()
    }

    async fn list(&self, state: JobState, limit: u16) -> Result<Vec<JobRecord>, StoreError> {
        let values = values![state_name(state), i64::from(limit)];
        let rows = fetch_all(self.reader(), TABLE, LIST, values).await?;
        rows.iter().map(JobRecord::try_from).collect()
    }

    async fn revive(&self, account: AccountId, job: JobId) -> Result<bool, StoreError> {
        Ok(execute(self.writer(), REVIVE, values![account.uuid(), job.uuid()]).await? == 1)
    }

    async fn forget_done(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        execute(self.writer(), FORGET_DONE, values![micros(age), i64::from(limit)]).await
    }
}

/// The first three values of every statement under a claim.
fn claim_values(claim: &JobClaim) -> Vec<sea_orm::Value> {
    values![claim.account.uuid(), claim.job.uuid(), claim.token.uuid()]
}

/// Runs a statement that changes the job only while the claim is held.
async fn under_claim<C: Connection>(
    connection: &C,
    statement: &str,
    values: Vec<sea_orm::Value>,
) -> Result<(), StoreError> {
    match execute(connection, statement, values).await? {
        0 => Err(StoreError::Superseded { what: CLAIM }),
        _ => Ok(()),
    }
}

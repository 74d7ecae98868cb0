//! Jobs.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{
    AccountId, ClaimedJob, FencingToken, JobClaim, JobId, JobRecord, JobState, JobWriter, Jobs, NewJob,
    StoreError, Timestamp, WakeUp,
};

use super::MemoryDatabase;
use super::tables::{JobRow, Tables};
use super::unit::MemoryUnit;

const CLAIM: &str = "claim of the job";

#[async_trait]
impl JobWriter for MemoryUnit {
    async fn schedule(&mut self, job: &NewJob) -> Result<(), StoreError> {
        self.call("jobs.schedule", |tables, now| {
            let due_at = now + job.delay;
            let row = tables.jobs.entry((job.account, job.id())).or_insert_with(|| JobRow {
                kind: job.kind,
                subject: job.subject,
                state: JobState::Done,
                attempt: 0,
                due_at,
                token: None,
                nudged: false,
                reason: None,
                changed_at: now,
                exhausted_at: None,
            });
            match row.state {
                JobState::Running => row.nudged = true,
                JobState::Ready => row.due_at = row.due_at.min(due_at),
                JobState::Done | JobState::Buried => {
                    row.state = JobState::Ready;
                    row.attempt = 0;
                    row.exhausted_at = None;
                    row.due_at = due_at;
                    row.changed_at = now;
                }
            }
            Ok(())
        })
        .await
    }

    async fn confirm(&mut self, claim: &JobClaim) -> Result<(), StoreError> {
        self.call("jobs.confirm", |tables, _| claimed(tables, claim).map(|_| ())).await
    }

    async fn complete(&mut self, claim: &JobClaim) -> Result<(), StoreError> {
        self.call("jobs.complete", |tables, now| {
            let row = claimed(tables, claim)?;
            row.state = if row.nudged { JobState::Ready } else { JobState::Done };
            row.attempt = 0;
            row.exhausted_at = None;
            row.due_at = now;
            row.reason = None;
            release(row, now);
            Ok(())
        })
        .await
    }

    async fn bury(&mut self, claim: &JobClaim, reason: &str) -> Result<(), StoreError> {
        self.call("jobs.bury", |tables, now| {
            let row = claimed(tables, claim)?;
            row.state = JobState::Buried;
            row.reason = Some(reason.to_owned());
            release(row, now);
            Ok(())
        })
        .await
    }
}

fn claimed<'tables>(
    tables: &'tables mut Tables,
    claim: &JobClaim,
) -> Result<&'tables mut JobRow, StoreError> {
    tables
        .jobs
        .get_mut(&(claim.account, claim.job))
        .filter(|row| row.state == JobState::Running && row.token == Some(claim.token))
        .ok_or(StoreError::Superseded { what: CLAIM })
}

fn release(row: &mut JobRow, now: Timestamp) {
    row.token = None;
    row.nudged = false;
    row.changed_at = now;
}

fn is_claimable(row: &JobRow, now: Timestamp) -> bool {
    matches!(row.state, JobState::Ready | JobState::Running) && row.due_at <= now
}

#[async_trait]
impl Jobs for MemoryDatabase {
    async fn claim(
        &self,
        account: AccountId,
        job: JobId,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        let token = FencingToken::new(self.ids.uuid());
        self.write("jobs.claim", |tables, now| {
            let Some(row) = tables.jobs.get_mut(&(account, job)).filter(|row| is_claimable(row, now)) else {
                return Ok(None);
            };
            row.state = JobState::Running;
            row.attempt += 1;
            if row.attempt > row.kind.max_attempts() {
                row.exhausted_at = row.exhausted_at.or(Some(now));
            }
            row.due_at = now + lease;
            row.token = Some(token);
            row.nudged = false;
            row.changed_at = now;
            let claim = JobClaim { account, job, token };
            Ok(Some(ClaimedJob { claim, kind: row.kind, subject: row.subject, attempt: row.attempt }))
        })
        .await
    }

    async fn extend(&self, claim: &JobClaim, lease: Duration) -> Result<(), StoreError> {
        self.write("jobs.extend", |tables, now| {
            let until = now + lease;
            claimed(tables, claim)?.due_at = until;
            Ok(())
        })
        .await
    }

    async fn hand_back(&self, claim: &JobClaim) -> Result<(), StoreError> {
        self.write("jobs.hand_back", |tables, now| {
            let row = claimed(tables, claim)?;
            row.state = JobState::Ready;
            row.attempt = row.attempt.saturating_sub(1);
            row.due_at = now;
            release(row, now);
            Ok(())
        })
        .await
    }

    async fn retry(&self, claim: &JobClaim, delay: Duration, reason: &str) -> Result<(), StoreError> {
        self.write("jobs.retry", |tables, now| {
            let row = claimed(tables, claim)?;
            row.state = JobState::Ready;
            row.due_at = now + delay;
            row.reason = Some(reason.to_owned());
            release(row, now);
            Ok(())
        })
        .await
    }

    async fn due(&self, limit: u16) -> Result<Vec<WakeUp>, StoreError> {
        self.read("jobs.due", |tables, now| {
            let mut due: Vec<_> = tables
                .jobs
                .iter()
                .filter(|(_, row)| is_claimable(row, now))
                .map(|((account, job), row)| {
                    let urgency = row.kind.urgency();
                    (row.due_at, WakeUp { account: *account, job: *job, urgency })
                })
                .collect();
            due.sort();
            due.truncate(usize::from(limit));
            Ok(due.into_iter().map(|(_, wake_up)| wake_up).collect())
        })
        .await
    }

    async fn list(&self, state: JobState, limit: u16) -> Result<Vec<JobRecord>, StoreError> {
        self.read("jobs.list", |tables, _| {
            let mut rows: Vec<_> = tables.jobs.iter().filter(|(_, row)| row.state == state).collect();
            rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.changed_at));
            Ok(rows
                .into_iter()
                .take(usize::from(limit))
                .map(|((account, job), row)| JobRecord {
                    account: *account,
                    job: *job,
                    kind: row.kind,
                    subject: row.subject,
                    state: row.state,
                    attempt: row.attempt,
                    run_at: row.due_at,
                    reason: row.reason.clone(),
                })
                .collect())
        })
        .await
    }

    async fn revive(&self, account: AccountId, job: JobId) -> Result<bool, StoreError> {
        self.write("jobs.revive", |tables, now| {
            let Some(row) = tables.jobs.get_mut(&(account, job)).filter(|row| row.state == JobState::Buried)
            else {
                return Ok(false);
            };
            row.state = JobState::Ready;
            row.attempt = 0;
            row.exhausted_at = None;
            row.due_at = now;
            row.changed_at = now;
            Ok(true)
        })
        .await
    }

    async fn forget_done(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        self.write("jobs.forget_done", |tables, now| {
            let before = now.before(age);
            let old: Vec<_> = tables
                .jobs
                .iter()
                .filter(|(_, row)| row.state == JobState::Done && row.changed_at < before)
                .map(|(key, _)| *key)
                .take(usize::from(limit))
                .collect();
            for key in &old {
                tables.jobs.remove(key);
            }
            Ok(u64::try_from(old.len()).expect("memory holds them"))
        })
        .await
    }
}

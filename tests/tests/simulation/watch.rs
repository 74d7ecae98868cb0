//! An eye on claims and leases: whoever was overtaken must be told so, whatever stands behind it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{
    AccountId, ClaimedJob, FencingToken, JobClaim, JobId, JobRecord, JobState, Jobs, Lease, LeaseName,
    Leases, StoreError, WakeUp,
};

/// The latest holders that anybody heard of, and what was wrong. Clones are one.
#[derive(Clone, Default)]
pub struct Watch {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    claims: BTreeMap<(AccountId, JobId), FencingToken>,
    leases: BTreeMap<LeaseName, FencingToken>,
    faults: Vec<String>,
}

impl Watch {
    /// What was wrong so far.
    pub fn faults(&self) -> Vec<String> {
        self.lock().faults.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was done under a claim.
    fn was_done(&self, claim: &JobClaim, what: &str) {
        let mut state = self.lock();
        if state.claims.get(&(claim.account, claim.job)).is_some_and(|latest| *latest != claim.token) {
            state.faults.push(format!("{what} of job {} under a claim that was lost", claim.job));
        }
    }

    /// Something was done under a lease.
    fn was_done_under(&self, lease: &Lease, what: &str) {
        let mut state = self.lock();
        if state.leases.get(&lease.name).is_some_and(|latest| *latest != lease.token) {
            state.faults.push(format!("{what} of the lease {} by whom it was lost", lease.name));
        }
    }
}

/// Jobs under watch.
pub struct WatchedJobs<J> {
    /// The jobs.
    pub jobs: Arc<J>,
    /// Who watches.
    pub watch: Watch,
}

#[async_trait]
impl<J: Jobs> Jobs for WatchedJobs<J> {
    async fn claim(
        &self,
        account: AccountId,
        job: JobId,
        lease: Duration,
    ) -> Result<Option<ClaimedJob>, StoreError> {
        let claimed = self.jobs.claim(account, job, lease).await?;
        if let Some(claimed) = &claimed {
            self.watch.lock().claims.insert((account, job), claimed.claim.token);
        }
        Ok(claimed)
    }

    async fn extend(&self, claim: &JobClaim, lease: Duration) -> Result<(), StoreError> {
        self.jobs.extend(claim, lease).await?;
        self.watch.was_done(claim, "an extension");
        Ok(())
    }

    async fn hand_back(&self, claim: &JobClaim) -> Result<(), StoreError> {
        self.jobs.hand_back(claim).await?;
        self.watch.was_done(claim, "a handing back");
        Ok(())
    }

    async fn retry(&self, claim: &JobClaim, delay: Duration, reason: &str) -> Result<(), StoreError> {
        self.jobs.retry(claim, delay, reason).await?;
        self.watch.was_done(claim, "a retry");
        Ok(())
    }

    async fn due(&self, limit: u16) -> Result<Vec<WakeUp>, StoreError> {
        self.jobs.due(limit).await
    }

    async fn list(&self, state: JobState, limit: u16) -> Result<Vec<JobRecord>, StoreError> {
        self.jobs.list(state, limit).await
    }

    async fn revive(&self, account: AccountId, job: JobId) -> Result<bool, StoreError> {
        self.jobs.revive(account, job).await
    }

    async fn forget_done(&self, age: Duration, limit: u16) -> Result<u64, StoreError> {
        self.jobs.forget_done(age, limit).await
    }
}

/// Leases under watch.
pub struct WatchedLeases<L> {
    /// The leases.
    pub leases: Arc<L>,
    /// Who watches.
    pub watch: Watch,
}

#[async_trait]
impl<L: Leases> Leases for WatchedLeases<L> {
    async fn acquire(&self, name: LeaseName, span: Duration) -> Result<Option<Lease>, StoreError> {
        let taken = self.leases.acquire(name, span).await?;
        if let Some(lease) = &taken {
            self.watch.lock().leases.insert(name, lease.token);
        }
        Ok(taken)
    }

    async fn extend(&self, lease: &Lease, span: Duration) -> Result<(), StoreError> {
        self.leases.extend(lease, span).await?;
        self.watch.was_done_under(lease, "an extension");
        Ok(())
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        self.leases.release(lease).await?;
        self.watch.was_done_under(lease, "a release");
        Ok(())
    }
}

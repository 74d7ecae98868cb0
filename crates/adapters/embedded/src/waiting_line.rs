//! In which order waiting wake-ups are given out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use kernel::{AccountId, JobId, Urgency, WakeUp};

/// Wake-ups that wait: the urgent before the others, of each urgency the accounts in turns, and of each account the
/// oldest first. Each waits once.
#[derive(Debug, Default)]
pub(crate) struct WaitingLine {
    members: BTreeSet<WakeUp>,
    by_urgency: BTreeMap<Urgency, Turns>,
}

impl WaitingLine {
    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// Puts a wake-up in line; `false` when it already waits.
    pub(crate) fn join(&mut self, wake_up: WakeUp) -> bool {
        let is_new = self.members.insert(wake_up);
        if is_new {
            self.by_urgency.entry(wake_up.urgency).or_default().join(wake_up.account, wake_up.job);
        }
        is_new
    }

    /// Takes out the one whose turn it is.
    pub(crate) fn take(&mut self) -> Option<WakeUp> {
        let wake_up = self.by_urgency.iter_mut().find_map(|(urgency, turns)| {
            let (account, job) = turns.take()?;
            Some(WakeUp { account, job, urgency: *urgency })
        })?;
        self.members.remove(&wake_up);
        Some(wake_up)
    }
}

/// Jobs of one urgency.
#[derive(Debug, Default)]
struct Turns {
    /// Every account of which a job waits, once.
    next: VecDeque<AccountId>,
    jobs: BTreeMap<AccountId, VecDeque<JobId>>,
}

impl Turns {
    fn join(&mut self, account: AccountId, job: JobId) {
        let jobs = self.jobs.entry(account).or_default();
        if jobs.is_empty() {
            self.next.push_back(account);
        }
        jobs.push_back(job);
    }

    fn take(&mut self) -> Option<(AccountId, JobId)> {
        let account = self.next.pop_front()?;
        let jobs = self.jobs.get_mut(&account)?;
        let job = jobs.pop_front()?;
        if jobs.is_empty() {
            self.jobs.remove(&account);
        } else {
            self.next.push_back(account);
        }
        Some((account, job))
    }
}

//! Taking a request for help: request and job in one unit of work.

use kernel::{
    AccountId, Audience, Feature, HelpId, Intent, JobKind, Language, NewJob, Pausable, StoreError, Timestamp,
};

use super::HelpService;
use crate::{HelpInserted, HelpRequest, HelpState, HelpTask};

/// A request for help as it comes from the person.
#[derive(Debug, Clone)]
pub struct NewHelp {
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// What is asked for.
    pub task: HelpTask,
    /// The person's language.
    pub language: Language,
    /// Where the person waits.
    pub audience: Audience,
}

/// What became of a request for help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpOutcome {
    /// It is under way.
    Started(Box<HelpRequest>),
    /// The same wish was taken before; nothing was done.
    Repeated(Box<HelpRequest>),
    /// As much help as a day has was given.
    CapReached(u32),
    /// The safety policy refused this person's requests so often that they are paused.
    Paused {
        /// Until when.
        until: Timestamp,
    },
    /// Operators have paused help.
    Off,
}

impl HelpService {
    /// Takes a request. Asking again for the same wish changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask(&self, new: &NewHelp) -> Result<HelpOutcome, StoreError> {
        if let Some(until) = self.ports.refusals.standing(new.account).await?.paused_until {
            return Ok(HelpOutcome::Paused { until });
        }
        if self.is_off().await? {
            return Ok(HelpOutcome::Off);
        }
        let request = HelpRequest {
            id: HelpId::new(self.ports.ids.uuid()),
            account: new.account,
            intent: new.intent.clone(),
            task: new.task.clone(),
            language: new.language,
            state: HelpState::Waiting,
            audience: new.audience,
            // The database sets its own times and version.
            created_at: Timestamp::EPOCH,
            version: 0,
        };
        let mut unit = self.ports.requests.begin().await?;
        let kept = match unit.helps().insert(&request, self.policy.daily_cap).await? {
            HelpInserted::New(kept) => kept,
            HelpInserted::Existing(earlier) => return Ok(HelpOutcome::Repeated(Box::new(earlier))),
            HelpInserted::CapReached => return Ok(HelpOutcome::CapReached(self.policy.daily_cap)),
        };
        let job = NewJob::now(new.account, JobKind::AnswerHelp, kept.id.uuid());
        unit.jobs().schedule(&job).await?;
        unit.commit().await?;
        if let Err(error) = self.ports.queue.push(job.wake_up()).await {
            tracing::warn!(%error, "waking a worker failed; the sweeper will find the job");
        }
        Ok(HelpOutcome::Started(Box::new(kept)))
    }

    async fn is_off(&self) -> Result<bool, StoreError> {
        let in_force = self.ports.pauses.active().await?;
        Ok(in_force.iter().any(|pause| pause.subject == Pausable::Feature(Feature::Help)))
    }

    /// A request of this account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, account: AccountId, id: HelpId) -> Result<Option<HelpRequest>, StoreError> {
        self.ports.requests.find(account, id).await
    }

    /// Removes requests whose time is over; how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_old(&self, limit: u16) -> Result<u64, StoreError> {
        self.ports.requests.forget_old(self.policy.retention, limit).await
    }
}

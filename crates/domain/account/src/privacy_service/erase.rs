//! Erasing a person: what is there is written down, each domain removes its part, the person gets a receipt.

use std::time::Duration;

use kernel::{
    AccountId, ChatId, ClaimedJob, JobKind, Language, NewJob, NotifyError, ObjectKey, StoreError, Timestamp,
};

use super::{PrivacyError, PrivacyService};
use crate::{Erasure, ErasureState};

impl PrivacyService {
    /// Begins the erasure of a person. Asking again changes nothing.
    ///
    /// # Errors
    /// When the database or the object store fails; nothing was begun then.
    pub async fn request_erasure(
        &self,
        account: AccountId,
        chat: ChatId,
        language: Language,
    ) -> Result<Erasure, PrivacyError> {
        let erasure = Erasure {
            account,
            state: ErasureState::Erasing,
            chat: Some(chat),
            language,
            inventory: self.inventory(account).await?,
            // The database sets its own times and version.
            requested_at: Timestamp::EPOCH,
            version: 0,
        };
        let job = NewJob::now(account, JobKind::EraseAccount, account.uuid());
        let mut unit = self.ports.requests.begin().await?;
        let begun = unit.privacy().begin_erasure(&erasure).await?;
        unit.jobs().schedule(&job).await?;
        unit.commit().await?;
        self.wake(&job).await;
        tracing::info!(%account, "an erasure was begun");
        Ok(begun)
    }

    /// Whether the person is being erased.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_being_erased(&self, account: AccountId) -> Result<bool, StoreError> {
        let erasure = self.ports.requests.erasure(account).await?;
        Ok(erasure.is_some_and(|erasure| erasure.state == ErasureState::Erasing))
    }

    /// Erases the job's account. May be run any number of times, from wherever an earlier run stopped.
    ///
    /// # Errors
    /// When it cannot go on now; the job is to be tried again.
    pub async fn erase(&self, job: &ClaimedJob) -> Result<(), PrivacyError> {
        let account = job.claim.account;
        let Some(mut erasure) = self.ports.requests.erasure(account).await? else {
            return self.end_job(job, None).await;
        };
        if erasure.state == ErasureState::Erasing {
            self.remove_everything(account).await?;
            erasure.state = ErasureState::Erased;
            erasure = self.write_erased(job, &erasure).await?;
        }
        if erasure.state == ErasureState::Erased {
            if let Some(chat) = erasure.chat {
                match self.ports.notifier.send_receipt(chat, &erasure).await {
                    Ok(()) | Err(NotifyError::Unreachable) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            erasure.state = ErasureState::Done;
            erasure.chat = None;
            let mut unit = self.ports.requests.begin().await?;
            unit.privacy().update_erasure(&erasure).await?;
            unit.jobs().confirm(&job.claim).await?;
            unit.commit().await?;
            tracing::info!(%account, "a person was erased");
            // Whoever was at work for them may still put something down: look once more when nobody can be.
            return self.end_job(job, Some(self.policy.settling)).await;
        }
        self.remove_everything(account).await?;
        self.end_job(job, None).await
    }

    /// Removes bytes and rows; what is gone already stays gone.
    async fn remove_everything(&self, account: AccountId) -> Result<(), PrivacyError> {
        let telegram_user = self.ports.accounts.telegram_user(account).await?;
        for part in &self.ports.parts {
            part.erase(account).await?;
        }
        for prefix in ObjectKey::prefixes_of(account) {
            self.ports.objects.delete_prefix(&prefix).await?;
        }
        if let Some(telegram_user) = telegram_user
            && let Err(error) = self.ports.cache.forget(telegram_user).await
        {
            tracing::warn!(%error, "removing a profile from the cache failed; it expires by itself");
        }
        Ok(())
    }

    async fn write_erased(&self, job: &ClaimedJob, erasure: &Erasure) -> Result<Erasure, PrivacyError> {
        let telegram_user = self.ports.accounts.telegram_user(erasure.account).await?;
        let mut unit = self.ports.requests.begin().await?;
        unit.privacy().forget_person(erasure.account).await?;
        let erased = unit.privacy().update_erasure(erasure).await?;
        unit.jobs().confirm(&job.claim).await?;
        unit.commit().await?;
        if let Some(telegram_user) = telegram_user
            && let Err(error) = self.ports.cache.forget(telegram_user).await
        {
            tracing::warn!(%error, "removing a profile from the cache failed; it expires by itself");
        }
        Ok(erased)
    }

    async fn end_job(&self, job: &ClaimedJob, look_again: Option<Duration>) -> Result<(), PrivacyError> {
        let mut unit = self.ports.requests.begin().await?;
        unit.jobs().complete(&job.claim).await?;
        if let Some(delay) = look_again {
            let again = NewJob::now(job.claim.account, job.kind, job.subject).after(delay);
            unit.jobs().schedule(&again).await?;
        }
        Ok(unit.commit().await?)
    }
}

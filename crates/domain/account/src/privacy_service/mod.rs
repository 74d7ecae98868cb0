//! Showing, handing out and erasing what is kept of a person.

mod erase;
mod error;
mod export;
mod give_up;

use std::sync::Arc;
use std::time::Duration;

use kernel::{
    AccountId, Archiver, IdSource, ImageArchive, Inventory, JobQueue, NewJob, ObjectStore, PersonalData,
    PersonalDataError,
};

use crate::{Accounts, PrivacyNotifier, PrivacyRequests, ProfileCache};

pub use error::PrivacyError;
pub use export::NewExport;

/// Every port that privacy needs.
#[derive(Clone)]
pub struct PrivacyPorts {
    /// Requests and erasures.
    pub requests: Arc<dyn PrivacyRequests>,
    /// What each domain keeps of a person, in the order in which it is to be erased: what works on something before what
    /// it works on, and the balance last.
    pub parts: Vec<Arc<dyn PersonalData>>,
    /// Kept images.
    pub images: Arc<dyn ImageArchive>,
    /// Profiles.
    pub accounts: Arc<dyn Accounts>,
    /// Cached profiles.
    pub cache: Arc<dyn ProfileCache>,
    /// Packs files.
    pub archiver: Arc<dyn Archiver>,
    /// Bytes.
    pub objects: Arc<dyn ObjectStore>,
    /// The way to the person.
    pub notifier: Arc<dyn PrivacyNotifier>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
}

/// How large files may be and how long things are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivacyPolicy {
    /// The largest file that the messenger takes, in bytes.
    pub largest_file: u64,
    /// How long requests for files are kept once they have ended, with whatever is left of their files.
    pub export_retention: Duration,
    /// After which time nobody can still be at work for somebody who was erased.
    pub settling: Duration,
}

impl Default for PrivacyPolicy {
    fn default() -> Self {
        Self {
            largest_file: 45 * 1024 * 1024,
            export_retention: Duration::from_hours(24),
            settling: Duration::from_mins(20),
        }
    }
}

/// Shows, hands out and erases what is kept of a person.
pub struct PrivacyService {
    ports: PrivacyPorts,
    policy: PrivacyPolicy,
}

impl PrivacyService {
    /// A service over these ports.
    pub const fn new(ports: PrivacyPorts, policy: PrivacyPolicy) -> Self {
        Self { ports, policy }
    }

    /// How much is kept of a person.
    ///
    /// # Errors
    /// When the database or the object store fails.
    pub async fn inventory(&self, account: AccountId) -> Result<Inventory, PersonalDataError> {
        let mut inventory = Inventory::new();
        for part in &self.ports.parts {
            for (kind, number) in part.inventory(account).await? {
                *inventory.entry(kind).or_default() += number;
            }
        }
        let messages = self.ports.requests.messages(account).await?;
        if messages > 0 {
            inventory.insert(kernel::DataKind::Messages, messages);
        }
        if self.ports.accounts.get(account).await?.is_some() {
            inventory.insert(kernel::DataKind::Profile, 1);
        }
        Ok(inventory)
    }

    async fn wake(&self, job: &NewJob) {
        if let Err(error) = self.ports.queue.push(job.wake_up()).await {
            tracing::warn!(%error, "waking a worker failed; the sweeper will find the job");
        }
    }
}

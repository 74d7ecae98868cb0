//! The sweeper: one in the whole installation, held by a lease. It only nudges and tidies; everything that it does may
//! be done twice, late or by somebody else.

use std::fmt::Display;
use std::future::pending;
use std::sync::Arc;

use account::PrivacyService;
use avatar::AvatarService;
use balance::BalanceService;
use generation::{GenerationService, HelpService};
use kernel::{IdSource, Inbox, JobQueue, Jobs, Lease, LeaseName, Leases, StoreError};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::outage::Outage;
use crate::wake_ups::jittered;
use crate::{OrphanSweep, SweepFind, SweepWatch, SweeperSettings};

/// Every port that the sweeper needs.
#[derive(Clone)]
pub struct SweeperPorts {
    /// Who sweeps.
    pub leases: Arc<dyn Leases>,
    /// The jobs.
    pub jobs: Arc<dyn Jobs>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// The messenger's updates.
    pub inbox: Arc<dyn Inbox>,
    /// Holds past their deadline.
    pub balances: Arc<BalanceService>,
    /// Paused providers and models.
    pub generations: Arc<GenerationService>,
    /// Paused trainers.
    pub avatars: Arc<AvatarService>,
    /// Requests for help whose time is over.
    pub help: Arc<HelpService>,
    /// Packed files whose time is over.
    pub privacy: Arc<PrivacyService>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
}

/// Feeds due jobs to the queue, releases expired holds, probes what is paused, forgets what is old.
pub struct Sweeper {
    ports: SweeperPorts,
    settings: SweeperSettings,
    orphans: Option<OrphanSweep>,
    watch: Option<Arc<dyn SweepWatch>>,
}

impl Sweeper {
    /// A sweeper over these ports.
    pub fn new(ports: SweeperPorts, settings: SweeperSettings) -> Self {
        Self { ports, settings, orphans: None, watch: None }
    }

    /// The same sweeper, which removes objects that nobody needs, too.
    #[must_use]
    pub fn cleaning(mut self, orphans: OrphanSweep) -> Self {
        self.orphans = Some(orphans);
        self
    }

    /// The same sweeper, watched.
    #[must_use]
    pub fn watched_by(mut self, watch: Arc<dyn SweepWatch>) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Sweeps until `stop`, whenever this process holds the lease.
    pub async fn run(&self, stop: CancellationToken) {
        let mut outage = Outage::of("taking the sweeper's lease");
        loop {
            let taken = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                taken = self.ports.leases.acquire(LeaseName::Sweeper, self.settings.lease) => taken,
            };
            match taken {
                Ok(Some(lease)) => {
                    outage.worked();
                    self.sweep_under(&lease, &stop).await;
                }
                Ok(None) => outage.worked(),
                Err(error) => outage.failed(&error),
            }
            let pause = jittered(self.settings.sweep_every, self.ports.ids.random());
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = sleep(pause) => {}
            }
        }
    }

    /// Sweeps until `stop` or until the lease is lost.
    async fn sweep_under(&self, lease: &Lease, stop: &CancellationToken) {
        tracing::info!("sweeping begins");
        tokio::select! {
            biased;
            () = stop.cancelled() => self.release(lease).await,
            () = self.keep(lease) => tracing::info!("somebody else sweeps now"),
            () = self.feed() => {}
            () = self.release_holds() => {}
            // Probes wait for providers, so that nothing else may wait for them.
            () = self.tidy() => {}
            () = self.clean() => {}
            () = self.measure() => {}
        }
    }

    /// Extends the lease again and again; returns when it is lost.
    async fn keep(&self, lease: &Lease) {
        let mut outage = Outage::of("keeping the sweeper's lease");
        loop {
            sleep(self.settings.extend_every).await;
            match self.ports.leases.extend(lease, self.settings.lease).await {
                Ok(()) => outage.worked(),
                Err(StoreError::Superseded { .. }) => return,
                Err(error) => outage.failed(&error),
            }
        }
    }

    async fn release(&self, lease: &Lease) {
        match self.ports.leases.release(lease).await {
            Ok(()) | Err(StoreError::Superseded { .. }) => {}
            Err(error) => {
                tracing::warn!(%error, "the sweeper's lease could not be released; it will run out");
            }
        }
    }

    /// Tells workers of due jobs, whose wake-ups may have been lost.
    async fn feed(&self) {
        let mut jobs_outage = Outage::of("looking for due jobs");
        let mut queue_outage = Outage::of("the job queue");
        loop {
            match self.ports.jobs.due(self.settings.batch).await {
                Ok(due) => {
                    jobs_outage.worked();
                    for wake_up in due {
                        match self.ports.queue.push(wake_up).await {
                            Ok(()) => {
                                queue_outage.worked();
                                self.found(SweepFind::DueJob, 1);
                            }
                            Err(error) => {
                                // Workers look for themselves while the queue is away.
                                queue_outage.failed(&error);
                                break;
                            }
                        }
                    }
                }
                Err(error) => jobs_outage.failed(&error),
            }
            sleep(self.settings.sweep_every).await;
        }
    }

    /// Gives back credits that were set aside for work that nobody ended.
    async fn release_holds(&self) {
        let mut outage = Outage::of("releasing expired holds");
        loop {
            match self.ports.balances.release_expired(self.settings.batch).await {
                Ok(released) => {
                    outage.worked();
                    if released > 0 {
                        tracing::warn!(released, "holds that nobody ended were released");
                        self.found(SweepFind::ExpiredHold, released);
                    }
                }
                Err(error) => outage.failed(&error),
            }
            sleep(self.settings.sweep_every).await;
        }
    }

    /// Lifts pauses that have passed, and forgets what is old.
    async fn tidy(&self) {
        let mut probing = Outage::of("probing what is paused");
        let mut probing_trainers = Outage::of("probing paused trainers");
        let mut announcing = Outage::of("telling of models' shutdowns");
        let mut announcing_trainers = Outage::of("telling of trainers' shutdowns");
        let mut forgetting_help = Outage::of("forgetting old requests for help");
        let mut forgetting_exports = Outage::of("forgetting packed files");
        let mut forgetting_jobs = Outage::of("forgetting done jobs");
        let mut forgetting_updates = Outage::of("forgetting handled updates");
        let (age, batch) = (self.settings.forget_after, self.settings.batch);
        loop {
            let lifted = note(&mut probing, self.ports.generations.probe_paused().await);
            self.found(SweepFind::LiftedPause, lifted.unwrap_or(0).into());
            let lifted = note(&mut probing_trainers, self.ports.avatars.probe_paused().await);
            self.found(SweepFind::LiftedPause, lifted.unwrap_or(0).into());
            note(&mut announcing, self.ports.generations.announce_shutdowns().await);
            note(&mut announcing_trainers, self.ports.avatars.announce_shutdowns().await);
            let helps = note(&mut forgetting_help, self.ports.help.forget_old(batch).await);
            self.found(SweepFind::OldHelp, helps.unwrap_or(0));
            let exports = note(&mut forgetting_exports, self.ports.privacy.forget_exports(batch).await);
            self.found(SweepFind::OldExport, exports.unwrap_or(0));
            loop {
                let jobs = note(&mut forgetting_jobs, self.ports.jobs.forget_done(age, batch).await);
                self.found(SweepFind::DoneJob, jobs.unwrap_or(0));
                if jobs != Some(batch.into()) {
                    break;
                }
            }
            loop {
                let updates =
                    note(&mut forgetting_updates, self.ports.inbox.forget_handled(age, batch).await);
                self.found(SweepFind::HandledUpdate, updates.unwrap_or(0));
                if updates != Some(batch.into()) {
                    break;
                }
            }
            sleep(self.settings.tidy_every).await;
        }
    }
}

impl Sweeper {
    /// Removes objects that nobody needs. By itself: the object store may be slow.
    async fn clean(&self) {
        let Some(orphans) = &self.orphans else {
            return pending().await;
        };
        let mut outage = Outage::of("removing objects that nobody needs");
        loop {
            let removed = note(&mut outage, orphans.round().await);
            self.found(SweepFind::OrphanObject, removed.unwrap_or(0));
            sleep(self.settings.tidy_every).await;
        }
    }

    /// Has the installation as a whole looked at.
    async fn measure(&self) {
        let Some(watch) = &self.watch else {
            return pending().await;
        };
        let mut outage = Outage::of("measuring the installation");
        loop {
            note(&mut outage, watch.measure().await);
            sleep(self.settings.measure_every).await;
        }
    }

    fn found(&self, what: SweepFind, count: u64) {
        if count > 0
            && let Some(watch) = &self.watch
        {
            watch.found(what, count);
        }
    }
}

/// What was done, if it was.
fn note<Done, Error: Display>(outage: &mut Outage, outcome: Result<Done, Error>) -> Option<Done> {
    match outcome {
        Ok(done) => {
            outage.worked();
            Some(done)
        }
        Err(error) => {
            outage.failed(&error);
            None
        }
    }
}

//! The job loop.

use std::sync::Arc;

use kernel::{FailureLog, IdSource, JobQueue, Jobs, OperatorChannel, WakeUp};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::execution::Execution;
use crate::unexpected::UnexpectedFailures;
use crate::wake_ups::WakeUps;
use crate::{JobHandlers, WorkerSettings};

/// Every port that a worker needs.
#[derive(Clone)]
pub struct WorkerPorts {
    /// The jobs.
    pub jobs: Arc<dyn Jobs>,
    /// Wake-ups.
    pub queue: Arc<dyn JobQueue>,
    /// What is done about them.
    pub handlers: JobHandlers,
    /// Where unexpected failures are kept.
    pub failures: Arc<dyn FailureLog>,
    /// The way to the operators.
    pub operators: Arc<dyn OperatorChannel>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
}

/// Takes wake-ups and runs their jobs, several at once.
pub struct Worker {
    ports: WorkerPorts,
    settings: WorkerSettings,
}

impl Worker {
    /// A worker over these ports.
    pub fn new(ports: WorkerPorts, settings: WorkerSettings) -> Self {
        Self { ports, settings }
    }

    /// Runs jobs until `stop`: then takes no more, waits for those that run, and hands back what takes too long, as if
    /// it had never been claimed. Dropping the future drops the jobs that run, as a crash would.
    pub async fn run(&self, stop: CancellationToken) {
        let hurry = CancellationToken::new();
        let execution = Arc::new(self.execution(hurry.clone()));
        let room = Arc::new(Semaphore::new(self.settings.concurrency));
        let mut wake_ups = WakeUps::new(
            Arc::clone(&self.ports.queue),
            Arc::clone(&self.ports.jobs),
            Arc::clone(&self.ports.ids),
            self.settings,
        );
        let mut running = JoinSet::new();
        loop {
            // Room first: a wake-up that waits in this process keeps an idle worker elsewhere from running its job.
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                next = next_with_room(&room, &mut wake_ups) => next,
            };
            while running.try_join_next().is_some() {}
            if let Some((permit, wake_up)) = next {
                let execution = Arc::clone(&execution);
                running.spawn(async move {
                    execution.look_at(wake_up).await;
                    drop(permit);
                });
            }
        }
        self.wind_down(running, &hurry).await;
    }

    fn execution(&self, hurry: CancellationToken) -> Execution {
        Execution {
            jobs: Arc::clone(&self.ports.jobs),
            handlers: self.ports.handlers.clone(),
            unexpected: UnexpectedFailures {
                log: Arc::clone(&self.ports.failures),
                operators: Arc::clone(&self.ports.operators),
                ids: Arc::clone(&self.ports.ids),
            },
            settings: self.settings,
            hurry,
        }
    }

    async fn wind_down(&self, mut running: JoinSet<()>, hurry: &CancellationToken) {
        let all_ended = async { while running.join_next().await.is_some() {} };
        if timeout(self.settings.stop_patience, all_ended).await.is_err() {
            tracing::warn!(jobs = running.len(), "handing back jobs that take too long");
            hurry.cancel();
            while running.join_next().await.is_some() {}
        }
    }
}

async fn next_with_room(
    room: &Arc<Semaphore>,
    wake_ups: &mut WakeUps,
) -> Option<(OwnedSemaphorePermit, WakeUp)> {
    // The semaphore is never closed.
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    Some((permit, wake_ups.next().await?))
}

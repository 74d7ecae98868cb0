//! Where wake-ups come from: the queue, or the worker's own look at the jobs while the queue is away.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use kernel::{IdSource, JobQueue, Jobs, WakeUp};

use crate::WorkerSettings;
use crate::outage::Outage;

/// The wake-ups of one worker.
pub(crate) struct WakeUps {
    queue: Arc<dyn JobQueue>,
    jobs: Arc<dyn Jobs>,
    ids: Arc<dyn IdSource>,
    settings: WorkerSettings,
    found: VecDeque<WakeUp>,
    queue_outage: Outage,
    jobs_outage: Outage,
}

impl WakeUps {
    /// Wake-ups from this queue, or found among these jobs.
    pub(crate) fn new(
        queue: Arc<dyn JobQueue>,
        jobs: Arc<dyn Jobs>,
        ids: Arc<dyn IdSource>,
        settings: WorkerSettings,
    ) -> Self {
        Self {
            queue,
            jobs,
            ids,
            settings,
            found: VecDeque::new(),
            queue_outage: Outage::of("the job queue"),
            jobs_outage: Outage::of("looking for due jobs"),
        }
    }

    /// The next one; `None` when there was none for a while.
    pub(crate) async fn next(&mut self) -> Option<WakeUp> {
        if let Some(found) = self.found.pop_front() {
            return Some(found);
        }
        match self.queue.pop(self.settings.patience).await {
            Ok(wake_up) => {
                self.queue_outage.worked();
                wake_up
            }
            Err(error) => {
                self.queue_outage.failed(&error);
                self.look_around().await;
                self.found.pop_front()
            }
        }
    }

    /// Looks for due jobs after a pause of a random length, so that many workers do not look at the same moment and
    /// not at the same jobs first.
    async fn look_around(&mut self) {
        let draw = self.ids.random();
        tokio::time::sleep(jittered(self.settings.patience, draw)).await;
        match self.jobs.due(self.settings.scan_limit).await {
            Ok(mut due) => {
                self.jobs_outage.worked();
                if let Ok(count) = u64::try_from(due.len())
                    && count > 0
                {
                    due.rotate_left(usize::try_from(draw % count).unwrap_or_default());
                }
                self.found.extend(due);
            }
            Err(error) => self.jobs_outage.failed(&error),
        }
    }
}

/// Between half and one and a half times `span`.
pub(crate) fn jittered(span: Duration, draw: u64) -> Duration {
    let thousandths = u32::try_from(draw % 1000).unwrap_or_default();
    span / 2 + span * thousandths / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_its_bounds() {
        let span = Duration::from_secs(1);
        assert_eq!(jittered(span, 0), Duration::from_millis(500));
        assert_eq!(jittered(span, 999), Duration::from_millis(1499));
        assert_eq!(jittered(span, 2500), Duration::from_secs(1));
    }
}

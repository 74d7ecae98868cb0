//! What a process uses, as Linux tells it under `/proc`.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

/// How often memory is looked at for its peak.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A process by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process(u32);

impl Process {
    /// The process with this id.
    pub(super) const fn of(pid: u32) -> Self {
        Self(pid)
    }

    /// This process.
    pub(super) fn this() -> Self {
        Self(std::process::id())
    }

    /// The processor time that all its threads have used so far, in user mode and in the kernel.
    ///
    /// # Errors
    /// When it does not run, or this is not Linux.
    pub(super) fn processor_time(self) -> anyhow::Result<Duration> {
        let stat = self.read("stat")?;
        let ticks = ticks_of(&stat).with_context(|| format!("/proc/{}/stat can't be understood", self.0))?;
        let per_second = rustix::param::clock_ticks_per_second().max(1);
        Ok(Duration::from_secs(ticks) / u32::try_from(per_second)?)
    }

    /// The memory that it has in use, in bytes.
    ///
    /// # Errors
    /// When it does not run, or this is not Linux.
    pub(super) fn resident_memory(self) -> anyhow::Result<u64> {
        let status = self.read("status")?;
        resident_of(&status).with_context(|| format!("/proc/{}/status can't be understood", self.0))
    }

    fn read(self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.0);
        fs::read_to_string(&path)
            .with_context(|| format!("{path} can't be read; only Linux tells what a process uses there"))
    }
}

/// User and system time in clock ticks: the 14th and 15th fields. The second, a name in brackets, may hold anything.
fn ticks_of(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}

fn resident_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}

/// Watches a process's memory for its peak.
#[derive(Debug)]
pub(super) struct MemoryWatch {
    peak: Arc<AtomicU64>,
    watching: JoinHandle<()>,
}

impl MemoryWatch {
    /// Begins to watch.
    pub(super) fn begin(process: Process) -> Self {
        let peak = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&peak);
        let watching = tokio::spawn(async move {
            let mut looks = interval(LOOK_EVERY);
            looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                looks.tick().await;
                // A process that is gone uses nothing more.
                let Ok(now) = process.resident_memory() else { return };
                seen.fetch_max(now, Ordering::Relaxed);
            }
        });
        Self { peak, watching }
    }

    /// The most that was seen, in bytes.
    pub(super) fn end(self) -> u64 {
        self.watching.abort();
        self.peak.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_behind_a_name_of_any_kind() {
        let stat = "17 (a) b (c)) S 1 17 17 0 -1 4194560 2000 0 3 0 250 50 0 0 20 0 9 0 1 1 1";
        assert_eq!(ticks_of(stat), Some(300));
        assert_eq!(ticks_of("17 (short) S 1"), None);
    }

    #[test]
    fn memory_is_given_in_kibibytes() {
        assert_eq!(resident_of("Name:\tbot\nVmHWM:\t  99 kB\nVmRSS:\t   38 kB\n"), Some(38 * 1_024));
        assert_eq!(resident_of("Name:\tbot\n"), None);
    }
}

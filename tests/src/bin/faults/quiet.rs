//! When all has come to rest.

use std::time::Duration;

use tests::Driving;
use tokio::time::{Instant, sleep};

use crate::rows::Rows;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it is said what is waited for.
const SAY_EVERY: Duration = Duration::from_secs(15);
/// How many looks in a row must find it quiet.
const QUIET_LOOKS: u32 = 3;

/// What there must be none of, as a query for each.
const UNRESTS: [(&str, &str); 6] = [
    (
        "generations that have not ended",
        "SELECT count(*) FROM generations WHERE state NOT IN ('delivered', 'failed', 'cancelled', 'expired')",
    ),
    ("generations whose end nobody was told", "SELECT count(*) FROM generations WHERE NOT told"),
    (
        "trainings under way",
        "SELECT count(*) FROM avatars WHERE state IN ('queued', 'submitting', 'training', 'copying')",
    ),
    ("jobs that run", "SELECT count(*) FROM jobs WHERE state = 'running'"),
    (
        // What waits longer are retention and undo times, which last for days.
        "jobs that are due soon",
        "SELECT count(*) FROM jobs WHERE state = 'ready' AND due_at < CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) + 90000000",
    ),
    ("updates that wait", "SELECT count(*) FROM inbox WHERE state = 'waiting'"),
];

/// Waits up to `patience` until all is quiet; how long it took, or what is not quiet.
pub async fn wait(rows: &Rows, driving: &Driving, patience: Duration) -> Result<Duration, Vec<String>> {
    let began = Instant::now();
    let mut quiet_looks = 0;
    let mut unrests = Vec::new();
    let mut said_at = began;
    while began.elapsed() < patience {
        unrests = look(rows, driving).await;
        if said_at.elapsed() > SAY_EVERY && !unrests.is_empty() {
            said_at = Instant::now();
            println!("  after {} s: {}", began.elapsed().as_secs(), unrests.join(", "));
        }
        quiet_looks = if unrests.is_empty() { quiet_looks + 1 } else { 0 };
        if quiet_looks == QUIET_LOOKS {
            return Ok(began.elapsed());
        }
        sleep(LOOK_EVERY).await;
    }
    Err(unrests)
}

async fn look(rows: &Rows, driving: &Driving) -> Vec<String> {
    let mut unrests = Vec::new();
    let telegram = driving.get("/telegram").await;
    let waiting = telegram["waiting_updates"].as_i64().unwrap_or_default();
    if waiting > 0 {
        unrests.push(format!("updates that Telegram still has: {waiting}"));
    }
    for (what, query) in UNRESTS {
        match rows.number(query).await {
            Ok(0) => {}
            Ok(count) => unrests.push(format!("{what}: {count}")),
            Err(error) => unrests.push(format!("{what}: {error}")),
        }
    }
    unrests
}

//! The bot's memory while very many generations are under way.

use std::time::Duration;

use anyhow::ensure;
use futures::future::try_join_all;
use tokio::time::{Instant, sleep};

use super::crowd::{Heard, Member};
use super::report::InFlightFigures;
use super::usage::{MemoryWatch, Process};
use crate::faults::{Fault, FaultBoard, NewRule, Service, Times};
use crate::process::BotProcess;

/// How often the number of calls that the provider keeps waiting is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The number has settled when it stays for this long.
const SETTLED_AFTER: Duration = Duration::from_secs(2);
/// The longest that it may take to settle.
const PATIENCE: Duration = Duration::from_mins(1);

/// Has every member ask for one image while the provider keeps every call waiting; then it answers them all.
pub(super) async fn run(
    bot: &BotProcess,
    process: Process,
    faults: &FaultBoard,
    members: &mut [Member],
) -> anyhow::Result<InFlightFigures> {
    let hold = faults.add(NewRule {
        service: Service::Google,
        operation: None,
        fault: Fault::Hold,
        times: Times::Always,
    });
    try_join_all(members.iter_mut().map(order)).await?;
    let at_provider = settled(faults).await?;
    let memory = process.resident_memory()?;

    let watch = MemoryWatch::begin(process);
    let released = Instant::now();
    faults.remove(hold);
    faults.release();
    try_join_all(members.iter_mut().map(receive)).await?;
    let delivered_in = released.elapsed();
    ensure!(bot.status().running, "the bot ended while it delivered");
    Ok(InFlightFigures {
        generations: members.len(),
        at_provider,
        memory,
        peak_memory: watch.end(),
        delivered_in_seconds: delivered_in.as_secs_f64(),
    })
}

async fn order(member: &mut Member) -> anyhow::Result<()> {
    let prompt = format!("a harbour for {}.", member.name());
    member.order(&prompt, 1).await
}

async fn receive(member: &mut Member) -> anyhow::Result<()> {
    member.hear("an image", |heard: &Heard| heard.kind() == "photo").await?;
    Ok(())
}

/// How many calls wait at the provider, once that does not change any more.
async fn settled(faults: &FaultBoard) -> anyhow::Result<usize> {
    let deadline = Instant::now() + PATIENCE;
    let (mut held, mut since) = (faults.held().len(), Instant::now());
    while since.elapsed() < SETTLED_AFTER {
        ensure!(Instant::now() < deadline, "the calls at the provider did not come to rest");
        sleep(LOOK_EVERY).await;
        let now = faults.held().len();
        if now != held {
            (held, since) = (now, Instant::now());
        }
    }
    Ok(held)
}

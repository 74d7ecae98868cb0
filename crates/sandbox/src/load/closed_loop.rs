//! A closed loop: everybody writes a command, waits for the answer, and writes it again at once.

use std::time::Duration;

use futures::future::try_join_all;
use tokio::time::Instant;

use super::crowd::Member;
use super::report::LoopFigures;
use super::spread::Spread;
use super::usage::{MemoryWatch, Process};

/// How long an answer is waited for before it counts as never given.
const PATIENCE: Duration = Duration::from_secs(10);

/// Has everybody write `command` for `span`.
pub(super) async fn run(
    bot: Process,
    members: &mut [Member],
    command: &'static str,
    span: Duration,
) -> anyhow::Result<LoopFigures> {
    let sandbox = Process::this();
    let memory = MemoryWatch::begin(bot);
    let (bot_before, sandbox_before) = (bot.processor_time()?, sandbox.processor_time()?);
    let started = Instant::now();
    let runs = members.iter_mut().map(|member| write_until(member, command, started + span));
    let answers: Vec<Answers> = try_join_all(runs).await?;
    let elapsed = started.elapsed();
    let (bot_after, sandbox_after) = (bot.processor_time()?, sandbox.processor_time()?);

    let unanswered = answers.iter().map(|answers| answers.never_given).sum();
    let times: Vec<Duration> = answers.into_iter().flat_map(|answers| answers.times).collect();
    let updates = u32::try_from(times.len())?;
    anyhow::ensure!(updates > 0, "nobody was answered to {command}");
    Ok(LoopFigures {
        command,
        updates,
        unanswered,
        updates_per_second: (f64::from(updates) * 10.0 / elapsed.as_secs_f64()).round() / 10.0,
        bot_processor_time: bot_after.saturating_sub(bot_before) / updates,
        sandbox_processor_time: sandbox_after.saturating_sub(sandbox_before) / updates,
        answer: Spread::of(times),
        peak_memory: memory.end(),
    })
}

#[derive(Debug, Default)]
struct Answers {
    times: Vec<Duration>,
    never_given: u32,
}

async fn write_until(member: &mut Member, command: &str, end: Instant) -> anyhow::Result<Answers> {
    let mut answers = Answers::default();
    while Instant::now() < end {
        match member.ask(command, PATIENCE).await? {
            Some(time) => answers.times.push(time),
            None => answers.never_given += 1,
        }
    }
    Ok(answers)
}

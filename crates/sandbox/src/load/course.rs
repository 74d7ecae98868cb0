//! The order in which things are measured.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::time::sleep;

use super::crowd::{Crowd, Member};
use super::report::{LoopFigures, LoopsFigures, MemoryFigures, Report, StartUpFigures};
use super::spread::Spread;
use super::usage::Process;
use super::{closed_loop, delivery, in_flight, start_up, tell};
use crate::paint::{self, Painting, PictureFormat, Size};
use crate::process::BotProcess;
use crate::providers::PictureSource;
use crate::running::Sandbox;

/// The limits on sending and on what a person may do would be measured instead of the bot.
const LIFTED: [(&str, &str); 2] =
    [("AISHA_TELEGRAM__SENDS_PER_SECOND", "unlimited"), ("AISHA_CHAT__ACTION_LIMITS", "none")];
/// People draw more than the usual gift pays for.
const CREDITS: (&str, &str) = ("AISHA_CHAT__WELCOME_CREDITS", "10000");

/// How often the bot is started again.
const RESTARTS: u32 = 5;
/// How long a bot is left alone before it counts as idle.
const SETTLING: Duration = Duration::from_secs(3);
/// Long enough for every page of memory that a loop uses to be in use.
const WARM_UP: Duration = Duration::from_secs(1);
/// The longest edge of the provider's images in pixels, at which they have about a million bytes.
const EDGE: u16 = 864;
/// How long the provider takes for an image, in milliseconds.
const GENERATION_MS: u64 = 500;
/// Albums that are asked for one after the other.
const ALBUMS_ALONE: u32 = 40;
/// People who ask for an album at the same time, and how often.
const ALBUMS_AT_ONCE: (usize, u32) = (50, 3);
/// Generations under way for the memory's sake.
const IN_FLIGHT: usize = 500;

/// Measures everything.
pub(super) async fn run(sandbox: &Sandbox, people: u16, seconds: u64) -> anyhow::Result<Report> {
    let bot = sandbox.bot.as_ref().context("there is no bot to be loaded")?;
    let people = usize::from(people);
    let span = Duration::from_secs(seconds);
    sandbox.providers.change(|settings| {
        settings.pictures = PictureSource::Stock;
        settings.longest_edge = EDGE;
        settings.generation_ms = GENERATION_MS;
    });
    let set = |(name, value): (&str, &str)| (name.to_owned(), Some(value.to_owned()));
    bot.configure(LIFTED.into_iter().chain([CREDITS]).map(set));

    let mut crowd = Crowd::gather(&sandbox.telegram);
    tell("start-up")?;
    let (start_up, mut members) = measure_start_up(bot, &mut crowd).await?;
    let process = running(bot)?;
    sleep(SETTLING).await;
    let idle = process.resident_memory()?;

    crowd.grow_to(&mut members, people).await?;
    let settings = LIFTED.map(|(name, value)| format!("{name}={value}")).to_vec();
    let lifted = measure_loops(process, first(&mut members, people)?, span).await?;
    let mut loops = vec![LoopsFigures { settings, commands: lifted }];

    let (at_once, rounds) = ALBUMS_AT_ONCE;
    tell("albums one after the other")?;
    let alone = delivery::run(process, &sandbox.journal, first(&mut members, 1)?, ALBUMS_ALONE).await?;
    tell("albums at the same time")?;
    crowd.grow_to(&mut members, at_once).await?;
    let together = delivery::run(process, &sandbox.journal, first(&mut members, at_once)?, rounds).await?;
    sleep(SETTLING).await;
    let idle_after_load = process.resident_memory()?;

    tell("generations in flight")?;
    crowd.grow_to(&mut members, IN_FLIGHT).await?;
    // What earlier work has left in use would count as theirs.
    restart(bot, &mut members).await?;
    let process = running(bot)?;
    let in_flight = in_flight::run(bot, process, &sandbox.faults, first(&mut members, IN_FLIGHT)?).await?;

    tell("the defaults")?;
    bot.configure(LIFTED.map(|(name, _)| (name.to_owned(), None)));
    restart(bot, &mut members).await?;
    let usual = measure_loops(running(bot)?, first(&mut members, people)?, span).await?;
    loops.push(LoopsFigures { settings: Vec::new(), commands: usual });

    Ok(Report {
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
        processors: std::thread::available_parallelism()?.get(),
        people,
        seconds,
        loops,
        memory: MemoryFigures { idle, idle_after_load, in_flight },
        image_bytes: image_bytes()?,
        deliveries: vec![alone, together],
        start_up,
        audit: audit(bot).await?,
    })
}

/// Starts the bot with a database that it has to make, then again and again; it is left running.
async fn measure_start_up(
    bot: &BotProcess,
    crowd: &mut Crowd,
) -> anyhow::Result<(StartUpFigures, Vec<Member>)> {
    let mut stranger = crowd.stranger();
    let new_database = start_up::start(bot, &mut stranger).await?;
    let mut members = Vec::new();
    crowd.grow_to(&mut members, 1).await?;
    let waiting = members.first_mut().context("somebody joined")?;
    let mut again = Vec::new();
    for _ in 0..RESTARTS {
        again.push(start_up::again(bot, waiting).await?);
    }
    Ok((StartUpFigures { new_database, again: Spread::of(again) }, members))
}

async fn restart(bot: &BotProcess, members: &mut [Member]) -> anyhow::Result<()> {
    start_up::again(bot, members.first_mut().context("there are people")?).await?;
    Ok(())
}

async fn measure_loops(
    process: Process,
    members: &mut [Member],
    span: Duration,
) -> anyhow::Result<Vec<LoopFigures>> {
    let mut figures = Vec::new();
    for command in ["/start", "/balance"] {
        tell(&format!("{command} in a closed loop"))?;
        closed_loop::run(process, members, command, WARM_UP).await?;
        figures.push(closed_loop::run(process, members, command, span).await?);
    }
    Ok(figures)
}

fn first(members: &mut [Member], people: usize) -> anyhow::Result<&mut [Member]> {
    members.get_mut(..people).context("there are not enough people")
}

fn running(bot: &BotProcess) -> anyhow::Result<Process> {
    bot.status().pid.map(Process::of).context("the bot does not run")
}

/// The size of an image as the provider makes them here.
fn image_bytes() -> anyhow::Result<usize> {
    let painting = Painting {
        prompt: "a lighthouse for somebody".to_owned(),
        seed: 1,
        size: Size::new(EDGE, EDGE),
        model: "gemini-nano-banana-2.1".to_owned(),
        likeness: None,
    };
    Ok(paint::paint(&painting, PictureFormat::Png)?.bytes.len())
}

/// Figures of a bot that cheats would be worth nothing.
async fn audit(bot: &BotProcess) -> anyhow::Result<String> {
    let audit = bot.run_command(&["audit"]).await?;
    ensure!(audit.code == Some(0), "bot audit: {}{}", audit.stdout, audit.stderr);
    Ok(audit.stdout.trim().to_owned())
}

//! From the provider's last answer to the moment at which the album reaches Telegram.

use std::time::Duration;

use futures::future::try_join_all;

use super::crowd::{Heard, Member};
use super::report::DeliveryFigures;
use super::spread::Spread;
use super::usage::Process;
use crate::faults::Service;
use crate::journal::{Call, Journal};

/// The images of an album.
pub(super) const IMAGES: u8 = 4;

/// Has `members` ask for an album each, all at once, `rounds` times.
pub(super) async fn run(
    bot: Process,
    journal: &Journal,
    members: &mut [Member],
    rounds: u32,
) -> anyhow::Result<DeliveryFigures> {
    let sandbox = Process::this();
    let (bot_before, sandbox_before) = (bot.processor_time()?, sandbox.processor_time()?);
    let mut times = Vec::new();
    let mut not_as_album = 0;
    for round in 0..rounds {
        // The journal keeps more calls than a round makes.
        journal.clear();
        try_join_all(members.iter_mut().map(|member| order(member, round))).await?;
        let calls = journal.since(0);
        for member in members.iter() {
            match time_of(&calls, member, round) {
                Some(time) => times.push(time),
                None => not_as_album += 1,
            }
        }
    }
    let albums = u32::try_from(times.len())?;
    anyhow::ensure!(albums > 0, "nobody got an album");
    Ok(DeliveryFigures {
        in_flight: members.len(),
        images: IMAGES,
        answer_to_send: Spread::of(times),
        not_as_album,
        bot_processor_time: bot.processor_time()?.saturating_sub(bot_before) / albums,
        sandbox_processor_time: sandbox.processor_time()?.saturating_sub(sandbox_before) / albums,
    })
}

async fn order(member: &mut Member, round: u32) -> anyhow::Result<()> {
    let prompt = prompt_of(member, round);
    member.order(&prompt, IMAGES).await?;
    // After the album comes one message with its buttons, or one that points to the gallery.
    let is_end =
        |heard: &Heard| heard.labels().any(|label| label.contains("Gallery") || label.contains("gallery"));
    member.hear("the end of their request", is_end).await?;
    Ok(())
}

/// A prompt that nobody else has, so that the provider's calls can be told apart.
fn prompt_of(member: &Member, round: u32) -> String {
    format!("a lighthouse for {}, round {round}.", member.name())
}

/// From the last of the provider's answers to the arrival of our request at Telegram, which has the album in it.
fn time_of(calls: &[Call], member: &Member, round: u32) -> Option<Duration> {
    let prompt = prompt_of(member, round);
    let answers: Vec<u64> = calls
        .iter()
        .filter(|call| call.service == Service::Google && call.status == Some(200))
        .filter(|call| call.summary.ends_with(&prompt))
        .map(|call| call.at_ms + call.duration_ms)
        .collect();
    if answers.len() != usize::from(IMAGES) {
        return None;
    }
    let recipient = format!("album of {IMAGES} for {}", member.name());
    let send =
        calls.iter().find(|call| call.service == Service::Telegram && call.summary.ends_with(&recipient))?;
    let last = answers.into_iter().max()?;
    Some(Duration::from_millis(send.at_ms.saturating_sub(last)))
}

//! From the start of the bot's process to its first answer.

use std::time::Duration;

use tokio::time::Instant;

use super::crowd::{Member, Shown};
use crate::process::BotProcess;

/// Starts the bot while somebody waits to be answered; how long that takes.
pub(super) async fn start(bot: &BotProcess, member: &mut Member) -> anyhow::Result<Duration> {
    member.say("/start")?;
    let started = Instant::now();
    bot.start().await?;
    let answer = member.hear("the first answer", |heard| heard.shown == Shown::New).await?;
    Ok(answer.at.duration_since(started))
}

/// Stops the bot and starts it again; how long it takes from the start to the answer.
pub(super) async fn again(bot: &BotProcess, member: &mut Member) -> anyhow::Result<Duration> {
    bot.stop().await?;
    start(bot, member).await
}

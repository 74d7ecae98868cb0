//! `account block|unblock`

use std::process::ExitCode;

use account::{ProfileChange, Standing};
use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::account_of;
use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::say;

/// What is done about an account.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum AccountCommand {
    /// Keep a person out; it holds within a minute
    Block(Person),
    /// Let a person in again; it holds within a minute
    Unblock(Person),
}

/// Who.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Person {
    /// The person's Telegram id
    #[arg(value_name = "TELEGRAM_ID")]
    telegram_id: i64,
}

pub(crate) async fn run(configuration: Configuration, command: AccountCommand) -> anyhow::Result<ExitCode> {
    let (person, standing, words) = match command {
        AccountCommand::Block(person) => (person, Standing::Blocked, "is blocked"),
        AccountCommand::Unblock(person) => (person, Standing::Active, "may come in"),
    };
    let foundation = Foundation::build(configuration).await?;
    let account = account_of(&foundation, person.telegram_id).await?;
    foundation
        .accounts
        .change(account.id, &ProfileChange::Standing(standing))
        .await?
        .context("the account was erased meanwhile")?;
    say(&format!("{} {words}", person.telegram_id))?;
    Ok(ExitCode::SUCCESS)
}

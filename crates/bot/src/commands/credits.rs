//! `credits grant`

use std::process::ExitCode;

use anyhow::{anyhow, bail};
use balance::{BalanceError, OperationKey};
use clap::Subcommand;
use kernel::Credits;

use super::account_of;
use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::say;

/// What is done about credits.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum CreditsCommand {
    /// Give a person bonus credits, once per key: repeating the command changes nothing
    Grant {
        /// The person's Telegram id
        #[arg(value_name = "TELEGRAM_ID")]
        telegram_id: i64,
        /// How many, more than none
        #[arg(value_parser = amount)]
        amount: Credits,
        /// Why; the person reads it in their history
        #[arg(long)]
        reason: String,
        /// The name of this grant, such as contest-2026-11
        #[arg(long, value_parser = key)]
        key: OperationKey,
    },
}

fn amount(text: &str) -> Result<Credits, String> {
    let number: i64 = text.parse().map_err(|_| "expected a whole number".to_owned())?;
    match Credits::new(number) {
        Ok(credits) if !credits.is_zero() => Ok(credits),
        Ok(_) => Err("expected more than none".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn key(text: &str) -> Result<OperationKey, String> {
    // Apart from the keys that the program itself makes.
    format!("operator:{text}")
        .parse()
        .map_err(|_| "expected up to 100 printable characters without spaces".to_owned())
}

pub(crate) async fn run(configuration: Configuration, command: CreditsCommand) -> anyhow::Result<ExitCode> {
    let CreditsCommand::Grant { telegram_id, amount, reason, key } = command;
    let foundation = Foundation::build(configuration).await?;
    let account = account_of(&foundation, telegram_id).await?;
    let recorded = match foundation.balances.grant_bonus(account.id, &key, amount, &reason).await {
        Ok(recorded) => recorded,
        Err(BalanceError::KeyConflict(_)) => bail!(
            "the key {} was used before with another amount, so nothing was changed: repeat the command with the \
             first amount, or give the grant another key",
            key.as_str().trim_start_matches("operator:")
        ),
        Err(error) => return Err(anyhow!(error).context("the credits could not be given")),
    };
    say(&format!(
        "{amount} bonus credits for {telegram_id}; they have {} to spend now",
        recorded.sheet.spendable()
    ))?;
    Ok(ExitCode::SUCCESS)
}

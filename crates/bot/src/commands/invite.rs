//! `invite create|list|revoke`

use std::num::NonZeroU32;
use std::process::ExitCode;
use std::time::Duration;

use ::account::{Invite, InviteCode, Invites as _, NewInvite};
use anyhow::bail;
use clap::Subcommand;

use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::{column, moment, say};

/// What is done about invitations.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum InviteCommand {
    /// Make one, to be handed out as https://t.me/BOT?start=CODE
    Create {
        /// Its code: 4 to 64 of A-Z, a-z, 0-9, _ and -; one that nobody guesses when it is not given
        #[arg(long)]
        code: Option<InviteCode>,
        /// How many people it lets in
        #[arg(long, default_value_t = NonZeroU32::MIN)]
        places: NonZeroU32,
        /// For how many days it can be used; for ever when it is not given
        #[arg(long)]
        days: Option<NonZeroU32>,
        /// Who it is for
        #[arg(long, default_value = "")]
        note: String,
    },
    /// List them, the newest first
    List,
    /// Take one back; whoever came in by it stays
    Revoke {
        /// Its code
        code: InviteCode,
    },
}

pub(crate) async fn run(configuration: Configuration, command: InviteCommand) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    match command {
        InviteCommand::Create { code, places, days, note } => {
            let random = || InviteCode::from_random([foundation.ids.random(), foundation.ids.random()]);
            let code = code.unwrap_or_else(random);
            let lifetime = days.map(|days| Duration::from_hours(24) * days.get());
            let invite = NewInvite { code: code.clone(), places, lifetime, note };
            if !foundation.database.create(&invite).await? {
                bail!("there is an invitation {code} already; `invite list` shows it");
            }
            say(code.as_str())?;
        }
        InviteCommand::List => {
            // The database lists jobs, too.
            let invites = ::account::Invites::list(foundation.database.as_ref()).await?;
            if invites.is_empty() {
                say("there is no invitation")?;
            }
            for invite in invites {
                say(&line(&invite))?;
            }
        }
        InviteCommand::Revoke { code } => {
            if !foundation.database.revoke(&code).await? {
                bail!("there is no invitation {code}; `invite list` shows those that are");
            }
            say(&format!("the invitation {code} is taken back"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(invite: &Invite) -> String {
    let end = invite.expires_at.map_or_else(|| "for ever".to_owned(), |at| format!("until {}", moment(at)));
    let Invite { code, places, used, note, .. } = invite;
    format!("{} {used} of {places} used, {end} {note}", column(code.as_str(), 34)).trim_end().to_owned()
}

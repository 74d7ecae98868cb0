//! Who may come in, and whether anybody may now.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use account::{InviteCode, Invites, TelegramUserId};
use kernel::{Pausable, Pauses, Timestamp};
use tokio::sync::Mutex;

/// How long what was read of a maintenance is believed. Every process obeys within this and its next update.
const BELIEVED_FOR: Duration = Duration::from_secs(2);

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessMode {
    /// Everybody.
    Open,
    /// Whoever has an invitation, or accepted the terms before.
    Invite,
    /// Whoever is on the list.
    AllowList,
}

/// Who may come in, and who always may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPolicy {
    /// Who may come in.
    pub mode: AccessMode,
    /// Who may come in by name.
    pub allowed: BTreeSet<TelegramUserId>,
    /// Who always may, also during maintenance.
    pub operators: BTreeSet<TelegramUserId>,
}

/// Stands before every conversation.
pub struct Door {
    /// Who may come in.
    pub(crate) policy: AccessPolicy,
    /// Invitations.
    pub(crate) invites: Arc<dyn Invites>,
    sign: Sign,
}

impl Door {
    /// A door with this policy.
    pub fn new(policy: AccessPolicy, invites: Arc<dyn Invites>, pauses: Arc<dyn Pauses>) -> Self {
        Self { policy, invites, sign: Sign { pauses, read: Mutex::new(None) } }
    }

    /// Whether this person is asked to come back after the maintenance.
    pub(crate) async fn is_closed_for(&self, user: TelegramUserId, now: Timestamp) -> bool {
        !self.policy.operators.contains(&user) && self.sign.says_maintenance(now).await
    }

    /// Whether this person may come in without anything being asked of the database.
    pub(crate) fn lets_in(&self, user: TelegramUserId) -> bool {
        self.policy.mode == AccessMode::Open
            || self.policy.allowed.contains(&user)
            || self.policy.operators.contains(&user)
    }
}

/// The invitation in a link that was opened: `/start CODE`.
pub(crate) fn code_in(text: &str) -> Option<InviteCode> {
    let (command, payload) = text.trim().split_once(char::is_whitespace)?;
    let is_start = command.split('@').next().is_some_and(|word| word.eq_ignore_ascii_case("/start"));
    is_start.then(|| payload.trim().parse().ok()).flatten()
}

/// The sign at the door, as it was read last.
struct Sign {
    pauses: Arc<dyn Pauses>,
    read: Mutex<Option<(Timestamp, Maintenance)>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maintenance {
    On,
    Off,
}

impl Sign {
    async fn says_maintenance(&self, now: Timestamp) -> bool {
        let mut read = self.read.lock().await;
        let said = match *read {
            // A clock that was put back makes nothing believed for longer.
            Some((at, said)) if now >= at && now.since(at) < BELIEVED_FOR => said,
            earlier => {
                let said = match self.pauses.active().await {
                    Ok(pauses) if pauses.iter().any(|pause| pause.subject == Pausable::Maintenance) => {
                        Maintenance::On
                    }
                    Ok(_) => Maintenance::Off,
                    Err(error) => {
                        tracing::warn!(%error, "whether there is maintenance is not known; as before");
                        earlier.map_or(Maintenance::Off, |(_, said)| said)
                    }
                };
                *read = Some((now, said));
                said
            }
        };
        said == Maintenance::On
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_comes_with_the_start() {
        assert_eq!(code_in("/start abc-1234").unwrap().as_str(), "abc-1234");
        assert_eq!(code_in("/START@AishaBot  abc-1234 ").unwrap().as_str(), "abc-1234");
        for other in ["/start", "/start ", "abc-1234", "/startle abc-1234", "/start a b", "/help abc-1234"] {
            assert_eq!(code_in(other), None, "{other:?}");
        }
    }
}

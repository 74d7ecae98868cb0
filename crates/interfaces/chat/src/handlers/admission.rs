//! Whether a person may come in now; and if not, what they are told.

use account::Admission;
use kernel::{ChatId, StoreError};

use super::Chat;
use crate::door::{AccessMode, Door, code_in};
use crate::inbound::Sender;

impl Chat {
    /// What a person is told who may not come in now; nothing when they may. `text` is what they wrote, if they wrote.
    pub(super) async fn turned_away(
        &self,
        sender: &Sender,
        room: ChatId,
        text: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        let Some(door) = &self.door else {
            return Ok(None);
        };
        if door.is_closed_for(sender.user, self.ports.clock.now()).await {
            return Ok(Some(self.texts_as_known(sender).await.maintenance()));
        }
        if door.lets_in(sender.user) {
            return Ok(None);
        }
        match door.policy.mode {
            AccessMode::Open => Ok(None),
            AccessMode::AllowList => {
                let id = sender.user.to_string();
                Ok(Some(self.texts_as_known(sender).await.closed_circle(&id)))
            }
            AccessMode::Invite => self.without_invitation(door, sender, room, text).await,
        }
    }

    async fn without_invitation(
        &self,
        door: &Door,
        sender: &Sender,
        room: ChatId,
        text: Option<&str>,
    ) -> Result<Option<String>, StoreError> {
        if let Some(account) = self.ports.accounts.find(sender.user).await?
            // Who was in before the door was closed stays in.
            && (account.has_accepted_terms() || door.invites.is_admitted(account.id).await?)
        {
            return Ok(None);
        }
        let Some(code) = text.and_then(code_in) else {
            return Ok(Some(self.texts_as_known(sender).await.by_invitation()));
        };
        // Whoever tries codes gets no account by it.
        if door.invites.is_valid(&code).await? {
            let talk = self.talk(sender, room).await?;
            if door.invites.redeem(talk.account.id, &code).await? == Admission::Admitted {
                tracing::info!(account = %talk.account.id, "somebody came in by invitation");
                return Ok(None);
            }
        }
        Ok(Some(self.texts_as_known(sender).await.invitation_void()))
    }
}

//! Names of avatars, which are written.

use avatar::{AvatarName, AvatarNameError, DraftChange};
use kernel::AvatarId;

use super::card;
use super::wizard::show_step;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::memory::Awaited;
use crate::screens;
use crate::telegram::{Keyboard, PressAnswer};

/// Takes the words for the name of a draft; `false` when there is no such draft any more.
pub(crate) async fn take_draft_name(talk: &Talk<'_>, id: AvatarId, text: &str) -> Result<bool, HandlerError> {
    let name = match AvatarName::new(text) {
        Ok(name) => name,
        Err(error) => return say_error(talk, error).await.map(|()| true),
    };
    let change = DraftChange::Name(name);
    let Some(draft) = talk.chat.ports.avatars.change_draft(talk.account.id, id, &change).await? else {
        forget(talk).await;
        return Ok(false);
    };
    if let Some(asked) = draft.audience.progress_message {
        // The question is answered; the next one is below the answer.
        talk.replace_keyboard(asked, &Keyboard::none()).await?;
    }
    show_step(talk, Place::New, &draft).await?;
    Ok(true)
}

/// Asks for another name.
pub(super) async fn ask_new_name(talk: &Talk<'_>, id: AvatarId) -> Result<PressAnswer, HandlerError> {
    let Some(avatar) = talk.chat.ports.avatars.find(talk.account.id, id).await? else {
        return Ok(PressAnswer::Alert(talk.texts.avatar_gone()));
    };
    let mut memory = talk.recall().await;
    memory.awaited = Some(Awaited::NewName { avatar: id });
    talk.remember(&memory).await;
    talk.say(talk.texts.ask_new_name(&screens::avatar_name(talk.texts, &avatar))).await?;
    Ok(PressAnswer::Silent)
}

/// Takes the words for another name; `false` when there is no such avatar any more.
pub(crate) async fn take_new_name(talk: &Talk<'_>, id: AvatarId, text: &str) -> Result<bool, HandlerError> {
    let name = match AvatarName::new(text) {
        Ok(name) => name,
        Err(error) => return say_error(talk, error).await.map(|()| true),
    };
    let renamed = talk.chat.ports.avatars.rename(talk.account.id, id, name).await?;
    forget(talk).await;
    if renamed.is_none() {
        return Ok(false);
    }
    card::turn_to(talk, Place::New, id).await?;
    Ok(true)
}

async fn say_error(talk: &Talk<'_>, error: AvatarNameError) -> Result<(), HandlerError> {
    let words = match error {
        AvatarNameError::TooShort => talk.texts.name_too_short(),
        AvatarNameError::TooLong => talk.texts.name_too_long(),
    };
    talk.say(words).await?;
    Ok(())
}

async fn forget(talk: &Talk<'_>) {
    let mut memory = talk.recall().await;
    memory.awaited = None;
    talk.remember(&memory).await;
}

//! Trainings: taken back, tried again, or made once more because the avatar does not look like its person.

use avatar::{AvatarState, CancelTraining, Retraining, TrainingProgress};
use kernel::{Audience, AvatarId};

use super::avatar_button;
use super::wizard::show_step;
use crate::callback::AvatarButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};
use crate::words::moment;

/// It does not look like the person: says what can be done, and until when.
pub(super) async fn ask_retraining(talk: &Talk<'_>, id: AvatarId) -> Result<PressAnswer, HandlerError> {
    let texts = talk.texts;
    let Some(avatar) = talk.chat.ports.avatars.find(talk.account.id, id).await? else {
        return Ok(PressAnswer::Alert(texts.avatar_gone()));
    };
    let Retraining::Offered { until, images_left } = talk.chat.ports.avatars.retraining(&avatar).await?
    else {
        return Ok(PressAnswer::Alert(texts.retraining_over()));
    };
    let keyboard = Keyboard::none()
        .row([avatar_button(texts.button_retrain(), AvatarButton::Retrain { avatar: id })])
        .row([avatar_button(texts.button_close(), AvatarButton::Close)]);
    let until = moment(texts, until, &talk.account.zone);
    talk.send(&TextMessage::new(texts.ask_retraining(&until, images_left), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// Begins the free training, with new photos.
pub(super) async fn retrain(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let audience = Audience { chat: talk.room, progress_message: Some(message.id) };
    let begun = talk.chat.ports.avatars.begin_retraining(talk.account.id, id, audience).await?;
    let Some(draft) = begun else {
        return Ok(PressAnswer::Alert(talk.texts.retraining_over()));
    };
    show_step(talk, Place::Instead(message), &draft).await?;
    Ok(PressAnswer::Silent)
}

/// Asks whether to take a training back, in a message of its own: the one that tells how it goes is edited meanwhile.
/// What is lost depends on how far it is.
pub(super) async fn ask_cancel(talk: &Talk<'_>, id: AvatarId) -> Result<PressAnswer, HandlerError> {
    let texts = talk.texts;
    let Some(avatar) = talk.chat.ports.avatars.find(talk.account.id, id).await? else {
        return Ok(PressAnswer::Alert(texts.avatar_gone()));
    };
    let question = match &avatar.state {
        AvatarState::Queued { .. } | AvatarState::Submitting { .. } => texts.ask_cancel_queued(),
        AvatarState::Training { progress: TrainingProgress { done: Some(done), .. }, .. } => {
            texts.ask_cancel_training_percent(done.get())
        }
        AvatarState::Training { progress: TrainingProgress { done: None, .. }, .. } => {
            texts.ask_cancel_training()
        }
        _ => return Ok(PressAnswer::Alert(texts.training_cancel_too_late())),
    };
    let keyboard = Keyboard::none()
        .row([avatar_button(texts.button_cancel_training_surely(), AvatarButton::Cancel { avatar: id })])
        .row([avatar_button(texts.button_go_on_training(), AvatarButton::Close)]);
    talk.send(&TextMessage::new(question, keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// Takes a training back. The message that told how it goes says so; the question goes.
pub(super) async fn cancel(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let outcome =
        talk.chat.ports.avatars.cancel_training(talk.account.id, id).await.map_err(HandlerError::Avatar)?;
    talk.remove(message.id).await?;
    Ok(match outcome {
        CancelTraining::Cancelled { .. } => PressAnswer::Toast(talk.texts.training_being_cancelled()),
        CancelTraining::TooLate => PressAnswer::Alert(talk.texts.training_cancel_too_late()),
    })
}

/// Begins a second try after a training that came to nothing, with the photos that are there.
pub(super) async fn second_try(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let audience = Audience { chat: talk.room, progress_message: Some(message.id) };
    let begun = talk.chat.ports.avatars.begin_second_try(talk.account.id, id, audience).await?;
    let Some(draft) = begun else {
        return Ok(PressAnswer::Alert(talk.texts.second_try_over()));
    };
    show_step(talk, Place::Instead(message), &draft).await?;
    Ok(PressAnswer::Silent)
}

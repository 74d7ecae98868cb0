//! Erasing everything: asked twice, then done.

use std::time::Duration;

use crate::callback::{CallbackData, ErasureStep, ShownAt};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::memory::Memory;
use crate::screens::privacy;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::Html;

/// A button that erases works for this long; later the questions begin anew.
const PATIENCE: Duration = Duration::from_mins(15);

/// A step on the way to an erasure.
pub(crate) async fn erasure_step(
    talk: &Talk<'_>,
    message: &PressedMessage,
    step: ErasureStep,
) -> Result<PressAnswer, HandlerError> {
    match step {
        ErasureStep::Ask => {
            ask(talk, message).await?;
            Ok(PressAnswer::Silent)
        }
        ErasureStep::AskAgain { shown } if is_fresh(talk, shown) => {
            ask_again(talk, message).await?;
            Ok(PressAnswer::Silent)
        }
        ErasureStep::Confirmed { shown } if is_fresh(talk, shown) => {
            erase(talk, message).await?;
            Ok(PressAnswer::Silent)
        }
        ErasureStep::AskAgain { .. } | ErasureStep::Confirmed { .. } => {
            ask(talk, message).await?;
            Ok(PressAnswer::Alert(talk.texts.erasure_asked_anew()))
        }
    }
}

/// Says what would go, what would stay, and what would be lost.
async fn ask(talk: &Talk<'_>, message: &PressedMessage) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let inventory = talk.chat.ports.privacy.inventory(talk.account.id).await?;
    let credits = talk.balance().await?.spendable();
    let mut parts = vec![texts.erasure_question()];
    parts.push(Html::lines(privacy::what_goes(texts, &inventory)));
    parts.push(texts.erasure_stays());
    if !credits.is_zero() {
        parts.push(texts.erasure_credits_lost(credits.get()));
    }
    let further = CallbackData::Erasure(ErasureStep::AskAgain { shown: now(talk) });
    let keyboard = Keyboard::none()
        .row([Button::press(texts.button_erase_go_on(), further)])
        .row([Button::press(texts.button_keep_everything(), CallbackData::Privacy)]);
    talk.show(Place::Instead(message), &TextMessage::new(Html::paragraphs(parts), keyboard)).await?;
    Ok(())
}

async fn ask_again(talk: &Talk<'_>, message: &PressedMessage) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let confirmed = CallbackData::Erasure(ErasureStep::Confirmed { shown: now(talk) });
    let keyboard = Keyboard::none()
        .row([Button::press(texts.button_keep_everything(), CallbackData::Privacy)])
        .row([Button::press(texts.button_erase_surely(), confirmed)]);
    talk.show(Place::Instead(message), &TextMessage::new(texts.erasure_last_question(), keyboard)).await?;
    Ok(())
}

async fn erase(talk: &Talk<'_>, message: &PressedMessage) -> Result<(), HandlerError> {
    talk.show(Place::Instead(message), &TextMessage::plain(talk.texts.erasure_begun())).await?;
    // What the conversation remembers are the person's words, too.
    Memory::forget(talk.chat.ports.dialogues.as_ref(), talk.room).await;
    talk.chat.ports.privacy.request_erasure(talk.account.id, talk.room, talk.texts.language).await?;
    Ok(())
}

fn now(talk: &Talk<'_>) -> ShownAt {
    ShownAt::at(talk.chat.ports.clock.now())
}

fn is_fresh(talk: &Talk<'_>, shown: ShownAt) -> bool {
    talk.chat.ports.clock.now().since(shown.moment()) <= PATIENCE
}

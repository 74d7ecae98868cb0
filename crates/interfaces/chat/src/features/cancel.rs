//! Taking back.

use generation::{CancelOutcome, Intent};
use kernel::GenerationId;

use crate::error::HandlerError;
use crate::features::avatars;
use crate::handlers::Talk;
use crate::telegram::PressAnswer;
use crate::words::Html;

/// `/cancel`: takes back every request that nobody works on yet, and forgets where the conversation stood.
pub(crate) async fn everything(talk: &Talk<'_>) -> Result<(), HandlerError> {
    let memory = talk.recall().await;
    let had_memory = !memory.is_empty();
    talk.remember(&memory.afresh()).await;
    let (mut cancelled, mut too_late) = (0_usize, 0_usize);
    for id in talk.chat.ports.generation.under_way(talk.account.id).await? {
        match cancel(talk, id).await? {
            CancelOutcome::Cancelled => cancelled += 1,
            CancelOutcome::TooLate => too_late += 1,
        }
    }
    let mut lines = Vec::new();
    if cancelled > 0 {
        lines.push(talk.texts.cancelled(cancelled));
    }
    if too_late > 0 {
        lines.push(talk.texts.too_late_to_cancel(too_late));
    }
    if lines.is_empty() && avatars::mention_draft(talk).await? {
        return Ok(());
    }
    if lines.is_empty() {
        let text =
            if had_memory { talk.texts.conversation_cleared() } else { talk.texts.nothing_to_cancel() };
        lines.push(text);
    }
    talk.say(Html::lines(lines)).await?;
    Ok(())
}

/// The button below a request that waits.
pub(crate) async fn request(talk: &Talk<'_>, nonce: u64) -> Result<PressAnswer, HandlerError> {
    let wish = Intent::button(nonce);
    let outcome = match talk.chat.ports.generation.answer_to(talk.account.id, &wish).await? {
        Some(generation) => cancel(talk, generation.id).await?,
        None => CancelOutcome::TooLate,
    };
    Ok(match outcome {
        CancelOutcome::Cancelled => PressAnswer::Toast(talk.texts.request_cancelled()),
        CancelOutcome::TooLate => PressAnswer::Alert(talk.texts.request_too_late()),
    })
}

async fn cancel(talk: &Talk<'_>, id: GenerationId) -> Result<CancelOutcome, HandlerError> {
    talk.chat.ports.generation.cancel(talk.account.id, id).await.map_err(HandlerError::Cancel)
}

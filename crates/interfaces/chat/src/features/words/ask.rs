//! Asking for help.

use generation::{HelpOutcome, HelpRequest, HelpState, HelpTask, Intent, NewHelp};
use kernel::{Audience, MessageId};
use uuid::Uuid;

use crate::callback::{OfferChoice, WordsHelp};
use crate::error::HandlerError;
use crate::features::imagine;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::screens::help;
use crate::telegram::{PressAnswer, TextMessage};
use crate::words::moment;

/// What became of a request for help.
pub(crate) enum Asked {
    /// The answer will take the place of the progress message, or has done so.
    UnderWay,
    /// There is none, for this reason.
    Not(String),
}

/// Asks for help; the person waits at the message `progress`. Asked twice for one wish, it is one request, and its answer
/// is shown again if it was there already.
pub(crate) async fn ask(
    talk: &Talk<'_>,
    intent: Intent,
    wanted: HelpTask,
    progress: MessageId,
) -> Result<Asked, HandlerError> {
    let new = NewHelp {
        account: talk.account.id,
        intent,
        task: wanted,
        language: talk.texts.language,
        audience: Audience { chat: talk.room, progress_message: Some(progress) },
    };
    Ok(match talk.chat.ports.help.ask(&new).await? {
        HelpOutcome::Started(_) => Asked::UnderWay,
        HelpOutcome::Repeated(earlier) => {
            show_again(talk, &earlier, progress).await?;
            Asked::UnderWay
        }
        HelpOutcome::CapReached(cap) => Asked::Not(talk.texts.help_cap_reached(cap)),
        HelpOutcome::Off => Asked::Not(talk.texts.help_off()),
        HelpOutcome::Paused { until } => {
            Asked::Not(talk.texts.paused_until(&moment(talk.texts, until, &talk.account.zone)))
        }
    })
}

/// What was shown before stands where the person waits now. What was not will be shown by the job.
async fn show_again(talk: &Talk<'_>, earlier: &HelpRequest, progress: MessageId) -> Result<(), HandlerError> {
    let message = match &earlier.state {
        HelpState::Shown { text } => help::answer(talk.texts, earlier, text),
        HelpState::Closed(failure) => help::failure(talk.texts, earlier, failure),
        HelpState::Waiting | HelpState::Answered { .. } | HelpState::Failed(_) => return Ok(()),
    };
    talk.show(Place::Instead(&talk.text_message(progress)), &message).await?;
    Ok(())
}

/// Better words, or the same in English, for the description of an offer. The offer becomes the progress message, and
/// that the answer.
pub(crate) async fn help_with_offer(
    talk: &Talk<'_>,
    message: &PressedMessage,
    kind: WordsHelp,
    choice: OfferChoice,
) -> Result<PressAnswer, HandlerError> {
    let wish = Intent::button(choice.nonce);
    if talk.chat.ports.generation.answer_to(talk.account.id, &wish).await?.is_some() {
        return Ok(PressAnswer::Toast(talk.texts.already_taken()));
    }
    let Some(prompt) = imagine::description(talk, message, &choice).await else {
        return Ok(PressAnswer::Alert(talk.texts.prompt_lost()));
    };
    let (name, wanted) = match kind {
        WordsHelp::Improve => {
            let avatar = choice.likeness.avatar();
            let wanted = HelpTask::Improve { prompt: prompt.clone(), avatar, variation: 0 };
            ("improve", wanted)
        }
        WordsHelp::Translate => {
            let avatar = choice.likeness.avatar();
            ("translate", HelpTask::Translate { prompt: prompt.clone(), avatar, variation: 0 })
        }
    };
    let intent = Intent::of_work(name, Uuid::from_u64_pair(0, choice.nonce));
    let mut memory = talk.recall().await;
    memory.helped.remember(prompt.as_str(), choice.likeness.avatar(), choice.seed);
    talk.remember(&memory).await;
    let waiting = TextMessage::plain(help::waiting(talk.texts, &wanted));
    // The message is edited before help is asked for: afterwards a worker may be editing it already.
    let progress = talk.show(Place::Instead(message), &waiting).await?;
    match ask(talk, intent, wanted, progress).await? {
        Asked::UnderWay => Ok(PressAnswer::Silent),
        Asked::Not(reason) => {
            let here = talk.text_message(progress);
            imagine::show_offer(talk, Place::Instead(&here), &prompt, &choice).await?;
            Ok(PressAnswer::Alert(reason))
        }
    }
}

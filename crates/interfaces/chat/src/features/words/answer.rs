//! Going on from the answer to a request for help.

use generation::{HelpRequest, HelpState, HelpTask, Intent, Prompt, PromptError};
use kernel::{AvatarId, HelpId};

use super::ask::{Asked, ask};
use crate::callback::HelpStep;
use crate::error::HandlerError;
use crate::features::draw;
use crate::features::imagine::{self, Subject};
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::keyboards::menu_row;
use crate::memory::Awaited;
use crate::screens;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};

/// Goes on from an answer.
pub(crate) async fn go_on(
    talk: &Talk<'_>,
    message: &PressedMessage,
    help: HelpId,
    step: HelpStep,
) -> Result<PressAnswer, HandlerError> {
    let Some(request) = talk.chat.ports.help.find(talk.account.id, help).await? else {
        return Ok(PressAnswer::Alert(talk.texts.help_forgotten()));
    };
    let here = Place::Instead(message);
    match step {
        HelpStep::KeepMine => match screens::help::own_words(&request.task) {
            Some(own) => offer(talk, here, own.as_str(), subject_of(talk, &request.task).await).await,
            None => Ok(PressAnswer::Alert(talk.texts.help_forgotten())),
        },
        HelpStep::Imagine => {
            with_answer(talk, &request, async |answer| {
                offer(talk, here, answer, subject_of(talk, &request.task).await).await
            })
            .await
        }
        HelpStep::DrawMe => {
            with_answer(talk, &request, async |answer| draw_me(talk, here, answer).await).await
        }
        HelpStep::Edit => {
            with_answer(talk, &request, async |answer| {
                let subject = subject_of(talk, &request.task).await;
                let mut memory = talk.recall().await;
                memory.awaited =
                    Some(Awaited::Words { avatar: subject.likeness.avatar(), seed: subject.seed });
                talk.remember(&memory).await;
                talk.show(here, &screens::help::editing(talk.texts, help, answer)).await?;
                Ok(PressAnswer::Silent)
            })
            .await
        }
        HelpStep::Improve => {
            with_answer(talk, &request, async |answer| improve(talk, message, &request, answer).await).await
        }
        HelpStep::TryAgain => {
            let intent = Intent::of_work("again", help.uuid());
            follow(talk, message, &request, intent, another_try(&request.task)).await
        }
        HelpStep::SomethingLikeIt => match file_of_photo(&request.task) {
            Some(wanted) => {
                let intent = Intent::of_work("like", help.uuid());
                follow(talk, message, &request, intent, wanted).await
            }
            None => Ok(PressAnswer::Alert(talk.texts.help_forgotten())),
        },
        HelpStep::Discard => {
            let keyboard = Keyboard::none().row(menu_row(talk.texts));
            talk.show(here, &TextMessage::new(talk.texts.help_discarded(), keyboard)).await?;
            Ok(PressAnswer::Silent)
        }
    }
}

/// Does something with the answer, if there is one.
async fn with_answer(
    talk: &Talk<'_>,
    request: &HelpRequest,
    act: impl AsyncFnOnce(&str) -> Result<PressAnswer, HandlerError>,
) -> Result<PressAnswer, HandlerError> {
    match &request.state {
        HelpState::Answered { text } | HelpState::Shown { text } => act(text).await,
        HelpState::Waiting | HelpState::Failed(_) | HelpState::Closed(_) => {
            Ok(PressAnswer::Alert(talk.texts.help_forgotten()))
        }
    }
}

async fn offer(
    talk: &Talk<'_>,
    place: Place<'_>,
    text: &str,
    subject: Subject,
) -> Result<PressAnswer, HandlerError> {
    imagine::offer_at(talk, place, text, subject).await?;
    Ok(PressAnswer::Silent)
}

/// Offers to draw the person's main avatar; says how to get one when there is none.
async fn draw_me(talk: &Talk<'_>, place: Place<'_>, text: &str) -> Result<PressAnswer, HandlerError> {
    match talk.chat.ports.avatars.main(talk.account.id).await? {
        Some(avatar) => offer(talk, place, text, Subject::of_avatar(Some(avatar.id))).await,
        None => draw::with_words(talk, text).await.map(|()| PressAnswer::Silent),
    }
}

/// Better words for what was said.
async fn improve(
    talk: &Talk<'_>,
    message: &PressedMessage,
    request: &HelpRequest,
    answer: &str,
) -> Result<PressAnswer, HandlerError> {
    let prompt = match Prompt::new(answer) {
        Ok(prompt) => prompt,
        Err(PromptError::Empty) => return Ok(PressAnswer::Alert(talk.texts.help_forgotten())),
        Err(PromptError::TooLong { characters }) => {
            return Ok(PressAnswer::Alert(talk.texts.model_prompt_too_long(characters)));
        }
    };
    let intent = Intent::of_work("improve", request.id.uuid());
    let wanted = HelpTask::Improve { prompt, avatar: None, variation: 0 };
    follow(talk, message, request, intent, wanted).await
}

/// Asks the next question where the answer to the last one stands; that answer comes back when there is no help.
async fn follow(
    talk: &Talk<'_>,
    message: &PressedMessage,
    request: &HelpRequest,
    intent: Intent,
    wanted: HelpTask,
) -> Result<PressAnswer, HandlerError> {
    let waiting = TextMessage::plain(screens::help::waiting(talk.texts, &wanted));
    let progress = talk.show(Place::Instead(message), &waiting).await?;
    match ask(talk, intent, wanted, progress).await? {
        Asked::UnderWay => Ok(PressAnswer::Silent),
        Asked::Not(reason) => {
            let before = match &request.state {
                HelpState::Answered { text } | HelpState::Shown { text } => {
                    screens::help::answer(talk.texts, request, text)
                }
                HelpState::Failed(failure) | HelpState::Closed(failure) => {
                    screens::help::failure(talk.texts, request, failure)
                }
                HelpState::Waiting => waiting,
            };
            talk.show(Place::Instead(&talk.text_message(progress)), &before).await?;
            Ok(PressAnswer::Alert(reason))
        }
    }
}

/// Who is to be in the picture: as the offer said that the words came from, or as what was asked for says.
async fn subject_of(talk: &Talk<'_>, wanted: &HelpTask) -> Subject {
    if let Some(own) = screens::help::own_words(wanted)
        && let Some((avatar, seed)) = talk.recall().await.helped.find(own.as_str())
    {
        return Subject { seed, ..Subject::of_avatar(avatar) };
    }
    Subject::of_avatar(avatar_of(wanted))
}

const fn avatar_of(wanted: &HelpTask) -> Option<AvatarId> {
    match wanted {
        HelpTask::Improve { avatar, .. }
        | HelpTask::Translate { avatar, .. }
        | HelpTask::PromptFromPhoto { avatar, .. } => *avatar,
        HelpTask::Transcribe { .. } | HelpTask::DescribePhoto { .. } => None,
    }
}

/// The same question, for another answer.
fn another_try(wanted: &HelpTask) -> HelpTask {
    match wanted.clone() {
        HelpTask::Improve { prompt, avatar, variation } => {
            HelpTask::Improve { prompt, avatar, variation: variation.saturating_add(1) }
        }
        HelpTask::Translate { prompt, avatar, variation } => {
            HelpTask::Translate { prompt, avatar, variation: variation.saturating_add(1) }
        }
        same => same,
    }
}

/// A description for drawing something like the photo that was described.
fn file_of_photo(wanted: &HelpTask) -> Option<HelpTask> {
    match wanted {
        HelpTask::DescribePhoto { file } => {
            Some(HelpTask::PromptFromPhoto { file: file.clone(), avatar: None })
        }
        _ => None,
    }
}

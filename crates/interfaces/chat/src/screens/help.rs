//! What a request for help looks like to its person: while it is waited for, with its answer, and without one.

use generation::{HelpFailure, HelpRequest, HelpTask, Prompt};
use kernel::HelpId;

use crate::callback::{CallbackData, HelpStep};
use crate::keyboards::menu_row;
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, Texts, shortened};

/// The most that is shown of one of two texts, in UTF-16 units; a message has room for 4096.
const LONGEST_OF_TWO: usize = 1_850;
/// The most that is shown of one text alone, in UTF-16 units.
const LONGEST_ALONE: usize = 3_700;

/// What is shown while the answer is waited for.
pub(crate) fn waiting(texts: Texts, task: &HelpTask) -> Html {
    match task {
        HelpTask::Improve { .. } | HelpTask::PromptFromPhoto { .. } => texts.help_wording(),
        HelpTask::Translate { .. } => texts.help_translating(),
        HelpTask::Transcribe { .. } => texts.help_listening(),
        HelpTask::DescribePhoto { .. } => texts.help_looking(),
    }
}

/// The answer, with what can be done with it.
pub(crate) fn answer(texts: Texts, request: &HelpRequest, answer: &str) -> TextMessage {
    match &request.task {
        HelpTask::Improve { prompt, .. } | HelpTask::Translate { prompt, .. } => {
            both_versions(texts, request.id, prompt, answer)
        }
        HelpTask::Transcribe { .. } => {
            let keyboard = Keyboard::none()
                .row([
                    go_on(request.id, texts.button_imagine_this(), HelpStep::Imagine),
                    go_on(request.id, texts.button_draw_me_so(), HelpStep::DrawMe),
                ])
                .row([
                    go_on(request.id, texts.button_improve(), HelpStep::Improve),
                    go_on(request.id, texts.button_edit_words(), HelpStep::Edit),
                ])
                .row([go_on(request.id, texts.button_drop_words(), HelpStep::Discard)]);
            alone(texts.help_heard(), answer, keyboard)
        }
        HelpTask::DescribePhoto { .. } => {
            let like_it = go_on(request.id, texts.button_something_like_it(), HelpStep::SomethingLikeIt);
            let keyboard = Keyboard::none().row([like_it]).row(menu_row(texts));
            alone(texts.help_seen(), answer, keyboard)
        }
        HelpTask::PromptFromPhoto { avatar, .. } => {
            let imagine = go_on(request.id, texts.button_imagine_this(), HelpStep::Imagine);
            let draw_me = go_on(request.id, texts.button_draw_me_so(), HelpStep::DrawMe);
            // With an avatar in it, the first button draws that avatar.
            let keyboard = Keyboard::none()
                .row([Some(imagine), avatar.is_none().then_some(draw_me)].into_iter().flatten())
                .row([
                    go_on(request.id, texts.button_edit_words(), HelpStep::Edit),
                    go_on(request.id, texts.button_drop_words(), HelpStep::Discard),
                ]);
            alone(texts.help_like_photo(), answer, keyboard)
        }
    }
}

/// That there is no answer; the person's own words go on without it.
pub(crate) fn failure(texts: Texts, request: &HelpRequest, failure: &HelpFailure) -> TextMessage {
    let reason = reason(texts, &request.task, failure);
    if let Some(own) = own_words(&request.task) {
        let quotation = Html::quotation(&shortened(own.as_str(), LONGEST_ALONE));
        let keyboard = Keyboard::none()
            .row([go_on(request.id, texts.button_go_on_with_mine(), HelpStep::KeepMine)])
            .row(menu_row(texts));
        return TextMessage::new(Html::lines([reason, quotation]), keyboard);
    }
    let may_help_again = matches!(failure, HelpFailure::Unavailable | HelpFailure::Internal { .. });
    let again = may_help_again.then(|| go_on(request.id, texts.button_another_try(), HelpStep::TryAgain));
    TextMessage::new(reason, Keyboard::none().row(again).row(menu_row(texts)))
}

/// The answer, for the person to change: pressed, it is copied.
pub(crate) fn editing(texts: Texts, help: HelpId, answer: &str) -> TextMessage {
    let text = Html::paragraphs([texts.help_edit(), Html::code(&shortened(answer, LONGEST_ALONE))]);
    let keyboard = Keyboard::none().row([
        go_on(help, texts.button_as_it_is(), HelpStep::Imagine),
        go_on(help, texts.button_drop_words(), HelpStep::Discard),
    ]);
    TextMessage::new(text, keyboard)
}

/// The person's own words, if the task is about words.
pub(crate) const fn own_words(task: &HelpTask) -> Option<&Prompt> {
    match task {
        HelpTask::Improve { prompt, .. } | HelpTask::Translate { prompt, .. } => Some(prompt),
        HelpTask::Transcribe { .. } | HelpTask::DescribePhoto { .. } | HelpTask::PromptFromPhoto { .. } => {
            None
        }
    }
}

fn both_versions(texts: Texts, help: HelpId, own: &Prompt, suggestion: &str) -> TextMessage {
    let quoted = |text: &str| Html::quotation(&shortened(text, LONGEST_OF_TWO));
    let text =
        Html::lines([texts.help_mine(), quoted(own.as_str()), texts.help_suggestion(), quoted(suggestion)]);
    let keyboard = Keyboard::none()
        .row([go_on(help, texts.button_use_this(), HelpStep::Imagine)])
        .row([
            go_on(help, texts.button_keep_mine(), HelpStep::KeepMine),
            go_on(help, texts.button_edit_words(), HelpStep::Edit),
        ])
        .row([go_on(help, texts.button_another_try(), HelpStep::TryAgain)]);
    TextMessage::new(text, keyboard)
}

fn alone(title: Html, answer: &str, keyboard: Keyboard) -> TextMessage {
    let quotation = Html::quotation(&shortened(answer, LONGEST_ALONE));
    TextMessage::new(Html::lines([title, quotation]), keyboard)
}

fn reason(texts: Texts, task: &HelpTask, failure: &HelpFailure) -> Html {
    match (failure, task) {
        (HelpFailure::Internal { reference }, _) => texts.help_internal(reference),
        (HelpFailure::Refused, _) => texts.help_refused(),
        (HelpFailure::Unavailable, HelpTask::Transcribe { .. }) => texts.help_deaf(),
        (HelpFailure::Unavailable, HelpTask::DescribePhoto { .. } | HelpTask::PromptFromPhoto { .. }) => {
            texts.help_blind()
        }
        (HelpFailure::Unavailable, HelpTask::Improve { .. } | HelpTask::Translate { .. }) => {
            texts.help_away()
        }
        (HelpFailure::UnreadableFile, HelpTask::Transcribe { .. }) => texts.help_unreadable_voice(),
        (HelpFailure::UnreadableFile, _) => texts.help_unreadable_photo(),
        (HelpFailure::Nothing, HelpTask::Transcribe { .. }) => texts.help_heard_nothing(),
        (HelpFailure::Nothing, _) => texts.help_seen_nothing(),
    }
}

fn go_on(help: HelpId, label: String, step: HelpStep) -> Button {
    Button::press(label, CallbackData::HelpAnswer { help, step })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::utf16_length;
    use generation::{HelpState, Intent};
    use kernel::{AccountId, Audience, ChatId, IncomingFileId, Language, Timestamp};
    use uuid::Uuid;

    fn request(task: HelpTask) -> HelpRequest {
        HelpRequest {
            id: HelpId::new(Uuid::from_u128(1)),
            account: AccountId::new(Uuid::from_u128(2)),
            intent: Intent::button(3),
            task,
            language: Language::English,
            state: HelpState::Waiting,
            audience: Audience { chat: ChatId::new(42), progress_message: None },
            created_at: Timestamp::from_seconds(0),
            version: 1,
        }
    }

    fn tasks(prompt: &Prompt) -> [HelpTask; 5] {
        let file = IncomingFileId::new("file");
        [
            HelpTask::Improve { prompt: prompt.clone(), avatar: None, variation: 0 },
            HelpTask::Translate { prompt: prompt.clone(), avatar: None, variation: 0 },
            HelpTask::Transcribe { file: file.clone() },
            HelpTask::DescribePhoto { file: file.clone() },
            HelpTask::PromptFromPhoto { file, avatar: None },
        ]
    }

    /// The length of a text without its markup.
    fn visible(text: &Html) -> usize {
        let mut visible = text.as_str().to_owned();
        for tag in ["<blockquote>", "</blockquote>", "<b>", "</b>", "<i>", "</i>", "<code>", "</code>"] {
            visible = visible.replace(tag, "");
        }
        utf16_length(&visible.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    }

    #[test]
    fn answers_and_failures_fit_into_a_message_whatever_they_say() {
        for long in ["🦊".repeat(2000), "<&>".repeat(666)] {
            let prompt = Prompt::new(&long).unwrap();
            for (language, task) in
                Language::ALL.into_iter().flat_map(|language| tasks(&prompt).map(|task| (language, task)))
            {
                let texts = Texts::of(language);
                let request = request(task);
                let answered = answer(texts, &request, &long);
                assert!(visible(&answered.text) <= 4096, "{}", visible(&answered.text));
                assert!(visible(&editing(texts, request.id, &long).text) <= 4096);
                for failed in [HelpFailure::Unavailable, HelpFailure::Refused, HelpFailure::Nothing] {
                    let told = failure(texts, &request, &failed);
                    assert!(visible(&told.text) <= 4096);
                    assert!(!told.keyboard.is_empty());
                }
            }
        }
    }

    #[test]
    fn words_of_people_and_models_are_only_text() {
        let nasty = "</blockquote><b>a & b</b>";
        let [improve, ..] = tasks(&Prompt::new(nasty).unwrap());
        let message = answer(Texts::of(Language::English), &request(improve), nasty);
        assert_eq!(
            message.text.as_str().matches("&lt;/blockquote&gt;&lt;b&gt;a &amp; b&lt;/b&gt;").count(),
            2
        );
    }

    #[test]
    fn without_help_the_persons_own_words_go_on() {
        let [improve, _, transcribe, ..] = tasks(&Prompt::new("a fox").unwrap());
        let texts = Texts::of(Language::English);
        let steps = |message: &TextMessage| {
            message
                .keyboard
                .buttons()
                .filter_map(|button| match &button.action {
                    crate::telegram::ButtonAction::Press(CallbackData::HelpAnswer { step, .. }) => {
                        Some(*step)
                    }
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        let told = failure(texts, &request(improve), &HelpFailure::Unavailable);
        assert_eq!(steps(&told), [HelpStep::KeepMine]);
        assert!(told.text.as_str().contains("a fox"));
        let told = failure(texts, &request(transcribe.clone()), &HelpFailure::Unavailable);
        assert_eq!(steps(&told), [HelpStep::TryAgain]);
        let told = failure(texts, &request(transcribe), &HelpFailure::Nothing);
        assert_eq!(steps(&told), [], "another try would hear nothing either");
    }
}

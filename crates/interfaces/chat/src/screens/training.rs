//! The one message that tells how a training goes.

use std::time::Duration;

use avatar::{Avatar, TrainingProgress, TrainingStage};
use kernel::Percent;

use super::names::avatar_name;
use crate::callback::{AvatarButton, CallbackData};
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, Texts};

/// Pieces of the bar.
const BAR: u8 = 10;

/// How far a training is, with the way to take it back while there is one.
pub(crate) fn training(texts: Texts, avatar: &Avatar, stage: TrainingStage) -> TextMessage {
    let name = avatar_name(texts, avatar);
    let mut lines = match stage {
        TrainingStage::Preparing => vec![texts.stage_preparing(&name)],
        TrainingStage::Training { progress, remaining } => under_way(texts, &name, progress, remaining),
        TrainingStage::TryingAgain => vec![texts.stage_trying_again(&name)],
        TrainingStage::Copying => vec![texts.stage_copying(&name)],
    };
    if stage == TrainingStage::Copying {
        return TextMessage::plain(Html::lines(lines));
    }
    lines.push(texts.stage_note());
    let data = CallbackData::Avatar(AvatarButton::AskCancel { avatar: avatar.id });
    let cancel = Button::press(texts.button_cancel_training(), data);
    TextMessage::new(Html::lines(lines), Keyboard::none().row([cancel]))
}

fn under_way(
    texts: Texts,
    name: &str,
    progress: TrainingProgress,
    remaining_time: Option<Duration>,
) -> Vec<Html> {
    let mut lines = match (progress.done, progress.position) {
        (None, Some(before)) => vec![texts.stage_position(name, before)],
        _ => vec![texts.stage_training(name)],
    };
    lines.extend(progress.done.map(|done| texts.percent_bar(&bar(done), done.get())));
    lines.extend(remaining_time.map(|time| remaining(texts, time)));
    lines
}

/// About how long something still takes.
pub(crate) fn remaining(texts: Texts, time: Duration) -> Html {
    texts.remaining(minutes(time))
}

/// The minutes that are told of a duration: begun ones count, and it is never none.
pub(crate) fn minutes(time: Duration) -> u64 {
    time.as_secs().div_ceil(60).max(1)
}

fn bar(done: Percent) -> String {
    let full = usize::from(done.get() / (100 / BAR));
    "▰".repeat(full) + &"▱".repeat(usize::from(BAR) - full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_full_as_the_work_is_done() {
        assert_eq!(bar(Percent::new(0)), "▱▱▱▱▱▱▱▱▱▱");
        assert_eq!(bar(Percent::new(39)), "▰▰▰▱▱▱▱▱▱▱");
        assert_eq!(bar(Percent::FULL), "▰▰▰▰▰▰▰▰▰▰");
    }

    #[test]
    fn a_begun_minute_counts() {
        for (seconds, told) in [(0, 1), (59, 1), (60, 1), (61, 2), (600, 10)] {
            assert_eq!(minutes(Duration::from_secs(seconds)), told, "{seconds}");
        }
    }
}

//! How a training ended, and what was removed.

use account::Account;
use avatar::{Avatar, KindName, RemovalCause, RemovalReceipt, TrainingEnding, TrainingFailure};

use super::names::{avatar_name, kind_of};
use crate::callback::{AvatarButton, CallbackData, PortraitButton};
use crate::keyboards::menu_row;
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, Texts, moment};

const BYTES_OF_A_MEGABYTE: u64 = 1_000_000;

/// How a training ended, and the ways on from there.
pub(crate) fn ending(account: &Account, avatar: &Avatar, ending: &TrainingEnding) -> TextMessage {
    let texts = Texts::of(account.language);
    let name = avatar_name(texts, avatar);
    match ending {
        TrainingEnding::Ready { photos_until } => {
            let ready = match kind_of(avatar) {
                KindName::Style => texts.training_ready_style(&name),
                KindName::Portrait | KindName::Instant => texts.training_ready(&name),
            };
            let photos = texts.photos_until(&moment(texts, *photos_until, &account.zone));
            TextMessage::new(Html::paragraphs([ready, photos]), ready_keyboard(texts, avatar))
        }
        TrainingEnding::Failed { reason, returned } => {
            let mut lines = vec![texts.training_failed(&name), texts.training_failure(failure_name(reason))];
            if let TrainingFailure::Internal { reference } = reason {
                lines.push(texts.failure_reference(reference));
            }
            lines.extend([texts.training_returned(returned.get()), texts.training_photos_kept()]);
            TextMessage::new(Html::lines(lines), again_keyboard(texts, avatar))
        }
        TrainingEnding::Cancelled { returned } => {
            let lines = [
                texts.training_cancelled(&name),
                texts.training_returned(returned.get()),
                texts.training_cancelled_photos(),
            ];
            TextMessage::new(Html::lines(lines), again_keyboard(texts, avatar))
        }
    }
}

/// An instant avatar is ready.
pub(crate) fn instant_ready(texts: Texts, avatar: &Avatar) -> TextMessage {
    let text = texts.instant_ready(&avatar_name(texts, avatar));
    TextMessage::new(text, ready_keyboard(texts, avatar))
}

/// What was removed, and why.
pub(crate) fn receipt(
    texts: Texts,
    avatar: &Avatar,
    why: RemovalCause,
    receipt: RemovalReceipt,
) -> TextMessage {
    let photos = match why {
        RemovalCause::Retention => texts.receipt_retention(&avatar_name(texts, avatar), receipt.photos),
        RemovalCause::Deleted => texts.receipt_deleted(receipt.photos),
    };
    let weights = (receipt.weights_bytes > 0)
        .then(|| texts.receipt_weights(receipt.weights_bytes.div_ceil(BYTES_OF_A_MEGABYTE)));
    TextMessage::plain(Html::lines([photos].into_iter().chain(weights)))
}

fn ready_keyboard(texts: Texts, avatar: &Avatar) -> Keyboard {
    let draw = CallbackData::Portrait(PortraitButton::With { avatar: avatar.id });
    Keyboard::none().row([Button::press(texts.button_draw_avatar(), draw)]).row([card(texts, avatar)])
}

fn again_keyboard(texts: Texts, avatar: &Avatar) -> Keyboard {
    let again = CallbackData::Avatar(AvatarButton::SecondTry { avatar: avatar.id });
    Keyboard::none()
        .row([Button::press(texts.button_second_try(), again)])
        .row([card(texts, avatar)])
        .row(menu_row(texts))
}

fn card(texts: Texts, avatar: &Avatar) -> Button {
    let card = CallbackData::Avatar(AvatarButton::Card { avatar: avatar.id });
    Button::press(texts.button_open_avatar(), card)
}

/// The reason's name in the texts.
const fn failure_name(reason: &TrainingFailure) -> &'static str {
    match reason {
        TrainingFailure::PhotosRefused => "photos-refused",
        TrainingFailure::Refused => "refused",
        TrainingFailure::Unavailable => "unavailable",
        TrainingFailure::NoWeights => "no-weights",
        TrainingFailure::NoTrainer => "no-trainer",
        TrainingFailure::Internal { .. } => "internal",
    }
}

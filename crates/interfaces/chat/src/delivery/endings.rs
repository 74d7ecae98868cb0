//! News of requests: that nothing came of one, or that something did and lies in the gallery.

use generation::{Audience, Ending, FailureReason, NotifyError};
use kernel::{AccountId, GalleryItemId, GenerationId, MessageId};

use super::TelegramNotifier;
use crate::callback::{CallbackData, GalleryView};
use crate::keyboards::{self, menu_row};
use crate::telegram::{Button, Keyboard, TextMessage};
use crate::words::{Html, Texts};

/// Turns the progress message into one that opens the gallery.
pub(super) async fn point_to_gallery(
    notifier: &TelegramNotifier,
    account: AccountId,
    audience: &Audience,
    newest: GalleryItemId,
) -> Result<(), NotifyError> {
    let texts = notifier.texts(account).await?;
    let message = TextMessage::new(texts.ready_in_gallery(), keyboards::gallery_door(texts, newest));
    notifier.edit_or_send(audience, &message).await.map(|_| ())
}

/// Turns the progress message into the news that nothing came of it.
pub(super) async fn tell(
    notifier: &TelegramNotifier,
    account: AccountId,
    generation: GenerationId,
    audience: &Audience,
    ending: &Ending,
) -> Result<Option<MessageId>, NotifyError> {
    let texts = notifier.texts(account).await?;
    let asked = if may_help_again(ending) { notifier.asked(account, generation).await? } else { None };
    let keyboard = match asked {
        Some(request) => {
            let again = notifier.again(account, request.likeness).await?;
            keyboards::ending(texts, generation, request.count, again)
        }
        None => Keyboard::none()
            .row([Button::press(texts.button_new_image(), CallbackData::NewImage)])
            .row(menu_row(texts)),
    };
    let message = TextMessage::new(words(texts, ending), keyboard);
    notifier.edit_or_send(audience, &message).await.map(Some)
}

/// Says that images came late and cost nothing.
pub(super) async fn tell_late(
    notifier: &TelegramNotifier,
    account: AccountId,
    audience: &Audience,
    images: u8,
) -> Result<(), NotifyError> {
    let texts = notifier.texts(account).await?;
    let gallery = CallbackData::OpenGallery { view: GalleryView::ALL };
    let keyboard = Keyboard::none().row([Button::press(texts.button_open_gallery(), gallery)]);
    let message = TextMessage::new(texts.late_images(images), keyboard);
    notifier.ports.telegram.send_message(audience.chat, &message).await?;
    Ok(())
}

fn words(texts: Texts, ending: &Ending) -> Html {
    match ending {
        Ending::Failed(FailureReason::Refused) => texts.ending_refused(),
        Ending::Failed(FailureReason::Invalid) => texts.ending_invalid(),
        Ending::Failed(FailureReason::Unavailable) => texts.ending_unavailable(),
        Ending::Failed(FailureReason::NoModel) => texts.ending_no_model(),
        Ending::Failed(FailureReason::NoAvatar) => texts.ending_no_avatar(),
        Ending::Failed(FailureReason::NoSafetyCheck) => texts.ending_no_safety_check(),
        Ending::Failed(FailureReason::Internal { reference }) => texts.ending_internal(reference),
        Ending::Cancelled => texts.ending_cancelled(),
        Ending::Expired => texts.ending_expired(),
    }
}

/// Whether the same request may come to something the next time.
const fn may_help_again(ending: &Ending) -> bool {
    match ending {
        Ending::Failed(FailureReason::Refused | FailureReason::Invalid | FailureReason::NoAvatar) => false,
        Ending::Failed(
            FailureReason::Unavailable
            | FailureReason::NoModel
            | FailureReason::NoSafetyCheck
            | FailureReason::Internal { .. },
        )
        | Ending::Cancelled
        | Ending::Expired => true,
    }
}

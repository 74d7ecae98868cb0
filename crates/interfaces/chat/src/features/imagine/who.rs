//! Choosing on an offer who is to be in the picture.

use generation::Likeness;

use crate::callback::{CallbackData, OfferChoice};
use crate::error::HandlerError;
use crate::features::draw::who_may_be_drawn;
use crate::handlers::Talk;
use crate::inbound::PressedMessage;
use crate::keyboards::ticked;
use crate::screens;
use crate::telegram::{Button, Keyboard, PressAnswer};

/// The button that says who is in the picture and changes it; none for who has no avatar.
pub(super) async fn who_button(
    talk: &Talk<'_>,
    choice: &OfferChoice,
) -> Result<Option<Button>, HandlerError> {
    let avatars = &talk.chat.ports.avatars;
    let label = match choice.likeness {
        Likeness::Avatar { avatar } => avatars
            .find(talk.account.id, avatar)
            .await?
            .map(|avatar| talk.texts.button_with_avatar(&screens::avatar_name(talk.texts, &avatar))),
        Likeness::Nobody => avatars.main(talk.account.id).await?.map(|_| talk.texts.button_with_my_avatar()),
    };
    Ok(label.map(|label| Button::press(label, CallbackData::ChooseLikeness(*choice))))
}

/// Asks who is to be in the picture. Each choice leads back to the offer, at its own price.
pub(crate) async fn choose_likeness(
    talk: &Talk<'_>,
    message: &PressedMessage,
    choice: OfferChoice,
) -> Result<PressAnswer, HandlerError> {
    let back_with = |label: &str, likeness: Likeness| {
        let label = ticked(label, likeness == choice.likeness);
        Button::press(label, CallbackData::Choose(OfferChoice { likeness, ..choice }))
    };
    let mut keyboard = Keyboard::none();
    for avatar in who_may_be_drawn(talk).await? {
        let label = talk.texts.button_with_avatar(&screens::avatar_name(talk.texts, &avatar));
        keyboard = keyboard.row([back_with(&label, Likeness::Avatar { avatar: avatar.id })]);
    }
    let keyboard = keyboard.row([back_with(&talk.texts.button_with_nobody(), Likeness::Nobody)]);
    talk.replace_keyboard(message.id, &keyboard).await?;
    Ok(PressAnswer::Silent)
}

//! The menu and the help.

use crate::callback::CallbackData;
use crate::error::HandlerError;
use crate::features::awaited;
use crate::handlers::{Place, Talk};
use crate::keyboards::{menu, menu_row};
use crate::telegram::{Button, Keyboard, TextMessage};

/// Shows the menu.
pub(crate) async fn show(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    awaited::forget(talk).await;
    let message = TextMessage::new(talk.texts.menu_title(), menu(talk.texts));
    talk.show(place, &message).await?;
    Ok(())
}

/// Says how to ask for an image.
pub(crate) async fn new_image(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    awaited::forget(talk).await;
    let message = TextMessage::new(talk.texts.new_image_hint(), way_back(talk));
    talk.show(place, &message).await?;
    Ok(())
}

/// Shows the help.
pub(crate) async fn help(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let keyboard = Keyboard::none()
        .row([Button::press(talk.texts.button_privacy(), CallbackData::Privacy)])
        .row(menu_row(talk.texts));
    talk.show(place, &TextMessage::new(talk.texts.help(), keyboard)).await?;
    Ok(())
}

/// Answers a command that there is not.
pub(crate) async fn unknown_command(talk: &Talk<'_>) -> Result<(), HandlerError> {
    talk.send(&TextMessage::new(talk.texts.unknown_command(), menu(talk.texts))).await?;
    Ok(())
}

fn way_back(talk: &Talk<'_>) -> Keyboard {
    Keyboard::none().row(menu_row(talk.texts))
}

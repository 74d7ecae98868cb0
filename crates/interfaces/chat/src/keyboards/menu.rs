//! The menu.

use crate::callback::{AvatarButton, CallbackData, GalleryView, PortraitButton};
use crate::telegram::{Button, Keyboard};
use crate::words::Texts;

/// Everything that there is.
pub(crate) fn menu(texts: Texts) -> Keyboard {
    Keyboard::none()
        .row([
            Button::press(texts.button_new_image(), CallbackData::NewImage),
            Button::press(texts.button_draw_me(), CallbackData::Portrait(PortraitButton::Open)),
        ])
        .row([Button::press(texts.button_avatars(), CallbackData::Avatar(AvatarButton::List))])
        .row([
            Button::press(texts.button_gallery(), CallbackData::OpenGallery { view: GalleryView::ALL }),
            Button::press(texts.button_balance(), CallbackData::Balance { after: None }),
        ])
        .row([
            Button::press(texts.button_settings(), CallbackData::Settings),
            Button::press(texts.button_help(), CallbackData::Help),
        ])
}

/// A label with a tick when it stands for what is chosen.
pub(crate) fn ticked(label: &str, is_chosen: bool) -> String {
    if is_chosen { format!("✓ {label}") } else { label.to_owned() }
}

/// The way back to the menu.
pub(crate) fn menu_row(texts: Texts) -> [Button; 1] {
    [Button::press(texts.button_menu(), CallbackData::Menu)]
}

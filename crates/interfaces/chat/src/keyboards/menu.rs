//! The menu.

use gallery::GalleryFilter;

use crate::callback::CallbackData;
use crate::telegram::{Button, Keyboard};
use crate::words::Texts;

/// Everything that there is.
pub(crate) fn menu(texts: Texts) -> Keyboard {
    Keyboard::none()
        .row([Button::press(texts.button_new_image(), CallbackData::NewImage)])
        .row([
            Button::press(texts.button_gallery(), CallbackData::OpenGallery { filter: GalleryFilter::All }),
            Button::press(texts.button_balance(), CallbackData::Balance { after: None }),
        ])
        .row([
            Button::press(texts.button_settings(), CallbackData::Settings),
            Button::press(texts.button_help(), CallbackData::Help),
        ])
}

/// The way back to the menu.
pub(crate) fn menu_row(texts: Texts) -> [Button; 1] {
    [Button::press(texts.button_menu(), CallbackData::Menu)]
}

//! Telegram's HTML, as far as the bot uses it.

use chat::{ButtonAction, Keyboard, TelegramError};
use kernel::{FailureClass, ProviderError};

/// What Telegram refuses: a mistake of ours.
pub fn unsendable(what: &str) -> TelegramError {
    ProviderError::new(FailureClass::Bug, "unsendable", what).into()
}

/// Words as people see them.
pub struct Words {
    /// The words.
    pub text: String,
    /// Where the first quotation stands: offset and length in UTF-16 units.
    pub quotation: Option<(usize, usize)>,
}

/// Reads markup.
///
/// # Errors
/// When Telegram would not take it.
pub fn read(html: &str, limit: usize) -> Result<Words, TelegramError> {
    let mut text = String::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut quotation = None;
    let mut rest = html;
    while let Some(start) = rest.find(['<', '&']) {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some((entity, letter)) = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&')]
            .into_iter()
            .find(|(entity, _)| rest.starts_with(entity))
        {
            text.push(letter);
            rest = &rest[entity.len()..];
            continue;
        }
        let (tag, after) = rest
            .strip_prefix('<')
            .and_then(|tag| tag.split_once('>'))
            .ok_or_else(|| unsendable("a tag or an entity that is none"))?;
        rest = after;
        let here = text.encode_utf16().count();
        let Some(name) = tag.strip_prefix('/') else {
            open.push((tag.split(' ').next().unwrap_or_default(), here));
            continue;
        };
        match open.pop() {
            Some((opened, began)) if opened == name => {
                if name == "blockquote" && quotation.is_none() {
                    quotation = Some((began, here - began));
                }
            }
            _ => return Err(unsendable("tags that do not match")),
        }
    }
    text.push_str(rest);
    if !open.is_empty() {
        return Err(unsendable("a tag that is not closed"));
    }
    if text.encode_utf16().count() > limit {
        return Err(unsendable("too many words"));
    }
    Ok(Words { text, quotation })
}

/// Checks that Telegram would show the buttons.
///
/// # Errors
/// When it would not.
pub fn check_keyboard(keyboard: &Keyboard) -> Result<(), TelegramError> {
    for button in keyboard.buttons() {
        let carried = match &button.action {
            ButtonAction::Press(data) => data.encode().len(),
            ButtonAction::Open(_) => 1,
        };
        if !(1..=64).contains(&carried) || button.label.is_empty() {
            return Err(unsendable("a button that carries too much or nothing"));
        }
    }
    Ok(())
}

//! Words that begin with a slash.

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command<'text> {
    Start,
    Imagine(&'text str),
    Draw(&'text str),
    Avatars,
    Gallery,
    Balance,
    Settings,
    Help,
    Privacy,
    Cancel,
    Unknown,
}

impl<'text> Command<'text> {
    /// The command that a text is, if it is one. `/word@bot` is `/word`.
    pub(super) fn read(text: &'text str) -> Option<Self> {
        let rest = text.trim_start().strip_prefix('/')?;
        let (word, arguments) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let name = word.split('@').next().unwrap_or_default().to_ascii_lowercase();
        Some(match name.as_str() {
            "start" => Self::Start,
            "imagine" => Self::Imagine(arguments.trim()),
            "draw" => Self::Draw(arguments.trim()),
            "avatars" => Self::Avatars,
            "gallery" => Self::Gallery,
            "balance" => Self::Balance,
            "settings" => Self::Settings,
            "help" => Self::Help,
            "privacy" => Self::Privacy,
            "cancel" => Self::Cancel,
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_begins_a_command() {
        assert_eq!(Command::read("/start"), Some(Command::Start));
        assert_eq!(Command::read("/START@AishaBot deep-link"), Some(Command::Start));
        assert_eq!(Command::read("/imagine  a red\nfox "), Some(Command::Imagine("a red\nfox")));
        assert_eq!(Command::read("/imagine"), Some(Command::Imagine("")));
        assert_eq!(Command::read("/draw in a red coat"), Some(Command::Draw("in a red coat")));
        assert_eq!(Command::read("/avatars"), Some(Command::Avatars));
        assert_eq!(Command::read("/nonsense"), Some(Command::Unknown));
        assert_eq!(Command::read("/"), Some(Command::Unknown));
        assert_eq!(Command::read("a fox / a hare"), None);
    }
}

//! One start tag of the Bot API's HTML: its name and the one attribute that means something.

use super::entity::EntityKind;

/// A start tag as it was written.
pub(super) struct StartTag {
    /// Lower-case name.
    pub(super) name: String,
    /// What the tag stands for; `None` for a link without an address, which formats nothing.
    pub(super) kind: Option<EntityKind>,
    /// Byte after the closing `>`.
    pub(super) end: usize,
}

const NAMES: [&str; 16] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "span",
    "pre",
    "code",
    "blockquote",
];

/// Reads the start tag whose `<` is at `begin`.
///
/// # Errors
/// The words in which Telegram refuses it.
pub(super) fn read_start_tag(text: &str, begin: usize) -> Result<StartTag, String> {
    let mut reader = Reader { text, at: begin + 1 };
    let name = reader.take_until(|byte| byte.is_ascii_whitespace() || byte == b'>').to_ascii_lowercase();
    if reader.is_at_end() {
        return Err(format!("Unclosed start tag at byte offset {begin}"));
    }
    if !NAMES.contains(&name.as_str()) {
        return Err(format!("Unsupported start tag \"{name}\" at byte offset {begin}"));
    }
    let mut argument = None;
    loop {
        reader.skip_space();
        match reader.peek() {
            None => return Err(format!("Unclosed start tag \"{name}\" at byte offset {begin}")),
            Some(b'>') => break,
            Some(_) => {}
        }
        let (attribute, value) = read_attribute(&mut reader, &name, begin)?;
        if let Some(meaning) = meaningful(&name, &attribute, value.as_deref()) {
            argument = Some(meaning);
        }
    }
    if name == "span" && argument.as_deref() != Some("spoiler") {
        return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
    }
    Ok(StartTag { kind: kind(&name, argument), name, end: reader.at + 1 })
}

/// Reads `name`, `name=value` or `name="value"`.
fn read_attribute(
    reader: &mut Reader<'_>,
    tag: &str,
    begin: usize,
) -> Result<(String, Option<String>), String> {
    let attribute = reader
        .take_until(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/' | b'"' | b'\''))
        .to_ascii_lowercase();
    if attribute.is_empty() {
        return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
    }
    let unclosed = || format!("Unclosed start tag \"{tag}\" at byte offset {begin}");
    reader.skip_space();
    if reader.peek() != Some(b'=') {
        return if reader.is_at_end() { Err(unclosed()) } else { Ok((attribute, None)) };
    }
    reader.at += 1;
    reader.skip_space();
    let value = match reader.peek() {
        None => return Err(unclosed()),
        Some(quote @ (b'"' | b'\'')) => {
            reader.at += 1;
            let value = reader.take_until(|byte| byte == quote);
            if reader.is_at_end() {
                return Err(unclosed());
            }
            reader.at += 1;
            value
        }
        Some(_) => {
            let value = reader
                .take_until(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')));
            if !matches!(reader.peek(), Some(b'>')) && !reader.peek().is_some_and(|b| b.is_ascii_whitespace())
            {
                return Err(format!("Unexpected end of name token at byte offset {begin}"));
            }
            value
        }
    };
    Ok((attribute, Some(super::html::unescape(value))))
}

/// The part of an attribute that its tag heeds.
fn meaningful(tag: &str, attribute: &str, value: Option<&str>) -> Option<String> {
    match (tag, attribute, value) {
        ("a", "href", Some(value)) | ("tg-emoji", "emoji-id", Some(value)) => Some(value.to_owned()),
        ("code", "class", Some(value)) => value.strip_prefix("language-").map(str::to_owned),
        ("span", "class", Some(value)) => value.strip_prefix("tg-").map(str::to_owned),
        ("blockquote", "expandable", _) => Some("expandable".to_owned()),
        _ => None,
    }
}

fn kind(tag: &str, argument: Option<String>) -> Option<EntityKind> {
    Some(match tag {
        "b" | "strong" => EntityKind::Bold,
        "i" | "em" => EntityKind::Italic,
        "u" | "ins" => EntityKind::Underline,
        "s" | "strike" | "del" => EntityKind::Strikethrough,
        "tg-spoiler" | "span" => EntityKind::Spoiler,
        "pre" => EntityKind::Pre { language: None },
        "code" => match argument {
            // Only inside <pre> does this become the block's language; the parser decides.
            Some(language) => EntityKind::Pre { language: Some(language) },
            None => EntityKind::Code,
        },
        "a" => EntityKind::TextLink { url: argument.filter(|url| !url.is_empty())? },
        "tg-emoji" => EntityKind::CustomEmoji { custom_emoji_id: argument? },
        "blockquote" if argument.is_some() => EntityKind::ExpandableBlockquote,
        "blockquote" => EntityKind::Blockquote,
        _ => return None,
    })
}

struct Reader<'text> {
    text: &'text str,
    at: usize,
}

impl<'text> Reader<'text> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Everything up to the first byte that `stop` says; that byte is ASCII, so the cut is between characters.
    fn take_until(&mut self, stop: impl Fn(u8) -> bool) -> &'text str {
        let start = self.at;
        while self.peek().is_some_and(|byte| !(byte.is_ascii() && stop(byte))) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }
}

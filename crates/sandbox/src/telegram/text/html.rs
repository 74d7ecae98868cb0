//! `parse_mode=HTML`, as strict as Telegram: an unknown, unclosed or crossed tag is refused with the byte where it
//! stands.

use super::entity::{Entity, EntityKind, FormattedText};
use super::html_tag::read_start_tag;

struct Open {
    name: String,
    kind: Option<EntityKind>,
    offset: usize,
}

/// Reads HTML into text and entities.
///
/// # Errors
/// Telegram's own words, which follow `can't parse entities: `.
pub(super) fn parse(html: &str) -> Result<FormattedText, String> {
    let mut text = String::with_capacity(html.len());
    let mut length = 0;
    let mut open: Vec<Open> = Vec::new();
    let mut entities = Vec::new();
    let mut at = 0;
    while let Some(rest) = html.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("</") {
            at = read_end_tag(html, at, &mut open, length, &mut entities)?;
        } else if rest.starts_with('<') {
            let tag = read_start_tag(html, at)?;
            open.push(Open { name: tag.name, kind: tag.kind, offset: length });
            at = tag.end;
        } else if let Some((character, taken)) = character_reference(rest) {
            text.push(character);
            length += character.len_utf16();
            at += taken;
        } else if let Some(character) = rest.chars().next() {
            text.push(character);
            length += character.len_utf16();
            at += character.len_utf8();
        }
    }
    if let Some(unclosed) = open.pop() {
        return Err(format!("Can't find end tag corresponding to start tag \"{}\"", unclosed.name));
    }
    Ok(FormattedText { text, entities: ordered(entities) })
}

/// Reads the end tag whose `<` is at `begin`, closes what it closes, and says where it ends.
fn read_end_tag(
    html: &str,
    begin: usize,
    open: &mut Vec<Open>,
    length: usize,
    entities: &mut Vec<Entity>,
) -> Result<usize, String> {
    let Some(opened) = open.pop() else {
        return Err(format!("Unexpected end tag at byte offset {begin}"));
    };
    let inside = html.get(begin + 2..).unwrap_or_default();
    let name_length = inside.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(inside.len());
    let (name, after) = inside.split_at(name_length);
    let trimmed = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
    if !trimmed.starts_with('>') {
        return Err(format!("Unclosed end tag at byte offset {begin}"));
    }
    if !name.is_empty() && !name.eq_ignore_ascii_case(&opened.name) {
        return Err(format!(
            "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
            opened.name
        ));
    }
    let length = length - opened.offset;
    if length > 0
        && let Some(kind) = kind_at_end(&opened.name, opened.kind, opened.offset, open)
    {
        entities.push(Entity { kind, offset: opened.offset, length });
    }
    Ok(begin + 2 + name_length + (after.len() - trimmed.len()) + 1)
}

/// What a closed tag has become. `<code class="language-x">` names the language of the `<pre>` that begins where it
/// begins, and is plain code elsewhere.
fn kind_at_end(
    name: &str,
    kind: Option<EntityKind>,
    offset: usize,
    around: &mut [Open],
) -> Option<EntityKind> {
    match kind {
        Some(EntityKind::Pre { language }) if name == "code" => match around.last_mut() {
            Some(Open { kind: Some(EntityKind::Pre { language: outer }), offset: start, .. })
                if *start == offset =>
            {
                *outer = language;
                None
            }
            _ => Some(EntityKind::Code),
        },
        kind => kind,
    }
}

/// By offset, and outer ones before those inside them.
fn ordered(mut entities: Vec<Entity>) -> Vec<Entity> {
    entities.sort_by(|one, other| one.offset.cmp(&other.offset).then(other.length.cmp(&one.length)));
    entities
}

/// A character reference at the start of `text`: the character, and the bytes it takes. Anything else stands for
/// itself.
fn character_reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let numeric = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => (hexadecimal, 16, 3),
            None => (number, 10, 2),
        };
        let count = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
        let character = numeric(digits.get(..count)?, radix).filter(|character| *character != '\0')?;
        let semicolon = usize::from(digits.as_bytes().get(count) == Some(&b';'));
        return Some((character, before + count + semicolon));
    }
    let count = body.bytes().take_while(u8::is_ascii_alphabetic).count();
    let character = match body.get(..count)? {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => return None,
    };
    Some((character, 1 + count + usize::from(body.as_bytes().get(count) == Some(&b';'))))
}

/// `text` with its character references resolved.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (character, taken) = character_reference(rest).unwrap_or((first, first.len_utf8()));
        plain.push(character);
        rest = rest.get(taken..).unwrap_or_default();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(html: &str) -> Vec<(EntityKind, usize, usize)> {
        parse(html).unwrap().entities.into_iter().map(|e| (e.kind, e.offset, e.length)).collect()
    }

    #[test]
    fn nested_tags_become_entities_counted_in_utf16() {
        assert_eq!(kinds("🦊<b>a<i>b</i></b>"), vec![(EntityKind::Bold, 2, 2), (EntityKind::Italic, 3, 1)]);
        assert_eq!(parse("a &lt; b &amp;&#33; &#x1F98A; &nbsp;").unwrap().text, "a < b &! 🦊 &nbsp;");
    }

    #[test]
    fn a_language_belongs_to_the_block_around_it() {
        assert_eq!(
            kinds("<pre><code class=\"language-rust\">fn</code></pre>"),
            vec![(EntityKind::Pre { language: Some("rust".to_owned()) }, 0, 2)]
        );
        assert_eq!(kinds("<code>x</code>"), vec![(EntityKind::Code, 0, 1)]);
    }

    #[test]
    fn links_and_quotes_and_spoilers_are_read() {
        assert_eq!(
            kinds("<a href='https://x.y/?a=1&amp;b=2'>go</a>"),
            vec![(EntityKind::TextLink { url: "https://x.y/?a=1&b=2".to_owned() }, 0, 2)]
        );
        assert_eq!(
            kinds("<blockquote expandable>q</blockquote>"),
            vec![(EntityKind::ExpandableBlockquote, 0, 1)]
        );
        assert_eq!(kinds("<span class=\"tg-spoiler\">q</span>"), vec![(EntityKind::Spoiler, 0, 1)]);
    }

    #[test]
    fn what_telegram_refuses_is_refused_in_its_words() {
        let refusals = [
            ("a <h1>x</h1>", "Unsupported start tag \"h1\" at byte offset 2"),
            ("a <b", "Unclosed start tag at byte offset 2"),
            ("1 < 2 > 3", "Unsupported start tag \"\" at byte offset 2"),
            ("<b>x", "Can't find end tag corresponding to start tag \"b\""),
            ("x</b>", "Unexpected end tag at byte offset 1"),
            ("<b>x</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            ("<span class=\"x\">y</span>", "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0"),
            ("<b =1>x</b>", "Empty attribute name in the tag \"b\" at byte offset 0"),
            ("<a href=\"x>y", "Unclosed start tag \"a\" at byte offset 0"),
        ];
        for (html, refusal) in refusals {
            assert_eq!(parse(html).unwrap_err(), refusal, "{html}");
        }
    }
}

//! What Telegram marks by itself in a text: commands, mentions, hashtags, addresses.

use super::entity::{Entity, EntityKind, FormattedText};

/// Adds the entities that Telegram finds by itself, outside code and links that are there already.
#[must_use]
pub fn detect(mut text: FormattedText) -> FormattedText {
    let mut offset = 0;
    let mut found = Vec::new();
    for word in text.text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end().trim_end_matches([',', '.', '!', '?', ')', ';', ':']);
        if let Some(kind) = kind_of(bare) {
            found.push(Entity { kind, offset, length: bare.encode_utf16().count() });
        }
        offset += word.encode_utf16().count();
    }
    found.retain(|entity| !text.entities.iter().any(|other| overlaps(entity, other)));
    text.entities.extend(found);
    text.entities.sort_by(|one, other| one.offset.cmp(&other.offset).then(other.length.cmp(&one.length)));
    text
}

fn kind_of(word: &str) -> Option<EntityKind> {
    let is_name = |name: &str, least: usize| {
        name.len() >= least && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if let Some(command) = word.strip_prefix('/') {
        let (name, bot) = command.split_once('@').unwrap_or((command, "bot"));
        return (is_name(name, 1) && name.len() <= 32 && is_name(bot, 3)).then_some(EntityKind::BotCommand);
    }
    if let Some(name) = word.strip_prefix('@') {
        return (is_name(name, 4) && name.len() <= 32).then_some(EntityKind::Mention);
    }
    if let Some(tag) = word.strip_prefix('#') {
        let is_tag =
            tag.chars().any(char::is_alphabetic) && tag.chars().all(|c| c.is_alphanumeric() || c == '_');
        return is_tag.then_some(EntityKind::Hashtag);
    }
    let address = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"));
    address.is_some_and(|host| !host.is_empty()).then_some(EntityKind::Url)
}

/// Whether both cover a common part and Telegram would keep only the one that was there before.
fn overlaps(found: &Entity, other: &Entity) -> bool {
    let closed = matches!(
        other.kind,
        EntityKind::Code
            | EntityKind::Pre { .. }
            | EntityKind::TextLink { .. }
            | EntityKind::CustomEmoji { .. }
    );
    closed && found.offset < other.offset + other.length && other.offset < found.offset + found.length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_mentions_and_addresses_are_found() {
        let text = detect(FormattedText::plain("/imagine@aisha_bot see https://x.y/z, @someone #fox #1 /"));
        let kinds: Vec<_> = text.entities.iter().map(|e| (e.kind.clone(), e.offset, e.length)).collect();
        assert_eq!(
            kinds,
            vec![
                (EntityKind::BotCommand, 0, 18),
                (EntityKind::Url, 23, 13),
                (EntityKind::Mention, 38, 8),
                (EntityKind::Hashtag, 47, 4),
            ]
        );
    }

    #[test]
    fn code_stays_code() {
        let code = Entity { kind: EntityKind::Code, offset: 0, length: 6 };
        let text = FormattedText { text: "/start".to_owned(), entities: vec![code.clone()] };
        assert_eq!(detect(text).entities, vec![code]);
    }
}

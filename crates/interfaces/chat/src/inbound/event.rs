//! An update as the handlers see it.

use account::TelegramUserId;
use kernel::{ChatId, InboundUpdate, IncomingFileId, MessageId, UpdateId};
use serde_json::Value;
use thiserror::Error;

use super::wire::{WireChat, WireFile, WireMessage, WireUpdate, WireUser};
use crate::telegram::PressId;

/// The conversation of updates that name none. Nothing is sent there.
const NOWHERE: ChatId = ChatId::new(0);

/// The JSON is no update of Telegram.
#[derive(Debug, Error)]
#[error("not an update: {0}")]
pub struct NotAnUpdate(String);

/// An update as it is kept in the inbox. Any JSON with a number is one, whether its content is understood or not.
///
/// # Errors
/// When it has no number, without which it can neither be kept nor confirmed.
pub fn inbound_update(body: &Value) -> Result<InboundUpdate, NotAnUpdate> {
    let update = body
        .get("update_id")
        .and_then(Value::as_i64)
        .ok_or_else(|| NotAnUpdate("it has no update_id".to_owned()))?;
    Ok(InboundUpdate { chat: conversation_of(body), update: UpdateId::new(update), body: body.to_string() })
}

/// Whose turn an update takes: a press that of the person who pressed, anything else that of its conversation.
fn conversation_of(body: &Value) -> ChatId {
    let id = |value: &Value, path: &str| value.pointer(path).and_then(Value::as_i64).map(ChatId::new);
    let contents = body.as_object().into_iter().flat_map(serde_json::Map::values);
    contents
        .filter(|content| content.is_object())
        .find_map(|content| {
            id(content, "/chat/id")
                .or_else(|| id(content, "/from/id"))
                .or_else(|| id(content, "/user/id"))
                .or_else(|| id(content, "/message/chat/id"))
        })
        .unwrap_or(NOWHERE)
}

/// Somebody who wrote or pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sender {
    /// Who they are at the messenger.
    pub(crate) user: TelegramUserId,
    /// The language of their Telegram.
    pub(crate) language_tag: Option<String>,
}

/// Where something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conversation {
    /// With one person.
    Private(ChatId),
    /// A group or channel.
    Public(ChatId),
}

/// A file that somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SentFile {
    /// The messenger's id by which it can be fetched.
    pub(crate) id: IncomingFileId,
    /// The messenger's lasting id of the same content.
    pub(crate) unique: String,
    /// Its size in bytes, when it was told.
    pub(crate) bytes: Option<u64>,
}

/// Something that was said, or some other sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sound {
    /// What it was sent as.
    pub(crate) kind: SoundKind,
    /// The recording.
    pub(crate) file: SentFile,
    /// Its length in seconds, when it was told.
    pub(crate) seconds: Option<u64>,
}

/// What a sound was sent as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SoundKind {
    /// A voice message: OGG with Opus.
    Voice,
    /// A round video message.
    VideoNote,
    /// A file of music or the like.
    Audio,
}

/// What cannot be drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtherKind {
    /// A GIF.
    Animation,
    /// A video.
    Video,
    /// A sticker.
    Sticker,
    /// A file that is no picture.
    Document,
    /// A place, a contact, a poll or the like.
    Else,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MessageContent {
    /// Words.
    Text(String),
    /// A photo or picture file, perhaps with words, perhaps one of an album.
    Picture {
        /// The picture: the largest size of a photo, or the file as it was sent.
        file: SentFile,
        /// The words below it.
        caption: Option<String>,
        /// The album.
        album: Option<String>,
    },
    /// Something spoken, or another sound.
    Voice(Sound),
    /// Anything else that a person can send.
    Other {
        /// What it is.
        kind: OtherKind,
        /// The album.
        album: Option<String>,
    },
    /// News of the messenger itself, such as that a message was pinned.
    Service,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IncomingMessage {
    /// The update that brought it.
    pub(crate) update: UpdateId,
    /// Its number in the conversation.
    pub(crate) id: MessageId,
    /// Where.
    pub(crate) conversation: Conversation,
    /// Who wrote it.
    pub(crate) sender: Sender,
    /// What it holds.
    pub(crate) content: MessageContent,
}

/// What the message with the button is, as far as it was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PressedBody {
    /// Words; with what stands in its first quotation.
    Text {
        /// What is quoted.
        quotation: Option<String>,
    },
    /// A photo or file.
    Media,
    /// The messenger does not show it to bots any more.
    Hidden,
}

/// The message with the button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PressedMessage {
    /// Where.
    pub(crate) conversation: Conversation,
    /// Its number.
    pub(crate) id: MessageId,
    /// What it is.
    pub(crate) body: PressedBody,
}

/// A press of a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Press {
    /// The messenger's id of it.
    pub(crate) id: PressId,
    /// Who pressed.
    pub(crate) sender: Sender,
    /// What the button carries.
    pub(crate) data: String,
    /// The message with the button.
    pub(crate) message: Option<PressedMessage>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A person wrote.
    Message(IncomingMessage),
    /// A person pressed a button.
    Press(Press),
    /// The bot was added to a group or channel.
    Added {
        /// Which.
        chat: ChatId,
        /// Who added it.
        sender: Sender,
    },
    /// Nothing to do: edited messages, other bots, news that matter to nobody.
    Nothing,
}

/// Reads an update.
///
/// # Errors
/// When its content is not what the Bot API describes.
pub(crate) fn read_event(body: &str) -> Result<Event, NotAnUpdate> {
    let update: WireUpdate = serde_json::from_str(body).map_err(|error| {
        // The error's own words may quote what the person wrote.
        NotAnUpdate(format!("{:?} at column {}", error.classify(), error.column()))
    })?;
    if let Some(message) = update.message {
        return Ok(message_event(UpdateId::new(update.update_id), message));
    }
    if let Some(query) = update.callback_query {
        return Ok(Event::Press(Press {
            id: PressId(query.id),
            sender: sender(query.from),
            data: query.data.unwrap_or_default(),
            message: query.message.as_ref().map(pressed_message),
        }));
    }
    if let Some(membership) = update.my_chat_member
        && let Conversation::Public(chat) = conversation(&membership.chat)
        && matches!(membership.new_chat_member.status.as_str(), "member" | "administrator")
    {
        return Ok(Event::Added { chat, sender: sender(membership.from) });
    }
    Ok(Event::Nothing)
}

fn message_event(update: UpdateId, message: WireMessage) -> Event {
    let conversation = conversation(&message.chat);
    let content = content(&message);
    let id = MessageId::new(message.message_id);
    match message.from {
        Some(from) if !from.is_bot => {
            Event::Message(IncomingMessage { update, id, conversation, sender: sender(from), content })
        }
        _ => Event::Nothing,
    }
}

fn content(message: &WireMessage) -> MessageContent {
    if let Some(text) = &message.text {
        return MessageContent::Text(text.clone());
    }
    let album = message.media_group_id.clone();
    if let Some(picture) = picture(message) {
        let caption = message.caption.clone();
        return MessageContent::Picture { file: sent_file(picture), caption, album };
    }
    if let Some(sound) = sound(message) {
        return MessageContent::Voice(sound);
    }
    match other_kind(message) {
        Some(kind) => MessageContent::Other { kind, album },
        None => MessageContent::Service,
    }
}

/// The largest size of a photo, or a file that says it is a picture. A GIF comes as a file, too.
fn picture(message: &WireMessage) -> Option<&WireFile> {
    let photo = message.photo.iter().flatten().max_by_key(|size| size.width.saturating_mul(size.height));
    let document = message.document.as_ref().filter(|file| {
        let kind = file.mime_type.as_deref().unwrap_or_default();
        message.animation.is_none() && kind.starts_with("image/") && kind != "image/gif"
    });
    photo.or(document)
}

fn sound(message: &WireMessage) -> Option<Sound> {
    let (kind, file) = [
        (SoundKind::Voice, &message.voice),
        (SoundKind::VideoNote, &message.video_note),
        (SoundKind::Audio, &message.audio),
    ]
    .into_iter()
    .find_map(|(kind, file)| file.as_ref().map(|file| (kind, file)))?;
    Some(Sound { kind, file: sent_file(file), seconds: file.duration })
}

fn other_kind(message: &WireMessage) -> Option<OtherKind> {
    if let Some(file) = &message.document {
        let is_gif = message.animation.is_some() || file.mime_type.as_deref() == Some("image/gif");
        return Some(if is_gif { OtherKind::Animation } else { OtherKind::Document });
    }
    [
        (&message.animation, OtherKind::Animation),
        (&message.video, OtherKind::Video),
        (&message.sticker, OtherKind::Sticker),
        (&message.contact, OtherKind::Else),
        (&message.location, OtherKind::Else),
        (&message.venue, OtherKind::Else),
        (&message.poll, OtherKind::Else),
        (&message.dice, OtherKind::Else),
        (&message.story, OtherKind::Else),
    ]
    .into_iter()
    .find_map(|(content, kind)| content.as_ref().map(|_| kind))
}

fn sent_file(file: &WireFile) -> SentFile {
    SentFile {
        id: IncomingFileId::new(file.file_id.clone()),
        unique: file.file_unique_id.clone(),
        bytes: file.file_size,
    }
}

fn pressed_message(message: &WireMessage) -> PressedMessage {
    let body = if message.date == 0 {
        PressedBody::Hidden
    } else if let Some(text) = &message.text {
        let quotation = message
            .entities
            .iter()
            .find(|entity| entity.kind.ends_with("blockquote"))
            .and_then(|entity| utf16_slice(text, entity.offset, entity.length));
        PressedBody::Text { quotation }
    } else {
        PressedBody::Media
    };
    PressedMessage { conversation: conversation(&message.chat), id: MessageId::new(message.message_id), body }
}

fn utf16_slice(text: &str, offset: usize, length: usize) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(units.get(offset..offset.checked_add(length)?)?).ok()
}

fn conversation(chat: &WireChat) -> Conversation {
    let id = ChatId::new(chat.id);
    if chat.kind == "private" { Conversation::Private(id) } else { Conversation::Public(id) }
}

fn sender(user: WireUser) -> Sender {
    Sender { user: TelegramUserId::new(user.id), language_tag: user.language_code }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn ann() -> Value {
        json!({"id": 42, "is_bot": false, "first_name": "Ann", "language_code": "en"})
    }

    fn event(update: &Value) -> Event {
        read_event(&update.to_string()).unwrap()
    }

    #[test]
    fn every_kind_of_update_has_its_conversation() {
        let chat = |update: Value| inbound_update(&update).unwrap().chat.get();
        assert_eq!(chat(json!({"update_id": 1, "message": {"chat": {"id": 7}, "from": {"id": 8}}})), 7);
        let press =
            json!({"update_id": 1, "callback_query": {"from": {"id": 8}, "message": {"chat": {"id": 7}}}});
        assert_eq!(chat(press), 8);
        assert_eq!(
            chat(json!({"update_id": 1, "my_chat_member": {"chat": {"id": -5}, "from": {"id": 8}}})),
            -5
        );
        assert_eq!(chat(json!({"update_id": 1, "poll_answer": {"user": {"id": 9}}})), 9);
        assert_eq!(chat(json!({"update_id": 1, "something_new": {"a": 1}})), 0);
        assert!(inbound_update(&json!({"message": {}})).is_err());
    }

    #[test]
    fn a_kept_update_is_unchanged() {
        let update = json!({"update_id": 3, "message": {"chat": {"id": 1}, "new field": [1, {"x": "<&>"}]}});
        let kept = inbound_update(&update).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&kept.body).unwrap(), update);
    }

    #[test]
    fn a_photo_is_a_picture_with_its_album() {
        let update = json!({"update_id": 9001, "message": {
            "message_id": 51, "date": 1_795_478_400, "chat": {"id": 42, "type": "private"}, "from": ann(),
            "media_group_id": "13876", "photo": [
                {"file_id": "s", "file_unique_id": "t", "width": 9, "height": 6},
                {"file_id": "x", "file_unique_id": "y", "width": 90, "height": 60, "file_size": 7}]}});
        let Event::Message(message) = event(&update) else { panic!("not a message") };
        let file = SentFile { id: IncomingFileId::new("x"), unique: "y".to_owned(), bytes: Some(7) };
        assert_eq!(
            message.content,
            MessageContent::Picture { file, caption: None, album: Some("13876".to_owned()) }
        );
        assert_eq!((message.update, message.id), (UpdateId::new(9001), MessageId::new(51)));
        assert_eq!(message.conversation, Conversation::Private(ChatId::new(42)));
    }

    #[test]
    fn a_file_is_what_it_says_it_is() {
        let content = |fields: Value| {
            let mut message = json!({"message_id": 51, "date": 1, "from": ann(),
                "chat": {"id": 42, "type": "private"}});
            message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            let Event::Message(message) = event(&json!({"update_id": 1, "message": message})) else {
                panic!("not a message")
            };
            message.content
        };
        let document = |kind: &str| json!({"file_id": "f", "file_unique_id": "u", "mime_type": kind});
        let png = content(json!({"document": document("image/png")}));
        assert!(matches!(png, MessageContent::Picture { .. }), "{png:?}");
        let other = |kind| MessageContent::Other { kind, album: None };
        assert_eq!(content(json!({"document": document("application/pdf")})), other(OtherKind::Document));
        assert_eq!(content(json!({"document": document("image/gif")})), other(OtherKind::Animation));
        let gif = json!({"document": document("video/mp4"), "animation": document("video/mp4")});
        assert_eq!(content(gif), other(OtherKind::Animation));
        assert_eq!(content(json!({"video": {"file_id": "v"}})), other(OtherKind::Video));
        assert_eq!(content(json!({"sticker": {}})), other(OtherKind::Sticker));
        let voice = content(json!({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 4}}));
        let MessageContent::Voice(sound) = voice else { panic!("no sound: {voice:?}") };
        assert_eq!((sound.kind, sound.seconds), (SoundKind::Voice, Some(4)));
    }

    #[test]
    fn what_a_button_message_quotes_is_read_exactly() {
        let text = "🎨 Shall I draw this?\n🦊 <fox> & co\nsecond line\nChoose";
        let update = json!({"update_id": 2, "callback_query": {"id": "77", "from": ann(), "data": "AQA",
            "message": {"message_id": 60, "date": 5, "chat": {"id": 42, "type": "private"}, "text": text,
                "entities": [{"type": "bold", "offset": 3, "length": 18}, {"type": "blockquote", "offset": 22, "length": 25}]}}});
        let Event::Press(press) = event(&update) else { panic!("not a press") };
        let quotation = Some("🦊 <fox> & co\nsecond line".to_owned());
        assert_eq!(press.message.unwrap().body, PressedBody::Text { quotation });
    }

    #[test]
    fn an_entity_outside_of_the_text_quotes_nothing() {
        for (offset, length) in [(0, 100), (usize::MAX, 1), (1, 1)] {
            assert_eq!(utf16_slice("🦊", offset, length), None, "{offset} {length}");
        }
    }

    #[test]
    fn other_bots_edits_and_blocks_are_nothing() {
        let bot = json!({"id": 1, "is_bot": true, "first_name": "Bot"});
        let private = json!({"id": 42, "type": "private"});
        for update in [
            json!({"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": private, "from": bot, "text": "hi"}}),
            json!({"update_id": 1, "edited_message": {"message_id": 1, "date": 1, "chat": private, "from": ann()}}),
            json!({"update_id": 1, "my_chat_member": {"chat": private, "from": ann(), "date": 1,
                "old_chat_member": {"status": "member"}, "new_chat_member": {"status": "kicked"}}}),
            json!({"update_id": 1, "a_kind_of_tomorrow": {}}),
        ] {
            assert_eq!(event(&update), Event::Nothing);
        }
    }

    #[test]
    fn a_message_that_bots_cannot_see_any_more_is_hidden() {
        let update = json!({"update_id": 2, "callback_query": {"id": "77", "from": ann(), "data": "AQA",
            "message": {"message_id": 60, "date": 0, "chat": {"id": 42, "type": "private"}}}});
        let Event::Press(press) = event(&update) else { panic!("not a press") };
        assert_eq!(press.message.unwrap().body, PressedBody::Hidden);
    }

    #[test]
    fn what_is_no_update_is_an_error_not_a_crash() {
        for body in ["", "[]", "null", r#"{"message": 5}"#, r#"{"message": {"chat": {}}}"#] {
            assert!(read_event(body).is_err(), "{body}");
        }
    }

    proptest! {
        #[test]
        fn no_body_breaks_the_reader(body in "\\PC{0,200}") {
            let _outcome = read_event(&body);
        }
    }
}

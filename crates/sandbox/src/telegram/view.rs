//! A message as the driving API and the page show it.

use serde_json::{Value, json};

use super::files::{FileStore, PhotoSize};
use super::message::{Attachment, Content, Message};
use super::text::FormattedText;

/// The message as JSON: words as plain text, as safe HTML and as entities; media by URL.
pub fn message_view(files: &FileStore, message: &Message) -> Value {
    let mut view = json!({
        "message_id": message.message_id,
        "chat_id": message.chat_id,
        "from": message.author,
        "date": message.date,
        "edit_date": message.edit_date,
        "edits": message.edits,
        "deleted": message.deleted,
        "kind": message.content.kind(),
        "media_group_id": message.media_group_id,
        "reply_to_message_id": message.reply_to_message_id,
        "keyboard": message.inline_keyboard,
        "text": message.content.words().map(words_view),
    });
    match &message.content {
        Content::Photo { sizes, has_spoiler, .. } => {
            view["media"] = photo_view(sizes);
            view["media"]["has_spoiler"] = json!(has_spoiler);
        }
        Content::Document { file, .. } | Content::Voice { file, .. } | Content::Media { file, .. } => {
            view["media"] = file_view(files, file);
        }
        Content::Invoice { invoice } => view["invoice"] = json!(invoice),
        Content::SuccessfulPayment { payment } | Content::RefundedPayment { payment } => {
            view["payment"] = json!(payment);
        }
        Content::Text { .. } => {}
    }
    view
}

/// Where the driving API serves a file.
pub fn file_url(file_id: &str) -> String {
    format!("/sandbox/files/{file_id}")
}

fn words_view(words: &FormattedText) -> Value {
    json!({ "plain": words.text, "html": words.to_html(), "entities": words.entities })
}

fn photo_view(sizes: &[PhotoSize]) -> Value {
    let Some(largest) = sizes.last() else {
        return json!({});
    };
    let thumbnail = sizes.first().unwrap_or(largest);
    json!({
        "file_id": largest.file_id,
        "url": file_url(&largest.file_id),
        "thumbnail_url": file_url(&thumbnail.file_id),
        "width": largest.width,
        "height": largest.height,
        "size": largest.file_size,
        "mime": "image/jpeg",
        "sizes": sizes,
    })
}

fn file_view(files: &FileStore, file: &Attachment) -> Value {
    let thumbnail = file.details.thumbnail.as_ref();
    json!({
        "file_id": file.file_id,
        "url": file_url(&file.file_id),
        "thumbnail_url": thumbnail.map(|size| file_url(&size.file_id)),
        "size": file.file_size,
        "mime": file.details.mime_type,
        "name": file.details.file_name,
        "duration": file.details.duration,
        "is_kept": files.get(&file.file_id).is_some(),
    })
}

//! A message of a private chat, as Telegram keeps it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::files::{MediaDetails, PhotoSize};
use super::medium::Medium;
use super::text::FormattedText;

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// The bot.
    Bot,
    /// The person of the chat.
    Person,
}

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// For sending again and for `getFile`.
    pub file_id: String,
    /// The same for the same content.
    pub file_unique_id: String,
    /// Bytes.
    pub file_size: usize,
    /// What is known of it.
    #[serde(flatten)]
    pub details: MediaDetails,
}

/// A request for Stars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// At most 32 characters.
    pub title: String,
    /// At most 255 characters.
    pub description: String,
    /// The bot's own word for it, 1–128 bytes; the person never sees it.
    pub payload: String,
    /// Whole Stars.
    pub stars: i64,
}

/// A payment, or its return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The invoice's payload.
    pub payload: String,
    /// Whole Stars.
    pub stars: i64,
    /// Telegram's id of the charge.
    pub charge_id: String,
}

/// What a message holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// Words.
    Text {
        /// The words.
        text: FormattedText,
    },
    /// A photo.
    Photo {
        /// Its sizes, smallest first.
        sizes: Vec<PhotoSize>,
        /// Words below it.
        caption: FormattedText,
        /// Hidden until the person taps it.
        has_spoiler: bool,
    },
    /// A file.
    Document {
        /// The file.
        file: Attachment,
        /// Words below it.
        caption: FormattedText,
    },
    /// A voice message.
    Voice {
        /// The recording.
        file: Attachment,
        /// Words below it.
        caption: FormattedText,
    },
    /// Another recording or picture.
    Media {
        /// What it is.
        medium: Medium,
        /// The file.
        file: Attachment,
        /// Words below it.
        caption: FormattedText,
    },
    /// A request for Stars.
    Invoice {
        /// What is asked.
        invoice: Invoice,
    },
    /// Telegram's word that the person paid.
    SuccessfulPayment {
        /// The payment.
        payment: Payment,
    },
    /// Telegram's word that the person got their Stars back.
    RefundedPayment {
        /// The payment.
        payment: Payment,
    },
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the Bot API calls it message_id")]
pub struct Message {
    /// Counts up in each chat.
    pub message_id: i64,
    /// The chat, which is the id of its person.
    pub chat_id: i64,
    /// Who wrote it.
    pub author: Author,
    /// The person who wrote it, in a group.
    #[serde(default)]
    pub writer: Option<i64>,
    /// Unix seconds.
    pub date: u64,
    /// Unix seconds of the last edit.
    pub edit_date: Option<u64>,
    /// How often it was edited.
    pub edits: u32,
    /// It is gone for both; the sandbox still shows it as a ghost.
    pub deleted: bool,
    /// What it holds.
    pub content: Content,
    /// The album it belongs to.
    pub media_group_id: Option<String>,
    /// The message it answers.
    pub reply_to_message_id: Option<i64>,
    /// The rows of its inline keyboard.
    pub inline_keyboard: Option<Value>,
}

impl Content {
    /// The words of a text or below a file.
    pub fn words(&self) -> Option<&FormattedText> {
        match self {
            Self::Text { text } => Some(text),
            Self::Photo { caption, .. }
            | Self::Document { caption, .. }
            | Self::Voice { caption, .. }
            | Self::Media { caption, .. } => Some(caption),
            Self::Invoice { .. } | Self::SuccessfulPayment { .. } | Self::RefundedPayment { .. } => None,
        }
    }

    /// The file that stands for the content: the largest size of a photo.
    pub fn file_id(&self) -> Option<&str> {
        match self {
            Self::Photo { sizes, .. } => sizes.last().map(|size| size.file_id.as_str()),
            Self::Document { file, .. } | Self::Voice { file, .. } | Self::Media { file, .. } => {
                Some(&file.file_id)
            }
            _ => None,
        }
    }

    /// The kind's name.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Photo { .. } => "photo",
            Self::Document { .. } => "document",
            Self::Voice { .. } => "voice",
            Self::Media { medium, .. } => medium.name(),
            Self::Invoice { .. } => "invoice",
            Self::SuccessfulPayment { .. } => "successful_payment",
            Self::RefundedPayment { .. } => "refunded_payment",
        }
    }

    /// Adds the content to a `Message` object.
    fn add_to(&self, message: &mut Value) {
        match self {
            Self::Text { text } => {
                message["text"] = json!(text.text);
                add_entities(message, "entities", text);
            }
            Self::Photo { sizes, caption, has_spoiler } => {
                message["photo"] = json!(sizes);
                if *has_spoiler {
                    message["has_media_spoiler"] = json!(true);
                }
                add_caption(message, caption);
            }
            Self::Document { file, caption } => {
                message["document"] = json!(file);
                add_caption(message, caption);
            }
            Self::Voice { file, caption } => {
                let mut voice = json!(file);
                voice["duration"] = json!(file.details.duration.unwrap_or(1));
                message["voice"] = voice;
                add_caption(message, caption);
            }
            Self::Media { medium, file, caption } => {
                medium.add_to(message, file);
                add_caption(message, caption);
            }
            Self::Invoice { invoice } => {
                message["invoice"] = json!({
                    "title": invoice.title,
                    "description": invoice.description,
                    "start_parameter": "",
                    "currency": "XTR",
                    "total_amount": invoice.stars,
                });
            }
            Self::SuccessfulPayment { payment } => {
                let mut object = payment_object(payment);
                object["provider_payment_charge_id"] = json!("");
                message["successful_payment"] = object;
            }
            Self::RefundedPayment { payment } => message["refunded_payment"] = payment_object(payment),
        }
    }
}

impl Message {
    /// The `Message` object; `chat` and `bot` are the `Chat` and the bot's `User`, `from` the writer's.
    pub fn object(&self, chat: &Value, from: &Value, reply_to: Option<Value>) -> Value {
        let mut message = json!({
            "message_id": self.message_id,
            "from": from,
            "chat": chat,
            "date": self.date,
        });
        if let Some(date) = self.edit_date {
            message["edit_date"] = json!(date);
        }
        if let Some(group) = &self.media_group_id {
            message["media_group_id"] = json!(group);
        }
        if let Some(reply_to) = reply_to {
            message["reply_to_message"] = reply_to;
        }
        if let Some(rows) = &self.inline_keyboard {
            message["reply_markup"] = json!({ "inline_keyboard": rows });
        }
        self.content.add_to(&mut message);
        message
    }
}

fn add_caption(message: &mut Value, caption: &FormattedText) {
    if !caption.is_empty() {
        message["caption"] = json!(caption.text);
        add_entities(message, "caption_entities", caption);
    }
}

fn add_entities(message: &mut Value, name: &str, text: &FormattedText) {
    if !text.entities.is_empty() {
        message[name] = json!(text.entities);
    }
}

fn payment_object(payment: &Payment) -> Value {
    json!({
        "currency": "XTR",
        "total_amount": payment.stars,
        "invoice_payload": payment.payload,
        "telegram_payment_charge_id": payment.charge_id,
    })
}

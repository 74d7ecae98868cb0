//! What a person may send besides words, photos, files and voice: a bot gets it and has to say something to it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::message::Attachment;

/// A kind of recording or picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Music or another sound file.
    Audio,
    /// A film.
    Video,
    /// A film in a circle.
    VideoNote,
    /// A film without sound, as GIFs become.
    Animation,
    /// A sticker.
    Sticker,
}

impl Medium {
    /// The field's name in a `Message` object.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Video => "video",
            Self::VideoNote => "video_note",
            Self::Animation => "animation",
            Self::Sticker => "sticker",
        }
    }

    /// The kind's name in Telegram's refusals.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Audio => "Audio",
            Self::Video => "Video",
            Self::VideoNote => "VideoNote",
            Self::Animation => "Animation",
            Self::Sticker => "Sticker",
        }
    }

    /// The folder of its download path.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Audio => "music",
            Self::Video => "videos",
            Self::VideoNote => "video_notes",
            Self::Animation => "animations",
            Self::Sticker => "stickers",
        }
    }

    /// The extension of its download path.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Audio => ".mp3",
            Self::Video | Self::VideoNote | Self::Animation => ".mp4",
            Self::Sticker => ".webp",
        }
    }

    /// The content type, where the sender tells none.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Audio => "audio/mpeg",
            Self::Video | Self::VideoNote | Self::Animation => "video/mp4",
            Self::Sticker => "image/webp",
        }
    }

    /// The beginning of its identifiers.
    pub(super) const fn identifier(self) -> &'static str {
        match self {
            Self::Audio => "CQACAgIAAxkDAAI",
            Self::Video => "BAACAgIAAxkDAAI",
            Self::VideoNote => "DQACAgIAAxkDAAI",
            Self::Animation => "CgACAgIAAxkDAAI",
            Self::Sticker => "CAACAgIAAxkDAAI",
        }
    }

    /// Adds it to a `Message` object.
    pub(super) fn add_to(self, message: &mut Value, file: &Attachment) {
        let mut object = json!(file);
        match self {
            Self::Audio => object["duration"] = json!(file.details.duration.unwrap_or(1)),
            Self::VideoNote => {
                object["length"] = json!(384);
                object["duration"] = json!(file.details.duration.unwrap_or(1));
            }
            Self::Video | Self::Animation => {
                object["width"] = json!(640);
                object["height"] = json!(360);
                object["duration"] = json!(file.details.duration.unwrap_or(1));
            }
            Self::Sticker => {
                for (name, value) in [
                    ("type", json!("regular")),
                    ("width", json!(512)),
                    ("height", json!(512)),
                    ("is_animated", json!(false)),
                    ("is_video", json!(false)),
                    ("emoji", json!("🦊")),
                ] {
                    object[name] = value;
                }
            }
        }
        if self == Self::Animation {
            // Clients that do not know animations see a file.
            message["document"] = json!(file);
        }
        message[self.name()] = object;
    }
}

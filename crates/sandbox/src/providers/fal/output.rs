//! What a model answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Server;
use super::content::Content;
use super::endpoint::Family;
use super::files::{Origin, StoredFile};
use super::input::ImageInput;
use super::lifecycle::Lifecycle;
use crate::paint::Picture;

/// Pictures and what is said about them.
pub(super) struct Output<'a> {
    pub(super) input: &'a ImageInput,
    /// Of the pictures' files.
    pub(super) lifecycle: Lifecycle,
    pub(super) seed: u64,
    pub(super) pictures: &'a [Picture],
    /// For each picture, whether the safety checker blackened it.
    pub(super) flagged: bool,
    pub(super) seconds: f64,
}

impl Output<'_> {
    /// The output object; pictures are stored where their URLs point to.
    pub(super) fn describe(&self, server: &Server, family: Family) -> Value {
        let images: Vec<Value> = self.pictures.iter().map(|picture| self.image(server, picture)).collect();
        match family {
            Family::Flux => json!({
                "images": images,
                "timings": {"inference": self.seconds},
                "seed": self.seed,
                "has_nsfw_concepts": vec![self.flagged; self.pictures.len()],
                "prompt": self.input.prompt,
            }),
            Family::Aspect => json!({"images": images, "description": ""}),
        }
    }

    fn image(&self, server: &Server, picture: &Picture) -> Value {
        let media_type = picture.format.media_type();
        let (width, height) = (picture.size.width, picture.size.height);
        let url = if self.input.is_inline {
            format!("data:{media_type};base64,{}", STANDARD.encode(&picture.bytes))
        } else {
            let name = format!("{}.{}", server.common.identities.hex(24), picture.format.extension());
            let file = StoredFile {
                media_type: media_type.to_owned(),
                content: Content::from(picture.bytes.clone()),
                origin: Origin::Output,
                lifecycle: self.lifecycle,
            };
            server.publish(&name, file)
        };
        json!({
            "url": url,
            "width": width,
            "height": height,
            "content_type": media_type,
            "file_size": picture.bytes.len(),
        })
    }
}

impl Server {
    /// Stores a file and gives its public URL.
    pub(super) fn publish(&self, name: &str, file: StoredFile) -> String {
        let key = format!("{}/{name}", self.common.identities.hex(12));
        self.files.store(&key, file);
        format!("{}/files/{key}", self.base_url)
    }
}

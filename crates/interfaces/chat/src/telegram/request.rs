//! Requests of whose answers only what is needed is read.
//!
//! The Bot API grows faster than any crate of types. A sent message is answered with all of itself, and a field that is
//! not known yet must not turn a message that was sent into an error; so answers are read narrowly.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use teloxide_core::requests::{MultipartPayload, Payload};
use teloxide_core::types::InputFile;

/// A payload of teloxide's whose answer is read as `Answer`.
pub(super) struct Narrow<P, Answer> {
    payload: P,
    answer: PhantomData<fn() -> Answer>,
}

impl<P, Answer> Narrow<P, Answer> {
    /// The same request.
    pub(super) const fn new(payload: P) -> Self {
        Self { payload, answer: PhantomData }
    }
}

impl<P: Payload, Answer: DeserializeOwned> Payload for Narrow<P, Answer> {
    type Output = Answer;

    const NAME: &'static str = P::NAME;
}

impl<P: MultipartPayload, Answer: DeserializeOwned> MultipartPayload for Narrow<P, Answer> {
    fn copy_files(&self, into: &mut dyn FnMut(InputFile)) {
        self.payload.copy_files(into);
    }

    fn move_files(&mut self, into: &mut dyn FnMut(InputFile)) {
        self.payload.move_files(into);
    }
}

impl<P: Serialize, Answer> Serialize for Narrow<P, Answer> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.payload.serialize(serializer)
    }
}

/// `getUpdates`. teloxide's own payload has 32 bits for the offset, and reads updates into its types, which drops what
/// they do not know.
#[derive(Serialize)]
pub(super) struct GetUpdates {
    /// The first update to give; all earlier ones are confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offset: Option<i64>,
    /// Seconds to wait for the first one.
    pub(super) timeout: u64,
    /// The kinds to give.
    pub(super) allowed_updates: &'static [&'static str],
}

impl Payload for GetUpdates {
    type Output = Vec<serde_json::Value>;

    const NAME: &'static str = "GetUpdates";
}

/// What is read of a sent message.
#[derive(Deserialize)]
pub(super) struct MessageAnswer {
    pub(super) message_id: i64,
    #[serde(default)]
    pub(super) photo: Vec<PhotoAnswer>,
    pub(super) document: Option<FileAnswer>,
}

/// One size of a photo.
#[derive(Deserialize)]
pub(super) struct PhotoAnswer {
    pub(super) file_id: String,
    #[serde(default)]
    pub(super) width: u64,
    #[serde(default)]
    pub(super) height: u64,
}

/// A file.
#[derive(Deserialize)]
pub(super) struct FileAnswer {
    pub(super) file_id: String,
}

/// What is read of `getFile`.
#[derive(Deserialize)]
pub(super) struct StoredFileAnswer {
    /// In bytes.
    pub(super) file_size: Option<usize>,
    pub(super) file_path: Option<String>,
}

/// What is read of `getMe`.
#[derive(Deserialize)]
pub(super) struct IdentityAnswer {
    #[serde(default)]
    pub(super) username: String,
}

/// An answer of which nothing is read, such as `true`.
pub(super) type AnyAnswer = serde::de::IgnoredAny;

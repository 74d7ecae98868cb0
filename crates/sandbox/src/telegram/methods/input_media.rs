//! From a file parameter to something a message can hold.

use bytes::Bytes;
use futures::StreamExt as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use crate::telegram::api_error::ApiError;
use crate::telegram::files::{
    FileKind, MediaDetails, NewFile, PhotoRefusal, PhotoSize, StoredFile, make_photo,
};
use crate::telegram::media_type::media_type;
use crate::telegram::message::{Attachment, Content};
use crate::telegram::parameters::{FileSource, Parameters, Upload};
use crate::telegram::server::TelegramServer;
use crate::telegram::text::{FormattedText, LongestText, read_text};

/// Largest photo that is uploaded, in bytes.
const LARGEST_PHOTO: usize = 10 * 1024 * 1024;
/// Largest other file that is uploaded, in bytes.
const LARGEST_FILE: usize = 50 * 1024 * 1024;
/// Largest photo that is fetched from an address, in bytes.
const LARGEST_FETCHED_PHOTO: usize = 5 * 1024 * 1024;
/// Largest other file that is fetched from an address, in bytes.
const LARGEST_FETCHED_FILE: usize = 20 * 1024 * 1024;

/// The sizes of a photo that is uploaded, known or fetched.
pub(super) async fn photo(server: &TelegramServer, source: FileSource) -> Result<Vec<PhotoSize>, ApiError> {
    let bytes = match source {
        FileSource::Identifier(file_id) => {
            let file = known_file(server, &file_id, FileKind::Photo)?;
            return Ok(file.description.sizes);
        }
        FileSource::Upload(upload) => {
            if upload.bytes.len() > LARGEST_PHOTO {
                return Err(ApiError::bad_request(format!(
                    "file of size {} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes",
                    upload.bytes.len()
                )));
            }
            upload.bytes
        }
        FileSource::Address(url) => fetch(server, &url, LARGEST_FETCHED_PHOTO).await?.bytes,
    };
    if bytes.is_empty() {
        return Err(ApiError::bad_request("file must be non-empty"));
    }
    photo_of(server, bytes).await
}

/// The sizes of a photo whose bytes are here.
pub(in crate::telegram) async fn photo_of(
    server: &TelegramServer,
    bytes: Bytes,
) -> Result<Vec<PhotoSize>, ApiError> {
    let origin = hex::encode(Sha256::digest(&bytes));
    if let Some(sizes) = server.look(|world| world.files.photo_of(&origin).map(<[_]>::to_vec)) {
        return Ok(sizes);
    }
    let made = spawn_blocking(move || make_photo(&bytes))
        .await
        .map_err(|_| ApiError::bad_request("IMAGE_PROCESS_FAILED"))?
        .map_err(|refusal| {
            ApiError::bad_request(match refusal {
                PhotoRefusal::NotAnImage => "IMAGE_PROCESS_FAILED",
                PhotoRefusal::Dimensions => "PHOTO_INVALID_DIMENSIONS",
            })
        })?;
    Ok(server.change_quietly(|world| world.files.add_photo(&origin, made)))
}

/// A document or voice message that is uploaded, known or fetched.
pub(super) async fn attachment(
    server: &TelegramServer,
    source: FileSource,
    kind: FileKind,
) -> Result<Attachment, ApiError> {
    let upload = match source {
        FileSource::Identifier(file_id) => {
            return Ok(attachment_of(known_file(server, &file_id, kind)?));
        }
        FileSource::Upload(upload) if upload.bytes.len() > LARGEST_FILE => return Err(ApiError::too_large()),
        FileSource::Upload(upload) => upload,
        FileSource::Address(url) => fetch(server, &url, LARGEST_FETCHED_FILE).await?,
    };
    if upload.bytes.is_empty() {
        return Err(ApiError::bad_request("file must be non-empty"));
    }
    Ok(keep_file(server, upload, kind, None).await)
}

/// Keeps a file byte for byte; a picture gets a thumbnail.
pub(in crate::telegram) async fn keep_file(
    server: &TelegramServer,
    upload: Upload,
    kind: FileKind,
    duration: Option<u32>,
) -> Attachment {
    let mime = media_type(upload.mime.as_deref(), upload.name.as_deref(), &upload.bytes);
    let thumbnail = if kind == FileKind::Document && mime.starts_with("image/") {
        photo_of(server, upload.bytes.clone()).await.ok().and_then(|sizes| {
            // The second size is at most 320 pixels, as Telegram's thumbnails are.
            sizes.get(1).or_else(|| sizes.first()).cloned()
        })
    } else {
        None
    };
    let details = MediaDetails { file_name: upload.name, mime_type: Some(mime), duration, thumbnail };
    let stored =
        server.change_quietly(|world| world.files.add(NewFile { kind, bytes: upload.bytes, details }));
    attachment_of(stored)
}

fn attachment_of(file: StoredFile) -> Attachment {
    Attachment {
        file_size: file.bytes.len(),
        file_id: file.description.file_id,
        file_unique_id: file.description.file_unique_id,
        details: file.description.details,
    }
}

fn known_file(server: &TelegramServer, file_id: &str, kind: FileKind) -> Result<StoredFile, ApiError> {
    let file = server
        .look(|world| world.files.get(file_id).cloned())
        .ok_or_else(|| ApiError::bad_request("wrong file identifier/HTTP URL specified"))?;
    if file.description.kind == kind {
        return Ok(file);
    }
    Err(ApiError::bad_request(format!(
        "can't use file of type {} as {}",
        file.description.kind.name(),
        kind.name()
    )))
}

/// Fetches a file from an address.
async fn fetch(server: &TelegramServer, url: &str, largest: usize) -> Result<Upload, ApiError> {
    let failed = || ApiError::bad_request("failed to get HTTP URL content");
    let response = server.http().get(url).send().await.map_err(|_| failed())?;
    if !response.status().is_success() {
        return Err(failed());
    }
    let mime =
        response.headers().get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let name = response.url().path_segments().and_then(|mut parts| parts.next_back()).map(str::to_owned);
    let mut bytes = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        bytes.extend_from_slice(&chunk.map_err(|_| failed())?);
        if bytes.len() > largest {
            return Err(failed());
        }
    }
    Ok(Upload { name: name.filter(|name| !name.is_empty()), mime, bytes: bytes.into() })
}

/// An `InputMedia` object: a photo or a document with its caption.
pub(super) async fn input_media(
    server: &TelegramServer,
    parameters: &Parameters,
    media: &Value,
) -> Result<Content, ApiError> {
    let field = |name: &str| media.get(name).and_then(Value::as_str);
    let kind =
        field("type").ok_or_else(|| ApiError::bad_request("can't parse InputMedia: type is absent"))?;
    let reference = field("media").filter(|reference| !reference.is_empty());
    let reference = reference.ok_or_else(|| ApiError::bad_request("media not found"))?;
    let source = parameters.resolve(reference)?;
    let caption = input_caption(media)?;
    match kind {
        "photo" => Ok(Content::Photo {
            sizes: photo(server, source).await?,
            caption,
            has_spoiler: media.get("has_spoiler").and_then(Value::as_bool) == Some(true),
        }),
        "document" => {
            let file = attachment(server, source, FileKind::Document).await?;
            Ok(Content::Document { file, caption })
        }
        other => Err(ApiError::bad_request(format!("the sandbox knows no InputMedia of type \"{other}\""))),
    }
}

fn input_caption(media: &Value) -> Result<FormattedText, ApiError> {
    let entities = media.get("caption_entities").filter(|entities| !entities.is_null()).cloned();
    let entities = entities
        .map(serde_json::from_value)
        .transpose()
        .map_err(|_| ApiError::bad_request("can't parse caption_entities"))?;
    read_text(
        media.get("caption").and_then(Value::as_str).unwrap_or_default(),
        media.get("parse_mode").and_then(Value::as_str),
        entities,
        LongestText::Caption,
    )
}

//! People send albums, voice and other media.
//!
//! - `POST /people/{id}/album`: `kind=photos|documents`, `caption`; more than ten leave as several albums. What the
//!   bot hears can be told: `order=2,0,1` names the files by their number from 0 in the order of their updates, and
//!   leaves out those that get lost; `media_group_id` puts the files into an album of that name
//! - `POST /people/{id}/voice`: `seconds`, and `words`, which a transcription will give; without a file the sandbox
//!   makes a recording that says them
//! - `POST /people/{id}/medium`: `kind=audio|video|video_note|animation|sticker`, `seconds`, `caption`
//!
//! Each takes multipart, or the bare bytes of one file with the fields in the query.

use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Driving;
use super::answers::Refused;
use super::people::latest_event;
use super::uploads::Sending;
use crate::telegram::{Album, AlbumKind, Medium, Upload};
use crate::test_voice;

/// Characters of a second of speech.
const CHARACTERS_OF_A_SECOND: usize = 14;

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/people/{person}/album", post(album))
        .route("/people/{person}/voice", post(voice))
        .route("/people/{person}/medium", post(medium))
        .layer(DefaultBodyLimit::disable())
}

async fn album(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let mut sending = Sending::read(request).await?;
    let kind = match sending.field("kind") {
        None | Some("photos") => AlbumKind::Photos,
        Some("documents") => AlbumKind::Documents,
        Some(other) => return Err(Refused::bad_request(format!("there are no albums of {other}"))),
    };
    let order = sending.field("order").map(|order| {
        let numbers = order.split(',').map(str::trim).filter(|number| !number.is_empty());
        numbers.map(str::parse).collect::<Result<Vec<usize>, _>>()
    });
    let order = order.transpose().map_err(|_| Refused::bad_request("order is a list of whole numbers"))?;
    let group = sending.field("media_group_id").map(str::to_owned);
    let album = Album { kind, caption: sending.caption().to_owned(), group, order };
    let after = latest_event(&driving);
    let uploads = std::mem::take(&mut sending.uploads);
    let messages = driving.telegram.person_sends_album(person, uploads, album).await?;
    Ok(Json(json!({ "messages": messages, "after": after })))
}

async fn voice(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let mut sending = Sending::read(request).await?;
    let words = sending.field("words").map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned);
    let seconds = sending.number("seconds")?;
    let seconds = seconds.unwrap_or_else(|| words.as_deref().map_or(1, seconds_of));
    let upload = match (words, sending.uploads.is_empty()) {
        (Some(words), true) => Upload {
            name: Some("voice.ogg".to_owned()),
            mime: Some("audio/ogg".to_owned()),
            bytes: test_voice::voice(&words, seconds),
        },
        (Some(words), false) => {
            let mut upload = sending.one_file()?;
            upload.bytes = test_voice::plant(&upload.bytes, &words);
            upload
        }
        (None, _) => sending.one_file()?,
    };
    let after = latest_event(&driving);
    let message = driving.telegram.person_sends_voice(person, upload, seconds).await?;
    Ok(Json(json!({ "messages": [message], "after": after })))
}

/// How long it takes to say so many words.
fn seconds_of(words: &str) -> u32 {
    let seconds = words.chars().count().div_ceil(CHARACTERS_OF_A_SECOND).max(1);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

async fn medium(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let mut sending = Sending::read(request).await?;
    let medium = match sending.field("kind") {
        Some("audio") => Medium::Audio,
        Some("video") => Medium::Video,
        Some("video_note") => Medium::VideoNote,
        Some("animation") => Medium::Animation,
        Some("sticker") => Medium::Sticker,
        other => {
            let other = other.unwrap_or_default();
            return Err(Refused::bad_request(format!("there is no medium of the kind \"{other}\"")));
        }
    };
    let seconds = sending.number("seconds")?.unwrap_or(1);
    let upload = sending.one_file()?;
    let after = latest_event(&driving);
    let caption = sending.caption();
    let message = driving.telegram.person_sends_medium(person, medium, upload, seconds, caption).await?;
    Ok(Json(json!({ "messages": [message], "after": after })))
}

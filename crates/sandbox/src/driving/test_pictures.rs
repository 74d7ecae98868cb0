//! Portraits for those who have no photos at hand.
//!
//! - `GET /pictures`: the names of the kinds
//! - `GET /pictures/{kind}/{variant}?width=960&height=1200`: one picture, as a JPEG
//! - `POST /people/{id}/sample-photos` `{count?, kinds?, first?}`: sends so many (a dozen) as albums, of these kinds
//!   in turn (clear portraits of one person), beginning with variant `first`

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::Driving;
use super::answers::Refused;
use super::people::latest_event;
use crate::telegram::{Album, AlbumKind, Upload};
use crate::test_pictures::{PictureKind, picture};

/// Most pictures of one call.
const MOST_PICTURES: u32 = 40;

pub(super) fn router() -> Router<Driving> {
    Router::new()
        .route("/pictures", get(kinds))
        .route("/pictures/{kind}/{variant}", get(one))
        .route("/people/{person}/sample-photos", post(send_samples))
}

async fn kinds() -> Json<Value> {
    Json(json!(PictureKind::ALL.map(PictureKind::name)))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default = "usual_width")]
    width: u16,
    #[serde(default = "usual_height")]
    height: u16,
}

const fn usual_width() -> u16 {
    960
}

const fn usual_height() -> u16 {
    1_200
}

async fn one(
    Path((kind, variant)): Path<(String, u32)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refused> {
    let bytes = draw(kind_of(&kind)?, variant, wanted.width, wanted.height).await?;
    Ok(([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response())
}

#[derive(Deserialize)]
#[serde(default)]
struct Samples {
    count: u32,
    kinds: Vec<String>,
    first: u32,
}

impl Default for Samples {
    fn default() -> Self {
        Self { count: 12, kinds: vec![PictureKind::Clear.name().to_owned()], first: 0 }
    }
}

async fn send_samples(
    State(driving): State<Driving>,
    Path(person): Path<i64>,
    Json(samples): Json<Samples>,
) -> Result<Json<Value>, Refused> {
    if !(2..=MOST_PICTURES).contains(&samples.count) || samples.kinds.is_empty() {
        return Err(Refused::bad_request("2 to 40 photos of one kind at least are sent"));
    }
    let kinds = samples.kinds.iter().map(|kind| kind_of(kind)).collect::<Result<Vec<_>, _>>()?;
    let mut uploads = Vec::new();
    for (kind, number) in kinds.iter().cycle().zip(0..samples.count) {
        let variant = samples.first.saturating_add(number);
        let bytes = draw(*kind, variant, usual_width(), usual_height()).await?;
        let name = format!("{}-{variant}.jpg", kind.name());
        uploads.push(Upload { name: Some(name), mime: Some("image/jpeg".to_owned()), bytes });
    }
    let after = latest_event(&driving);
    let album = Album { kind: AlbumKind::Photos, caption: String::new(), group: None, order: None };
    let messages = driving.telegram.person_sends_album(person, uploads, album).await?;
    Ok(Json(json!({ "messages": messages, "after": after })))
}

fn kind_of(name: &str) -> Result<PictureKind, Refused> {
    PictureKind::of_name(name).ok_or_else(|| {
        Refused::new(StatusCode::NOT_FOUND, format!("there are no pictures of the kind {name}"))
    })
}

/// Drawing takes tens of milliseconds of processor time.
async fn draw(kind: PictureKind, variant: u32, width: u16, height: u16) -> Result<Bytes, Refused> {
    let drawn = spawn_blocking(move || picture(kind, variant, width, height)).await;
    let drawn = drawn.map_err(|error| Refused::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    drawn.map_err(|error| Refused::bad_request(error.to_string()))
}

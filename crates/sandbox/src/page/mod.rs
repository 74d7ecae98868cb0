//! The chat page: static files that are part of the program.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

/// No outside resource, no inline script: what a bot says can't become code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Everything that the page consists of: name, content type, content.
const FILES: &[(&str, &str, &str)] = &[
    ("icon.svg", SVG, include_str!("icon.svg")),
    ("pattern.svg", SVG, include_str!("pattern.svg")),
    ("base.css", CSS, include_str!("style/base.css")),
    ("layout.css", CSS, include_str!("style/layout.css")),
    ("people.css", CSS, include_str!("style/people.css")),
    ("chat.css", CSS, include_str!("style/chat.css")),
    ("message.css", CSS, include_str!("style/message.css")),
    ("composer.css", CSS, include_str!("style/composer.css")),
    ("dialog.css", CSS, include_str!("style/dialog.css")),
    ("samples.css", CSS, include_str!("style/samples.css")),
    ("scenes.css", CSS, include_str!("style/scenes.css")),
    ("album.js", SCRIPT, include_str!("script/album.js")),
    ("api.js", SCRIPT, include_str!("script/api.js")),
    ("attach.js", SCRIPT, include_str!("script/attach.js")),
    ("avatars.js", SCRIPT, include_str!("script/avatars.js")),
    ("bubble.js", SCRIPT, include_str!("script/bubble.js")),
    ("calls.js", SCRIPT, include_str!("script/calls.js")),
    ("composer.js", SCRIPT, include_str!("script/composer.js")),
    ("dialogs.js", SCRIPT, include_str!("script/dialogs.js")),
    ("dom.js", SCRIPT, include_str!("script/dom.js")),
    ("empty.js", SCRIPT, include_str!("script/empty.js")),
    ("events.js", SCRIPT, include_str!("script/events.js")),
    ("faults.js", SCRIPT, include_str!("script/faults.js")),
    ("header.js", SCRIPT, include_str!("script/header.js")),
    ("icons.js", SCRIPT, include_str!("script/icons.js")),
    ("log.js", SCRIPT, include_str!("script/log.js")),
    ("main.js", SCRIPT, include_str!("script/main.js")),
    ("messages.js", SCRIPT, include_str!("script/messages.js")),
    ("money.js", SCRIPT, include_str!("script/money.js")),
    ("people.js", SCRIPT, include_str!("script/people.js")),
    ("samples.js", SCRIPT, include_str!("script/samples.js")),
    ("scenes.js", SCRIPT, include_str!("script/scenes.js")),
    ("speech.js", SCRIPT, include_str!("script/speech.js")),
    ("state.js", SCRIPT, include_str!("script/state.js")),
    ("text.js", SCRIPT, include_str!("script/text.js")),
    ("time.js", SCRIPT, include_str!("script/time.js")),
    ("viewer.js", SCRIPT, include_str!("script/viewer.js")),
    ("voice.js", SCRIPT, include_str!("script/voice.js")),
    ("work.js", SCRIPT, include_str!("script/work.js")),
];

/// The page's routes: `/`, and its files under `/page/`.
pub fn router() -> Router {
    Router::new()
        .route("/", get(|| async { asset(HTML, include_str!("index.html")) }))
        .route("/page/{name}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, _, _)| *known == name) {
        Some((_, content_type, content)) => asset(content_type, content),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn asset(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, content).into_response()
}

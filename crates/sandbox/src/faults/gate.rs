//! The middleware in front of every server: it writes the journal and obeys the faults that end a call.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, Response as HttpResponse, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::serving::CloseWithoutAnswer;
use super::{Fault, FaultBoard, Service, Stage, StatusFault, Taken};
use crate::journal::{Ending, Journal};

/// A breakdown that a service tells in its own error format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breakdown {
    /// An error status, maybe with a time to wait.
    Status(StatusFault),
    /// The key is wrong.
    BadKey,
    /// The model that the path names is switched off.
    RetiredModel {
        /// The request's path.
        path: String,
    },
}

/// What the middleware needs; the state of [`gate`].
#[derive(Debug, Clone)]
pub struct Gate {
    /// The service behind it.
    pub service: Service,
    /// Where calls are noted.
    pub journal: Journal,
    /// The rules to obey.
    pub faults: FaultBoard,
    /// Says a breakdown in the service's own words.
    pub tell: fn(&Breakdown) -> Response,
}

/// A line about the call for the journal; handlers add it to the extensions of their answer.
#[derive(Debug, Clone)]
pub struct Summary(pub String);

/// An answer that makes [`super::serve`] close the connection instead of sending anything.
pub fn close_without_answer() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(CloseWithoutAnswer);
    response
}

/// Notes the call, obeys the faults of stages [`Stage::Wait`] and [`Stage::Answer`], and passes it on.
///
/// Use with `axum::middleware::from_fn_with_state`.
pub async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let operation = operation(request.method(), request.uri());
    let call = gate.journal.open(gate.service, request.method().as_str(), shown_path(request.uri()));
    let path = request.uri().path().to_owned();

    let wait = gate.faults.take(gate.service, &operation, Stage::Wait);
    match wait.as_ref().map(|taken| &taken.fault) {
        Some(Fault::Delay { ms }) => tokio::time::sleep(Duration::from_millis(*ms)).await,
        Some(Fault::Hold) => gate.faults.hold(gate.service, &operation).await,
        _ => {}
    }

    let answer = gate.faults.take(gate.service, &operation, Stage::Answer);
    let response = match answer.as_ref().map(|taken| &taken.fault) {
        Some(Fault::Status(status)) => status_answer(&gate, status),
        Some(Fault::BadKey) => (gate.tell)(&Breakdown::BadKey),
        Some(Fault::RetiredModel) => (gate.tell)(&Breakdown::RetiredModel { path }),
        Some(Fault::Garbage) => garbage(),
        Some(Fault::DropConnection) => close_without_answer(),
        Some(Fault::DropAfterEffect) => {
            let done = next.run(request).await;
            keep_notes(&done, close_without_answer())
        }
        Some(Fault::HoldAfterEffect) => {
            let done = next.run(request).await;
            gate.faults.hold(gate.service, &operation).await;
            done
        }
        _ => next.run(request).await,
    };

    call.close(Ending {
        status: answered_status(&response),
        summary: response.extensions().get::<Summary>().map(|summary| summary.0.clone()).unwrap_or_default(),
        fault: fault_names([wait.as_ref(), answer.as_ref(), response.extensions().get::<Taken>()]),
    });
    response
}

/// What rules are matched against: `METHOD /path?query`.
fn operation(method: &Method, uri: &Uri) -> String {
    format!("{method} {}", shown_path(uri))
}

/// Path and query, with the key that Google allows in the query left out.
fn shown_path(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let shown: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("key=")).collect();
    if shown.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), shown.join("&")) }
}

fn status_answer(gate: &Gate, status: &StatusFault) -> Response {
    let mut response = match &status.body {
        Some(body) => {
            let code = StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (code, axum::Json(body.clone())).into_response()
        }
        None => (gate.tell)(&Breakdown::Status(status.clone())),
    };
    for (name, value) in &status.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The page of a proxy that knows nothing of the API behind it.
fn garbage() -> Response {
    const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Please wait</title></head>\
        <body><h1>Checking your browser</h1><p>This will take a moment.</p></body></html>\n";
    HttpResponse::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .body(Body::from(PAGE))
        .unwrap_or_else(|_| StatusCode::OK.into_response())
}

fn keep_notes(done: &Response, mut answer: Response) -> Response {
    if let Some(summary) = done.extensions().get::<Summary>() {
        answer.extensions_mut().insert(summary.clone());
    }
    if let Some(taken) = done.extensions().get::<Taken>() {
        answer.extensions_mut().insert(taken.clone());
    }
    answer
}

fn answered_status(response: &Response) -> Option<u16> {
    let is_closed = response.extensions().get::<CloseWithoutAnswer>().is_some();
    (!is_closed).then(|| response.status().as_u16())
}

fn fault_names(taken: [Option<&Taken>; 3]) -> Option<String> {
    let names: Vec<String> = taken.into_iter().flatten().map(|taken| taken.fault.to_string()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

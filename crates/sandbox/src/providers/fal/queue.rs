//! The queue: submit, status, result, cancel.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::account::REQUEST_ID;
use super::assignment::Assignment;
use super::endpoint::Endpoint;
use super::errors::ApiError;
use super::ledger::{Cancellation, Outcome, Phase, QueueRequest};
use super::lifecycle::Lifecycle;
use super::stream;
use super::webhook::Delivery;
use super::{Fal, Server};
use crate::faults::{Fault, Service, Stage, Summary, Taken};

const BILLABLE_UNITS: HeaderName = HeaderName::from_static("x-fal-billable-units");
const SERVED_FROM: HeaderName = HeaderName::from_static("x-fal-served-from");
/// From so many bytes on, a result is kept for a shorter time.
const LARGE_RESULT: usize = 10_000;

/// What a path of the queue means.
enum Call<'a> {
    Submit,
    Status(&'a str),
    StatusStream(&'a str),
    Result(&'a str),
    Cancel(&'a str),
}

/// Query of a submit.
#[derive(Debug, Default, Deserialize)]
pub(super) struct SubmitQuery {
    fal_webhook: Option<String>,
    fal_max_queue_length: Option<usize>,
}

/// Answers every path that no other route has.
pub(super) async fn answer(
    State(fal): State<Fal>,
    method: Method,
    uri: Uri,
    query: Result<Query<SubmitQuery>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().trim_matches('/');
    let Some((application, call)) = understand(&method, path) else {
        return ApiError::plain(StatusCode::NOT_FOUND, "Not Found").into_response();
    };
    if let Err(error) = fal.check(&headers) {
        return error.into_response();
    }
    let outcome = match call {
        Call::Submit => match query {
            Ok(Query(query)) => submit(&fal, path, query, &headers, &body).await,
            Err(error) => Err(ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, error.body_text())),
        },
        Call::Status(id) => find(&fal, id, application).map(|found| status(&fal, &found.0, found.1)),
        Call::StatusStream(id) => find(&fal, id, application)
            .map(|(request, _)| stream::statuses(Arc::clone(&fal), request.id, application.to_owned())),
        Call::Result(id) => find(&fal, id, application).and_then(|(request, _)| result(&fal, path, &request)),
        Call::Cancel(id) => cancel(&fal, id, application),
    };
    outcome.unwrap_or_else(IntoResponse::into_response)
}

fn understand<'a>(method: &Method, path: &'a str) -> Option<(&'a str, Call<'a>)> {
    let Some((application, rest)) = path.split_once("/requests/") else {
        return (method == Method::POST && path.contains('/')).then_some((path, Call::Submit));
    };
    let (id, action) = rest.split_once('/').unwrap_or((rest, ""));
    let call = match (method, action) {
        (&Method::GET, "status") => Call::Status(id),
        (&Method::GET, "status/stream") => Call::StatusStream(id),
        (&Method::GET, "" | "response") => Call::Result(id),
        (&Method::PUT, "cancel") => Call::Cancel(id),
        _ => return None,
    };
    Some((application, call))
}

fn find(fal: &Server, id: &str, application: &str) -> Result<(QueueRequest, usize), ApiError> {
    let id = Uuid::parse_str(id).map_err(|_| ApiError::no_request())?;
    fal.ledger.find(id, application).ok_or_else(ApiError::no_request)
}

async fn submit(
    fal: &Fal,
    path: &str,
    query: SubmitQuery,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, ApiError> {
    let endpoint = Endpoint::parse(path).ok_or_else(|| ApiError::no_application(path))?;
    let input = read_body(body)?;
    let webhook = query.fal_webhook.map(|target| read_webhook(&target)).transpose()?;
    if let Some(most) = query.fal_max_queue_length
        && fal.ledger.waiting(endpoint.application()) > most
    {
        return Err(ApiError::plain(StatusCode::TOO_MANY_REQUESTS, "Queue is full"));
    }

    let operation = format!("POST /{path}");
    let lifecycle = Lifecycle::of(headers)?;
    let work_fault = fal.common.faults.take(Service::Fal, &operation, endpoint.stage());
    // A request without a webhook leaves the rules about webhooks for the next one.
    let webhook_fault =
        webhook.as_ref().and_then(|_| fal.common.faults.take(Service::Fal, &operation, Stage::Webhook));
    let id = fal.common.identities.uuid();
    let (position, cancel) = fal.ledger.enter(id, endpoint.clone());
    let assignment = Assignment {
        endpoint: endpoint.clone(),
        input,
        fault: work_fault.as_ref().map(|taken| taken.fault.clone()),
        lifecycle,
        logged: Some(id),
    };
    let job = Job { id, assignment, start_within: start_timeout(headers), cancel };
    let delivery = webhook.map(|target| Delivery {
        request_id: id,
        target,
        trainer: endpoint.trainer(),
        fault: webhook_fault.as_ref().map(|taken| taken.fault.clone()),
    });

    let is_early = webhook_fault.as_ref().is_some_and(|taken| taken.fault == Fault::WebhookBeforeAnswer);
    let work = tokio::spawn(Arc::clone(fal).work(job, delivery));
    if is_early && work.await.is_err() {
        return Err(ApiError::internal());
    }
    let mut answer = links(fal, &endpoint, id);
    answer["status"] = json!("IN_QUEUE");
    answer["queue_position"] = json!(position);
    answer["gateway_request_id"] = json!(id);
    let mut response = Json(answer).into_response();
    name(&mut response, id);
    response.extensions_mut().insert(Summary(format!("submitted {id}")));
    if let Some(taken) = both(work_fault, webhook_fault) {
        response.extensions_mut().insert(taken);
    }
    Ok(response)
}

/// The journal shows one fault of a handler's; that of the work is seen in what was made anyway.
fn both(work: Option<Taken>, webhook: Option<Taken>) -> Option<Taken> {
    webhook.or(work)
}

fn read_body(body: &[u8]) -> Result<Value, ApiError> {
    let unreadable = || ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, "The body is not valid JSON");
    let input: Value = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if input.is_object() { Ok(input) } else { Err(unreadable()) }
}

fn read_webhook(target: &str) -> Result<Url, ApiError> {
    let url = Url::parse(target).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| ApiError::plain(StatusCode::UNPROCESSABLE_ENTITY, "fal_webhook is not a valid URL"))
}

fn start_timeout(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("x-fal-request-timeout")?.to_str().ok()?.parse::<f64>().ok()?;
    Duration::try_from_secs_f64(value).ok()
}

/// A request on its way through the queue.
struct Job {
    id: Uuid,
    assignment: Assignment,
    /// Longest time to the start.
    start_within: Option<Duration>,
    cancel: tokio_util::sync::CancellationToken,
}

impl Server {
    /// Waits for a runner, runs, notes the outcome, and tells the webhook.
    async fn work(self: Fal, job: Job, delivery: Option<Delivery>) {
        let outcome = tokio::select! {
            biased;
            () = job.cancel.cancelled() => Outcome { result: Err(ApiError::cancelled()), inference_seconds: 0.0 },
            outcome = self.wait_and_run(&job) => outcome,
        };
        let kept_for = kept_for(&outcome, self.common.settings.current().fal_result_ms);
        self.ledger.complete(job.id, &outcome, kept_for);
        if let Some(delivery) = delivery {
            delivery.carry_out(&self, &outcome).await;
        }
    }

    async fn wait_and_run(&self, job: &Job) -> Outcome {
        let start = async {
            tokio::time::sleep(Duration::from_millis(self.common.settings.current().queue_ms)).await;
            Arc::clone(&self.runners).acquire_owned().await
        };
        let limit = job.start_within.unwrap_or(Duration::MAX);
        let Ok(Ok(_runner)) = tokio::time::timeout(limit, start).await else {
            return Outcome { result: Err(ApiError::start_timeout()), inference_seconds: 0.0 };
        };
        self.ledger.start(job.id);
        self.run(&job.assignment).await
    }
}

/// How long a result is kept, where `usual` is the time of small ones in milliseconds.
fn kept_for(outcome: &Outcome, usual: u64) -> Duration {
    let length = outcome.result.as_ref().map_or(0, |output| output.to_string().len());
    Duration::from_millis(if length < LARGE_RESULT { usual } else { usual / 10 })
}

/// The absolute URLs of a request.
pub(super) fn links(fal: &Server, endpoint: &Endpoint, id: Uuid) -> Value {
    let base = format!("{}/{}/requests/{id}", fal.base_url, endpoint.application());
    json!({
        "request_id": id,
        "response_url": base,
        "status_url": format!("{base}/status"),
        "cancel_url": format!("{base}/cancel"),
    })
}

/// The status object of a request.
pub(super) fn describe(fal: &Server, request: &QueueRequest, position: usize) -> Value {
    let mut body = links(fal, &request.endpoint, request.id);
    match &request.phase {
        Phase::InQueue => {
            body["status"] = json!("IN_QUEUE");
            body["queue_position"] = json!(position);
            body["logs"] = Value::Null;
        }
        Phase::InProgress => {
            body["status"] = json!("IN_PROGRESS");
            body["logs"] = json!(request.logs);
        }
        Phase::Completed(outcome) => {
            body["status"] = json!("COMPLETED");
            body["logs"] = json!(request.logs);
            body["metrics"] = json!({"inference_time": outcome.inference_seconds});
            if let Err(error) = &outcome.result {
                body["error"] = json!(error.line());
                if let Some(kind) = error.kind {
                    body["error_type"] = json!(kind);
                }
            }
        }
    }
    body
}

fn status(fal: &Server, request: &QueueRequest, position: usize) -> Response {
    let body = describe(fal, request, position);
    let code =
        if matches!(request.phase, Phase::Completed(_)) { StatusCode::OK } else { StatusCode::ACCEPTED };
    let summary = body["status"].as_str().unwrap_or_default().to_owned();
    let mut response = (code, Json(body)).into_response();
    name(&mut response, request.id);
    response.extensions_mut().insert(Summary(summary));
    response
}

fn result(fal: &Server, path: &str, request: &QueueRequest) -> Result<Response, ApiError> {
    let Phase::Completed(outcome) = &request.phase else { return Err(ApiError::still_in_progress()) };
    if request.is_forgotten() {
        return Err(ApiError::no_request());
    }
    if let Some(taken) = fal.common.faults.take(Service::Fal, &format!("GET /{path}"), Stage::Result) {
        fal.ledger.forget(request.id);
        let mut response = ApiError::no_request().into_response();
        response.extensions_mut().insert(taken);
        return Ok(response);
    }
    let mut response = match &outcome.result {
        Ok(output) => Json(output).into_response(),
        Err(error) => error.clone().into_response(),
    };
    name(&mut response, request.id);
    let headers = response.headers_mut();
    headers.insert(SERVED_FROM, HeaderValue::from_static("cache"));
    let units = if outcome.status().is_success() { "1" } else { "0" };
    headers.insert(BILLABLE_UNITS, HeaderValue::from_static(units));
    Ok(response)
}

fn cancel(fal: &Server, id: &str, application: &str) -> Result<Response, ApiError> {
    let (request, _) = find(fal, id, application)?;
    let (code, status) = match fal.ledger.cancel(request.id, application) {
        Some(Cancellation::Requested) => (StatusCode::ACCEPTED, "CANCELLATION_REQUESTED"),
        Some(Cancellation::TooLate) => (StatusCode::BAD_REQUEST, "ALREADY_COMPLETED"),
        None => return Err(ApiError::no_request()),
    };
    let mut response = (code, Json(json!({"status": status}))).into_response();
    name(&mut response, request.id);
    response.extensions_mut().insert(Summary(status.to_owned()));
    Ok(response)
}

fn name(response: &mut Response, id: Uuid) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_results_are_kept_for_a_tenth_of_the_time() {
        let kept = |length: usize| {
            let outcome = Outcome { result: Ok(json!("x".repeat(length))), inference_seconds: 0.0 };
            kept_for(&outcome, 3_600_000)
        };
        assert_eq!(kept(9_000), Duration::from_hours(1));
        assert_eq!(kept(10_000), Duration::from_mins(6));
        let failed = Outcome { result: Err(ApiError::cancelled()), inference_seconds: 0.0 };
        assert_eq!(kept_for(&failed, 3_600_000), Duration::from_hours(1));
    }
}

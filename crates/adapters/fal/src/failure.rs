//! What FAL's complaints mean for whoever has to act on them.

use std::time::Duration;

use kernel::{Discretion, FailureClass, ProviderError};
use reqwest::StatusCode;

use crate::complaint::{Complaint, Problem};
use crate::http::Answer;

/// The code of an error about a model that FAL does not have.
pub(crate) const MODEL_NOT_FOUND: &str = "model-not-found";

/// The longest machine code or name of a field that is repeated, in bytes.
const LONGEST_CODE: usize = 64;

/// Failures of FAL or of a model that may not come again.
const PASSING: [&str; 18] = [
    "internal_server_error",
    "generation_timeout",
    "downstream_service_error",
    "downstream_service_unavailable",
    "no_media_generated",
    // The files that FAL downloads are those that we lend to it.
    "file_download_error",
    "request_timeout",
    "startup_timeout",
    "runner_scheduling_failure",
    "runner_connection_timeout",
    "runner_disconnected",
    "runner_connection_refused",
    "runner_connection_error",
    "runner_incomplete_response",
    "runner_server_error",
    "client_disconnected",
    "client_cancelled",
    "internal_error",
];

/// Problems with a file that a person gave.
const ABOUT_FILES: [&str; 9] = [
    "image_too_small",
    "image_too_large",
    "image_load_error",
    "unsupported_image_format",
    "file_too_large",
    "face_detection_error",
    "invalid_archive",
    "archive_file_count_below_minimum",
    "archive_file_count_exceeds_maximum",
];

/// Whether FAL says that the same request may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RetryAdvice {
    /// It says nothing.
    None,
    /// It may succeed.
    Retry,
    /// It will fail again.
    GiveUp,
}

impl RetryAdvice {
    /// Reads the header under its present and its former name.
    pub(crate) fn of(answer: &Answer) -> Self {
        match answer.header("x-fal-needs-retry").or_else(|| answer.header("x-fal-retryable")) {
            Some("1" | "true") => Self::Retry,
            Some("0" | "false") => Self::GiveUp,
            _ => Self::None,
        }
    }
}

/// The failure that an answer to a call tells of.
pub(crate) fn of_call(answer: &Answer, discretion: &Discretion) -> ProviderError {
    let misconfigured = |code, detail| ProviderError::new(FailureClass::Misconfigured, code, detail);
    let Some(complaint) = Complaint::of_answer(answer) else {
        let class = class_of_answer(answer).unwrap_or(FailureClass::Unavailable);
        let detail = format!("FAL answered {} with something that is no JSON", answer.status.as_u16());
        return ProviderError::new(class, "garbage", detail);
    };
    match answer.status.as_u16() {
        200..=299 => unexpected(answer.status),
        300..=399 => {
            let detail = "FAL's address answers with a redirect, which is not followed";
            ProviderError::new(FailureClass::Unavailable, "redirected", detail)
        }
        401 => misconfigured("bad-key", "FAL does not accept the key"),
        402 => exhausted_balance(),
        403 => {
            of_lock(&complaint).unwrap_or_else(|| misconfigured("forbidden", "FAL denies the key this call"))
        }
        404 | 405 | 410 => misconfigured(MODEL_NOT_FOUND, "FAL has no such model"),
        _ => judge(
            &complaint,
            Some(answer.status),
            class_of_answer(answer),
            RetryAdvice::of(answer),
            discretion,
        ),
    }
}

/// The failure that ended a piece of work, as its result or a callback tells of it.
pub(crate) fn of_work(
    status: Option<StatusCode>,
    complaint: &Complaint,
    advice: RetryAdvice,
) -> ProviderError {
    let by_status = status.and_then(|status| class_of_status(status, None));
    of_lock(complaint).unwrap_or_else(|| judge(complaint, status, by_status, advice, &Discretion::silent()))
}

/// The failure of work of which only the machine code is known; `None` when the code alone does not decide.
pub(crate) fn of_kind(kind: &str) -> Option<ProviderError> {
    let class = class_of_kind(kind)?;
    Some(ProviderError::new(class, kind, "FAL reports that the request failed"))
}

/// An answer that is none of those that FAL's documentation knows.
pub(crate) fn unexpected(status: StatusCode) -> ProviderError {
    let detail = format!("FAL answered {} with a body that cannot be understood", status.as_u16());
    ProviderError::new(FailureClass::Unavailable, "garbage", detail)
}

fn of_lock(complaint: &Complaint) -> Option<ProviderError> {
    if complaint.says_balance_is_exhausted() {
        Some(exhausted_balance())
    } else if complaint.says_locked() {
        let detail = "FAL locked the account";
        Some(ProviderError::new(FailureClass::Misconfigured, "account-locked", detail))
    } else {
        None
    }
}

fn exhausted_balance() -> ProviderError {
    let detail = "the balance of the FAL account is exhausted; top it up at FAL";
    ProviderError::new(FailureClass::Misconfigured, "exhausted-balance", detail)
}

/// What the machine codes mean; where they say nothing, what the advice or the status says.
fn judge(
    complaint: &Complaint,
    status: Option<StatusCode>,
    by_status: Option<FailureClass>,
    advice: RetryAdvice,
    discretion: &Discretion,
) -> ProviderError {
    let problem = weightiest(&complaint.problems);
    let by_kind =
        problem.and_then(class_of_problem).or_else(|| complaint.kind.as_deref().and_then(class_of_kind));
    let class = match (by_kind, by_status) {
        // The status brings the wait along.
        (Some(FailureClass::Limited { .. }), Some(limited @ FailureClass::Limited { .. })) => limited,
        (Some(by_kind), _) => by_kind,
        (None, _) if advice == RetryAdvice::Retry => FailureClass::Unavailable,
        (None, Some(by_status)) => by_status,
        // Unknown codes are final, and what is wrong is not the prompt: it is our request.
        (None, None) => FailureClass::Bug,
    };
    let kind = problem.map(|problem| &problem.kind).or(complaint.kind.as_ref());
    let code = match (kind.filter(|kind| is_name(kind)), status) {
        (Some(kind), _) => kind.clone(),
        (None, Some(status)) => format!("http-{}", status.as_u16()),
        (None, None) => "failed".to_owned(),
    };
    ProviderError::new(class, code, describe(complaint, problem, status, discretion))
}

/// A refusal decides, then what the person can mend, then whatever comes first.
fn weightiest(problems: &[Problem]) -> Option<&Problem> {
    let of_class = |class| problems.iter().find(|problem| class_of_problem(problem) == Some(class));
    of_class(FailureClass::Refused).or_else(|| of_class(FailureClass::Invalid)).or_else(|| problems.first())
}

fn class_of_problem(problem: &Problem) -> Option<FailureClass> {
    class_of_kind(&problem.kind).or_else(|| class_of_place(problem))
}

/// What a problem means whose code says nothing.
fn class_of_place(problem: &Problem) -> Option<FailureClass> {
    let is_at = |place: &str| problem.location.iter().any(|part| part == place);
    let is_about_value = problem.kind == "value_error";
    if is_at("prompt") {
        Some(FailureClass::Invalid)
    } else if is_about_value && is_at("loras") {
        // The weights are those that FAL itself made; that it could not read them may pass.
        Some(FailureClass::Unavailable)
    } else if is_about_value && problem.location.iter().any(|part| part.ends_with("data_url")) {
        Some(FailureClass::Invalid)
    } else {
        None
    }
}

fn class_of_kind(kind: &str) -> Option<FailureClass> {
    match kind {
        "content_policy_violation" => Some(FailureClass::Refused),
        "concurrent_requests_limit" => Some(FailureClass::Limited { retry_after: None }),
        "bad_request" | "feature_not_supported" => Some(FailureClass::Bug),
        _ if PASSING.contains(&kind) => Some(FailureClass::Unavailable),
        _ if ABOUT_FILES.contains(&kind) => Some(FailureClass::Invalid),
        _ => None,
    }
}

fn class_of_answer(answer: &Answer) -> Option<FailureClass> {
    class_of_status(answer.status, answer.retry_after())
}

fn class_of_status(status: StatusCode, retry_after: Option<Duration>) -> Option<FailureClass> {
    match status.as_u16() {
        429 => Some(FailureClass::Limited { retry_after }),
        408 | 499.. => Some(FailureClass::Unavailable),
        _ => None,
    }
}

fn describe(
    complaint: &Complaint,
    problem: Option<&Problem>,
    status: Option<StatusCode>,
    discretion: &Discretion,
) -> String {
    let status = status.map(|status| format!(" with status {}", status.as_u16())).unwrap_or_default();
    let place = problem.map(|problem| problem.location.as_slice()).unwrap_or_default();
    let place: Vec<&str> = place.iter().map(String::as_str).filter(|part| is_name(part)).collect();
    let place = if place.is_empty() { String::new() } else { format!(" at {}", place.join(".")) };
    let remark = problem.map(|problem| &problem.message).or(complaint.line.as_ref());
    let remark = remark.and_then(|remark| discretion.repeat(remark));
    let remark = remark.map(|remark| format!(": {remark}")).unwrap_or_default();
    format!("FAL reports a failure{status}{place}{remark}")
}

/// Whether the text can be a machine code, and is no sentence.
fn is_name(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-');
    !text.is_empty() && text.len() <= LONGEST_CODE && text.bytes().all(is_plain)
}

//! What OpenAI's errors mean (OpenAI's documentation, "Error codes"). The status and the code decide; the type varies and
//! the message is for people.

use kernel::{Discretion, FailureClass, ProviderError};
use serde::Deserialize;
use serde_json::Value;

use crate::discretion::machine_word;
use crate::exchange::Answer;
use crate::retry_after::retry_after;

/// Codes of failures that only an operator can end, whatever the status.
const FOR_THE_OPERATOR: [&str; 10] = [
    "invalid_api_key",
    "incorrect_api_key_provided",
    "account_deactivated",
    "organization_deactivated",
    "insufficient_quota",
    "credit_balance_exhausted",
    "billing_hard_limit_reached",
    "billing_not_active",
    "model_not_found",
    "unsupported_country_region_territory",
];

/// Codes of what OpenAI's policy forbids.
const FORBIDDEN: [&str; 5] = [
    "content_policy_violation",
    "content_filter",
    "moderation_blocked",
    "image_content_policy_violation",
    "invalid_prompt",
];

/// Further codes that we know and that therefore may be shown, as they come from no text.
const KNOWN: [&str; 14] = [
    "rate_limit_exceeded",
    "slow_down",
    "server_error",
    "server_is_overloaded",
    "invalid_image",
    "invalid_image_url",
    "invalid_image_format",
    "invalid_base64_image",
    "image_too_large",
    "image_too_small",
    "image_parse_error",
    "unsupported_image_media_type",
    "invalid_json_schema",
    "audio_too_short",
];

/// The type that says, where no code does, that the account has nothing left.
const NOTHING_LEFT: &str = "insufficient_quota";

/// The code of an error about a model that the account does not have.
pub(crate) const MODEL_NOT_FOUND: &str = "model_not_found";

#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default)]
    error: Complaint,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Complaint {
    /// A text, most of the time; a number or nothing now and then.
    code: Value,
    #[serde(rename = "type")]
    kind: Value,
    param: Value,
}

/// The failure of an answer that came well and says in itself, by this code, that it failed.
pub(crate) fn failure_within(code: Option<&str>) -> ProviderError {
    let class = match code {
        Some(code) if FOR_THE_OPERATOR.contains(&code) => FailureClass::Misconfigured,
        Some(code) if FORBIDDEN.contains(&code) => FailureClass::Refused,
        Some(code) if code.contains("image") => FailureClass::Invalid,
        Some("rate_limit_exceeded") => FailureClass::Limited { retry_after: None },
        _ => FailureClass::Unavailable,
    };
    let known = FOR_THE_OPERATOR.into_iter().chain(FORBIDDEN).chain(KNOWN).find(|known| Some(*known) == code);
    ProviderError::new(class, known.unwrap_or("failed"), "OpenAI could not finish its answer")
}

/// The code in the body of a failure.
pub(crate) fn code_of(answer: &Answer) -> Option<String> {
    word(&serde_json::from_slice::<Body>(&answer.body).unwrap_or_default().error.code)
}

/// The failure that an answer tells of.
pub(crate) fn failure(answer: &Answer, discretion: &Discretion) -> ProviderError {
    let status = answer.status.as_u16();
    // An error page of a server in between tells nothing but its status.
    let complaint = serde_json::from_slice::<Body>(&answer.body).unwrap_or_default().error;
    let code = word(&complaint.code);
    let class = class(answer, &complaint, code.as_deref());
    ProviderError::new(class, shown_code(code.as_deref(), status, discretion), detail(answer, discretion))
}

fn class(answer: &Answer, complaint: &Complaint, code: Option<&str>) -> FailureClass {
    let is_for_the_operator = match code {
        Some(code) => FOR_THE_OPERATOR.contains(&code),
        None => complaint.kind == NOTHING_LEFT,
    };
    let is_forbidden = code.is_some_and(|code| FORBIDDEN.contains(&code));
    match answer.status.as_u16() {
        300..400 | 500.. => FailureClass::Unavailable,
        _ if is_for_the_operator => FailureClass::Misconfigured,
        400..=403 | 422 if is_forbidden => FailureClass::Refused,
        // The key, the account, the model or the address is wrong.
        401..=405 | 410 => FailureClass::Misconfigured,
        408 | 409 | 425 => FailureClass::Unavailable,
        429 => FailureClass::Limited { retry_after: retry_after(answer) },
        // The one thing in a request that comes from the settings.
        400 | 422 if complaint.param == "model" => FailureClass::Misconfigured,
        400 | 413 | 422 => FailureClass::Invalid,
        _ => FailureClass::Bug,
    }
}

fn shown_code(code: Option<&str>, status: u16, discretion: &Discretion) -> String {
    code.and_then(|code| {
        // A code that we know comes from no text.
        let known = FOR_THE_OPERATOR.into_iter().chain(FORBIDDEN).chain(KNOWN).find(|known| *known == code);
        known.or_else(|| machine_word(code, discretion))
    })
    .map_or_else(|| format!("http_{status}"), ToOwned::to_owned)
}

fn detail(answer: &Answer, discretion: &Discretion) -> String {
    let request = answer
        .header("x-request-id")
        .and_then(|id| machine_word(id, discretion))
        .map_or_else(String::new, |id| format!(", request {id}"));
    format!("OpenAI answered with the status {}{request}", answer.status.as_u16())
}

/// A code as text.
fn word(code: &Value) -> Option<String> {
    match code {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

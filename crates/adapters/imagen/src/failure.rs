//! What Google's error bodies mean: `{"error": {code, message, status, details}}`, sometimes in a list of one.

use std::time::Duration;

use kernel::{Discretion, FailureClass, ProviderError};
use serde::Deserialize;
use serde_json::Value;

use crate::http::Answer;
use crate::options::BAD_OPTION;

/// The code of an error about a model that was switched off.
pub(crate) const MODEL_RETIRED: &str = "model-retired";
/// The code of an error about a model that is not there, or not for this method.
pub(crate) const MODEL_NOT_FOUND: &str = "model-not-found";

/// The wait after a daily quota is used up. Google names seconds, which are in vain; so long a wait makes another model
/// take over, and this one be tried again in time for the next day.
const WAIT_FOR_ANOTHER_DAY: Duration = Duration::from_hours(1);
/// The longest name of Google's that is repeated, in bytes.
const LONGEST_NAME: usize = 64;

/// The failure that an answer other than a success tells of.
pub(crate) fn of_answer(answer: &Answer, discretion: &Discretion) -> ProviderError {
    let status = answer.status.as_u16();
    if (300..400).contains(&status) {
        let detail = "Google's address answers with a redirect, which is not followed";
        return ProviderError::new(FailureClass::Unavailable, "redirected", detail);
    }
    let Some(complaint) = Complaint::read(&answer.body) else {
        return of_status_alone(answer);
    };
    let class = complaint.class(status, answer.retry_after());
    let code = match status {
        404 if complaint.says_retired() => MODEL_RETIRED.to_owned(),
        404 => MODEL_NOT_FOUND.to_owned(),
        _ => complaint.name().map_or_else(|| http_code(status), ToOwned::to_owned),
    };
    ProviderError::new(class, code, complaint.describe(status, discretion))
}

/// Whether a failure is about one model.
pub(crate) fn is_about_model(error: &ProviderError) -> bool {
    error.class == FailureClass::Misconfigured
        && matches!(error.code.as_str(), MODEL_RETIRED | MODEL_NOT_FOUND | BAD_OPTION)
}

/// An answer that is not Google's.
pub(crate) fn garbage(status: u16) -> ProviderError {
    let detail = format!("the answer with status {status} cannot be understood; it may not be Google's");
    ProviderError::new(FailureClass::Unavailable, "garbage", detail)
}

/// Whether the text can be a name out of Google's lists, and is no sentence.
pub(crate) fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(is_plain)
}

fn of_status_alone(answer: &Answer) -> ProviderError {
    let status = answer.status.as_u16();
    let error = garbage(status);
    let code = if answer.body.is_empty() { http_code(status) } else { error.code };
    let class = match status {
        429 => FailureClass::Limited { retry_after: answer.retry_after() },
        _ => FailureClass::Unavailable,
    };
    ProviderError::new(class, code, error.detail)
}

fn http_code(status: u16) -> String {
    format!("http-{status}")
}

/// An error body taken apart.
#[derive(Debug, Deserialize)]
struct Complaint {
    #[serde(default)]
    message: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    details: Vec<Detail>,
}

/// One of Google's standard details; only the fields of those that matter here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    #[serde(rename = "@type", default)]
    kind: String,
    reason: Option<String>,
    retry_delay: Option<String>,
    #[serde(default)]
    violations: Vec<QuotaViolation>,
    #[serde(default)]
    field_violations: Vec<FieldViolation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct QuotaViolation {
    #[serde(default)]
    quota_id: String,
}

#[derive(Debug, Deserialize)]
struct FieldViolation {
    #[serde(default)]
    field: String,
}

impl Complaint {
    fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let body = body.as_array().and_then(|list| list.first()).unwrap_or(&body);
        Self::deserialize(body.get("error")?).ok()
    }

    fn class(&self, status: u16, retry_after: Option<Duration>) -> FailureClass {
        if self.reason().is_some_and(|reason| reason.starts_with("API_KEY_")) {
            return FailureClass::Misconfigured;
        }
        match (status, self.status.as_str()) {
            (400, "FAILED_PRECONDITION") | (401 | 403 | 404, _) => FailureClass::Misconfigured,
            (429, _) => FailureClass::Limited { retry_after: self.wait(retry_after) },
            (408 | 409 | 499.., _) => FailureClass::Unavailable,
            _ if self.is_about_prompt() => FailureClass::Invalid,
            _ => FailureClass::Bug,
        }
    }

    /// The machine-readable name: the reason, which says more than the status.
    fn name(&self) -> Option<&str> {
        self.reason().or_else(|| Some(self.status.as_str()).filter(|status| is_name(status)))
    }

    fn reason(&self) -> Option<&str> {
        let info = self.details.iter().find(|detail| detail.kind.ends_with("google.rpc.ErrorInfo"))?;
        info.reason.as_deref().filter(|reason| is_name(reason))
    }

    /// Only these words prove that a model was switched off; others are said of models that never were.
    fn says_retired(&self) -> bool {
        self.message.contains("is no longer available")
    }

    fn is_about_prompt(&self) -> bool {
        self.fields().any(|field| field.starts_with("contents") || field.starts_with("instances"))
    }

    fn fields(&self) -> impl Iterator<Item = &str> {
        self.details
            .iter()
            .flat_map(|detail| &detail.field_violations)
            .map(|violation| violation.field.as_str())
    }

    fn wait(&self, retry_after: Option<Duration>) -> Option<Duration> {
        let named = self.details.iter().find_map(|detail| detail.retry_delay.as_deref());
        let named = named.and_then(read_duration).or(retry_after);
        let is_daily = self
            .details
            .iter()
            .flat_map(|detail| &detail.violations)
            .any(|violation| violation.quota_id.contains("PerDay"));
        if is_daily { Some(named.unwrap_or_default().max(WAIT_FOR_ANOTHER_DAY)) } else { named }
    }

    fn describe(&self, status: u16, discretion: &Discretion) -> String {
        let name = self.name().map(|name| format!(" {name}")).unwrap_or_default();
        let field = self.fields().find(|field| is_path(field)).map(|field| format!(" at {field}"));
        let remark = discretion.repeat(&self.message).map(|remark| format!(": {remark}"));
        format!(
            "Google reports a failure with status {status}{name}{}{}",
            field.unwrap_or_default(),
            remark.unwrap_or_default()
        )
    }
}

/// A duration as proto3's JSON has it, such as `42s` or `0.5s`.
fn read_duration(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.strip_suffix('s')?.parse().ok()?).ok()
}

/// Whether the text can be the way to a field of our requests.
fn is_path(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'[' | b']');
    !text.is_empty() && text.len() <= LONGEST_NAME && text.bytes().all(is_plain)
}

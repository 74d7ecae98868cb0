//! FAL's error bodies taken apart. There are three kinds (FAL's documentation, "Model errors" and "Request errors"): a
//! list of problems with the input, one line with a machine code about the infrastructure, and one line about the
//! account.

use serde_json::Value;

use crate::http::Answer;

/// An error body taken apart.
#[derive(Debug, Default)]
pub(crate) struct Complaint {
    /// Problems with the input; only models give them.
    pub(crate) problems: Vec<Problem>,
    /// The one line about infrastructure or account.
    pub(crate) line: Option<String>,
    /// The machine code that goes with the line.
    pub(crate) kind: Option<String>,
}

/// One problem with the input.
#[derive(Debug)]
pub(crate) struct Problem {
    /// The machine code.
    pub(crate) kind: String,
    /// The way to the field.
    pub(crate) location: Vec<String>,
    /// Words for people, which may quote the input.
    pub(crate) message: String,
}

impl Complaint {
    /// The complaint of an answer; `None` when it has a body that is no JSON.
    pub(crate) fn of_answer(answer: &Answer) -> Option<Self> {
        let body = if answer.body.is_empty() { Value::Null } else { answer.json()? };
        let mut complaint = Self::of_body(&body);
        if complaint.kind.is_none() {
            complaint.kind = answer.header("x-fal-error-type").map(ToOwned::to_owned);
        }
        Some(complaint)
    }

    /// The complaint of a body, as far as it can be understood.
    pub(crate) fn of_body(body: &Value) -> Self {
        // Some endpoints give the list bare.
        let detail = if body.is_array() { Some(body) } else { body.get("detail") };
        let problems = detail.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self {
            problems: problems.iter().filter_map(Problem::read).collect(),
            line: text(detail),
            kind: text(body.get("error_type")),
        }
    }

    /// Whether FAL says that it locked the account, which says nothing about work under way.
    pub(crate) fn says_locked(&self) -> bool {
        self.says("User is locked")
    }

    /// Whether the account is locked for want of money.
    pub(crate) fn says_balance_is_exhausted(&self) -> bool {
        self.says_locked() && (self.says("Exhausted balance") || self.says("TOP_UP"))
    }

    /// Whether the result of the work is asked for too early.
    pub(crate) fn says_in_progress(&self) -> bool {
        self.says("still in progress")
    }

    fn says(&self, words: &str) -> bool {
        self.line.as_ref().is_some_and(|line| line.contains(words))
    }
}

impl Problem {
    fn read(value: &Value) -> Option<Self> {
        let location = value.get("loc").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Some(Self {
            kind: text(value.get("type"))?,
            location: location.iter().filter_map(part).collect(),
            message: text(value.get("msg")).unwrap_or_default(),
        })
    }
}

/// A part of a location: the name of a field, or the place in a list.
fn part(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()),
        Value::Number(place) => Some(place.to_string()),
        _ => None,
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(ToOwned::to_owned)
}

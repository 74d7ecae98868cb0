//! Questions to a model that are answered in a form that was agreed.

mod completions;
mod responses;
mod schema;

use kernel::{Discretion, FailureClass, ProviderError};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{ChatDialect, ChatModel, OpenAi};
pub(crate) use schema::Schema;

/// How long an answer may be, in tokens, what the model thinks before it included.
const LONGEST_ANSWER: u32 = 4_000;

/// A question.
#[derive(Debug)]
pub(crate) struct Question<'a> {
    /// Who is asked.
    pub(crate) model: &'a ChatModel,
    /// What is to be done. Ours, whole and alone.
    pub(crate) instructions: &'a str,
    /// What it is to be done with: data.
    pub(crate) data: Vec<Datum>,
    /// The form of the answer.
    pub(crate) schema: &'a Schema,
}

/// A piece of what a question is about.
#[derive(Debug)]
pub(crate) enum Datum {
    /// Words.
    Text(String),
    /// A photo, as an address that holds it.
    Photo(String),
}

/// What a model said.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    /// An answer, whole.
    Words(String),
    /// That it will not answer.
    Refusal,
    /// An answer that was cut off.
    CutOff,
}

impl OpenAi {
    /// Asks once. `discretion` says what of OpenAI's codes may be repeated.
    ///
    /// # Errors
    /// `Refused` when the model declines; `Unavailable` when its answer is not whole or not in the form.
    pub(crate) async fn ask<A: DeserializeOwned>(
        &self,
        question: &Question<'_>,
        discretion: &Discretion,
    ) -> Result<A, ProviderError> {
        let dialect = question.model.dialect;
        let said = match dialect {
            ChatDialect::ChatCompletions => {
                let answer: completions::Answer =
                    self.post_chat(dialect, &completions::body(question), discretion).await?;
                answer.said()?
            }
            ChatDialect::Responses => {
                let answer: responses::Answer =
                    self.post_chat(dialect, &responses::body(question), discretion).await?;
                answer.said()?
            }
        };
        match said {
            Said::Words(words) => read(&words),
            Said::Refusal => {
                let detail = "a model of OpenAI's declines to answer";
                Err(ProviderError::new(FailureClass::Refused, "refusal", detail))
            }
            Said::CutOff => {
                let detail = "a model's answer was cut off";
                Err(ProviderError::new(FailureClass::Unavailable, "cut-off", detail))
            }
        }
    }
}

/// The answer in the form that was agreed: an object, and no list of its fields' values.
fn read<A: DeserializeOwned>(words: &str) -> Result<A, ProviderError> {
    let object: Result<Map<String, Value>, _> = serde_json::from_str(words);
    // The parser's own message could quote the answer.
    object
        .and_then(|object| A::deserialize(Value::Object(object)))
        .map_err(|_quoting| unreadable("a model's answer has not the form that was agreed"))
}

/// The failure of an answer that makes no sense.
pub(crate) fn unreadable(detail: &str) -> ProviderError {
    ProviderError::new(FailureClass::Unavailable, "garbage", detail)
}

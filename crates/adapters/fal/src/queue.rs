//! FAL's queue API: submit, status, result, cancel. With the storage one of two places from which the key goes out.

use std::time::Duration;

use generation::ProviderHandle;
use kernel::{Discretion, FailureClass, ProviderError, Timestamp};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::address::ApiRoot;
use crate::complaint::Complaint;
use crate::endpoint::Endpoint;
use crate::failure::{self, MODEL_NOT_FOUND, RetryAdvice};
use crate::handle::{Addresses, GivenAddresses, Handle, RequestId};
use crate::http::{ANSWER_TOO_LONG, Answer, LONGEST_ANSWER, exchange};
use crate::input::BAD_OPTION;
use crate::lifecycle::{LIFECYCLE_PREFERENCE, lifecycle};
use crate::status::{Stage, Standing, Status};
use crate::{FalSettings, SetupError};

/// The longest status with a log, in bytes.
const LONGEST_LOG: usize = 8 * 1024 * 1024;

/// The queue API of one account.
pub(crate) struct Queue {
    client: Client,
    root: ApiRoot,
    authorization: HeaderValue,
    settings: FalSettings,
}

/// Work that is to be submitted.
pub(crate) struct Work<'a> {
    /// Who is to do it.
    pub(crate) endpoint: &'a Endpoint,
    /// Its input.
    pub(crate) input: &'a Value,
    /// Where FAL is to call back.
    pub(crate) callback: Option<&'a str>,
    /// How long FAL keeps the files that come of it.
    pub(crate) keep_for: Duration,
    /// How long it may wait for its start.
    pub(crate) start_within: Duration,
    /// Words of a person in the input; no error repeats them.
    pub(crate) words: &'a str,
    /// An address in the input; no error repeats it.
    pub(crate) address: &'a str,
}

/// Whether the log of work is of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// It tells how far the work is.
    Wanted,
    /// It tells nothing.
    Unwanted,
}

/// The answer to a submission.
#[derive(Deserialize)]
struct Accepted {
    request_id: String,
    #[serde(flatten)]
    addresses: GivenAddresses,
}

/// What the status of a completed request says about how it went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Well,
    Badly,
}

impl Queue {
    pub(crate) fn new(client: Client, root: ApiRoot, settings: FalSettings) -> Result<Self, SetupError> {
        Ok(Self { client, root, authorization: settings.authorization()?, settings })
    }

    /// Submits work, once. FAL has no key that would make a repeat harmless.
    pub(crate) async fn submit(&self, work: &Work<'_>) -> Result<ProviderHandle, ProviderError> {
        let mut request = self
            .call(Method::POST, &self.root.at(work.endpoint.as_str()))
            .header(LIFECYCLE_PREFERENCE, lifecycle(work.keep_for))
            // What people wrote and got is not kept there for its own sake.
            .header("X-Fal-Store-IO", "0")
            .header("X-Fal-Request-Timeout", format!("{:?}", work.start_within.as_secs_f64()))
            .header("X-Fal-Queue-Priority", self.settings.priority.as_str())
            .json(work.input);
        if let Some(callback) = work.callback {
            request = request.query(&[("fal_webhook", callback)]);
        }
        let answer = exchange(request, LONGEST_ANSWER).await?;
        if !answer.status.is_success() {
            return Err(self.refused_submission(&answer, work));
        }
        // It was accepted, but as what?
        let unknown = || failure::unexpected(answer.status).with_unknown_outcome();
        let accepted: Accepted = serde_json::from_slice(&answer.body).map_err(|_| unknown())?;
        let id: RequestId = accepted.request_id.parse().map_err(|_| unknown())?;
        Handle::given(&self.root, work.endpoint, &id, accepted.addresses).to_provider_handle()
    }

    /// How submitted work stands.
    pub(crate) async fn poll(&self, handle: &ProviderHandle, log: Log) -> Result<Standing, ProviderError> {
        let addresses = Handle::read(handle)?.addresses(&self.root)?;
        let answer = self.status(&addresses, log).await.map_err(ProviderError::with_unknown_outcome)?;
        if !answer.status.is_success() {
            return Err(failed_question(&answer));
        }
        let status: Status = serde_json::from_slice(&answer.body)
            .map_err(|_| failure::unexpected(answer.status).with_unknown_outcome())?;
        match status.stage {
            Stage::InQueue => Ok(Standing::Queued { position: status.position() }),
            Stage::InProgress => Ok(Standing::Running { log: status.messages() }),
            Stage::Completed => match status.error_type.as_deref().and_then(failure::of_kind) {
                Some(failure) => Err(failure),
                None if status.error.is_some() || status.error_type.is_some() => {
                    self.result(&addresses, Ending::Badly).await
                }
                None => self.result(&addresses, Ending::Well).await,
            },
        }
    }

    /// Asks FAL to stop.
    pub(crate) async fn cancel(&self, handle: &ProviderHandle) -> Result<(), ProviderError> {
        let addresses = Handle::read(handle)?.addresses(&self.root)?;
        let answer = exchange(self.call(Method::PUT, &addresses.cancel), LONGEST_ANSWER).await?;
        match answer.status.as_u16() {
            200..=299 => Ok(()),
            400 => {
                let detail = "the request has already been completed";
                Err(ProviderError::new(FailureClass::Conflict, "already-completed", detail))
            }
            404 => Err(unknown_request()),
            _ => Err(failure::of_call(&answer, &Discretion::silent())),
        }
    }

    /// Asks for the status of a request that does not exist, which is free: FAL finds nothing if the key is good.
    pub(crate) async fn probe(&self, endpoint: &Endpoint, now: Timestamp) -> Result<(), ProviderError> {
        let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, &now.as_micros().to_be_bytes());
        let id: RequestId = id.to_string().parse().map_err(|_| unknown_request())?;
        let address = Addresses::derived(&self.root, endpoint, &id).status;
        let answer = exchange(self.call(Method::GET, &address), LONGEST_ANSWER).await?;
        if answer.status == StatusCode::NOT_FOUND && is_unknown_request(&answer) {
            return Ok(());
        }
        Err(failure::of_call(&answer, &Discretion::silent()))
    }

    async fn status(&self, addresses: &Addresses, log: Log) -> Result<Answer, ProviderError> {
        let asked = |logs: &str| self.call(Method::GET, &addresses.status).query(&[("logs", logs)]);
        if log == Log::Unwanted {
            return exchange(asked("0"), LONGEST_ANSWER).await;
        }
        match exchange(asked("1"), LONGEST_LOG).await {
            // A log may grow without end; the rest of a status does not.
            Err(error) if error.code == ANSWER_TOO_LONG => exchange(asked("0"), LONGEST_ANSWER).await,
            answer => answer,
        }
    }

    async fn result(&self, addresses: &Addresses, ending: Ending) -> Result<Standing, ProviderError> {
        let request = self.call(Method::GET, &addresses.result);
        let answer = exchange(request, LONGEST_ANSWER).await.map_err(ProviderError::with_unknown_outcome)?;
        let complaint = Complaint::of_answer(&answer);
        match (answer.status.as_u16(), complaint) {
            (200..=299, Some(_)) => finished(&answer),
            (400, Some(complaint)) if complaint.says_in_progress() => {
                Ok(Standing::Running { log: Vec::new() })
            }
            (403, Some(complaint)) if complaint.says_locked() => Err(failed_question(&answer)),
            (404 | 408 | 429, _) => Err(failed_question(&answer)),
            // Only the model answers so.
            (422, Some(complaint)) => Err(of_work(&answer, &complaint)),
            (_, Some(complaint)) if ending == Ending::Badly || !complaint.problems.is_empty() => {
                Err(of_work(&answer, &complaint))
            }
            _ => Err(failed_question(&answer)),
        }
    }

    fn refused_submission(&self, answer: &Answer, work: &Work<'_>) -> ProviderError {
        let key = self.settings.key.expose_secret();
        let secrets = [key, work.callback.unwrap_or_default(), work.address];
        let error = failure::of_call(answer, &Discretion::about(work.words, &secrets));
        let is_gateway = matches!(answer.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
        let is_of_fal = Complaint::of_answer(answer)
            .is_some_and(|complaint| complaint.kind.is_some() || !complaint.problems.is_empty());
        // What stands before FAL answers so when FAL may have taken the request and did not say so.
        if is_gateway && !is_of_fal { error.with_unknown_outcome() } else { error }
    }

    fn call(&self, method: Method, address: &str) -> RequestBuilder {
        self.client
            .request(method, address)
            .header(AUTHORIZATION, self.authorization.clone())
            .timeout(self.settings.call_timeout)
    }
}

fn finished(answer: &Answer) -> Result<Standing, ProviderError> {
    serde_json::from_slice(&answer.body)
        .map(Standing::Done)
        .map_err(|_| failure::unexpected(answer.status).with_unknown_outcome())
}

/// The endpoint of a model or trainer, whose id it is.
pub(crate) fn endpoint_of(id: &str) -> Result<Endpoint, ProviderError> {
    id.parse().map_err(|_| {
        let detail = format!("the registry's id {id:?} is no FAL endpoint; expected: owner/alias");
        ProviderError::new(FailureClass::Misconfigured, BAD_OPTION, detail)
    })
}

/// Whether the failure is about one model or trainer.
pub(crate) fn is_about_endpoint(error: &ProviderError) -> bool {
    error.class == FailureClass::Misconfigured && matches!(error.code.as_str(), MODEL_NOT_FOUND | BAD_OPTION)
}

/// The failure of a question, which says nothing about the work that it was about, unless FAL does not know the work.
fn failed_question(answer: &Answer) -> ProviderError {
    if answer.status == StatusCode::NOT_FOUND && Complaint::of_answer(answer).is_some() {
        return unknown_request();
    }
    failure::of_call(answer, &Discretion::silent()).with_unknown_outcome()
}

fn of_work(answer: &Answer, complaint: &Complaint) -> ProviderError {
    failure::of_work(Some(answer.status), complaint, RetryAdvice::of(answer))
}

fn unknown_request() -> ProviderError {
    ProviderError::new(FailureClass::NotFound, "request-not-found", "FAL does not know the request")
}

/// Whether FAL says that there is no such request, rather than no such application.
fn is_unknown_request(answer: &Answer) -> bool {
    answer.json().is_some_and(|body| body.get("status").and_then(Value::as_str) == Some("NOT_FOUND"))
}

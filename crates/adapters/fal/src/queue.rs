//! FAL's queue API: submit, status, result, cancel. The one place from which the key goes out.

use generation::{ProviderHandle, Submission, WorkProgress};
use kernel::{Discretion, FailureClass, ProviderError, Timestamp};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::address::ApiRoot;
use crate::complaint::Complaint;
use crate::endpoint::Endpoint;
use crate::failure::{self, MODEL_NOT_FOUND, RetryAdvice};
use crate::handle::{Addresses, GivenAddresses, Handle, RequestId};
use crate::http::{Answer, exchange};
use crate::input::{BAD_OPTION, input_of};
use crate::output::images_of;
use crate::{FalSettings, SetupError};

/// The queue API of one account.
pub(crate) struct Queue {
    client: Client,
    root: ApiRoot,
    authorization: HeaderValue,
    settings: FalSettings,
}

/// The answer to a submission.
#[derive(Deserialize)]
struct Accepted {
    request_id: String,
    #[serde(flatten)]
    addresses: GivenAddresses,
}

/// How FAL says a request stands.
#[derive(Deserialize)]
struct Status {
    #[serde(rename = "status")]
    stage: Stage,
    queue_position: Option<u64>,
    error: Option<String>,
    error_type: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Stage {
    InQueue,
    InProgress,
    Completed,
}

/// What the status of a completed request says about how it went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Well,
    Badly,
}

impl Queue {
    pub(crate) fn new(client: Client, root: ApiRoot, settings: FalSettings) -> Result<Self, SetupError> {
        let value = format!("Key {}", settings.key.expose_secret());
        let mut authorization = HeaderValue::from_str(&value).map_err(|_| SetupError::Key)?;
        authorization.set_sensitive(true);
        Ok(Self { client, root, authorization, settings })
    }

    /// Submits work, once. FAL has no key that would make a repeat harmless.
    pub(crate) async fn submit(&self, submission: &Submission) -> Result<ProviderHandle, ProviderError> {
        let endpoint = endpoint_of(submission.model.id.as_str())?;
        let input = input_of(submission)?;
        let mut request = self
            .call(Method::POST, &self.root.at(endpoint.as_str()))
            .header("X-Fal-Object-Lifecycle-Preference", self.lifecycle().to_string())
            .header("X-Fal-Request-Timeout", format!("{:?}", self.settings.start_timeout.as_secs_f64()))
            .header("X-Fal-Queue-Priority", self.settings.priority.as_str())
            .json(&input);
        if let Some(callback) = &submission.callback {
            request = request.query(&[("fal_webhook", callback)]);
        }
        let answer = exchange(request).await?;
        if !answer.status.is_success() {
            return Err(self.refused_submission(&answer, submission));
        }
        // It was accepted, but as what?
        let unknown = || failure::unexpected(answer.status).with_unknown_outcome();
        let accepted: Accepted = serde_json::from_slice(&answer.body).map_err(|_| unknown())?;
        let id: RequestId = accepted.request_id.parse().map_err(|_| unknown())?;
        Handle::given(&self.root, &endpoint, &id, accepted.addresses).to_provider_handle()
    }

    /// How submitted work stands.
    pub(crate) async fn poll(&self, handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        let addresses = Handle::read(handle)?.addresses(&self.root)?;
        let request = self.call(Method::GET, &addresses.status).query(&[("logs", "0")]);
        let answer = exchange(request).await.map_err(ProviderError::with_unknown_outcome)?;
        if !answer.status.is_success() {
            return Err(failed_question(&answer));
        }
        let status: Status = serde_json::from_slice(&answer.body)
            .map_err(|_| failure::unexpected(answer.status).with_unknown_outcome())?;
        match status.stage {
            Stage::InQueue => Ok(WorkProgress::Queued {
                position: status.queue_position.and_then(|position| u32::try_from(position).ok()),
            }),
            Stage::InProgress => Ok(WorkProgress::Running),
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
        let answer = exchange(self.call(Method::PUT, &addresses.cancel)).await?;
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
    pub(crate) async fn probe(&self, model: &str, now: Timestamp) -> Result<(), ProviderError> {
        let endpoint = endpoint_of(model)?;
        let id = Uuid::new_v5(&Uuid::NAMESPACE_URL, &now.as_micros().to_be_bytes());
        let id: RequestId = id.to_string().parse().map_err(|_| unknown_request())?;
        let address = Addresses::derived(&self.root, &endpoint, &id).status;
        let answer = exchange(self.call(Method::GET, &address)).await?;
        if answer.status == StatusCode::NOT_FOUND && is_unknown_request(&answer) {
            return Ok(());
        }
        Err(failure::of_call(&answer, &Discretion::silent()))
    }

    async fn result(&self, addresses: &Addresses, ending: Ending) -> Result<WorkProgress, ProviderError> {
        let request = self.call(Method::GET, &addresses.result);
        let answer = exchange(request).await.map_err(ProviderError::with_unknown_outcome)?;
        let complaint = Complaint::of_answer(&answer);
        match (answer.status.as_u16(), complaint) {
            (200..=299, Some(_)) => finished(&answer),
            (400, Some(complaint)) if complaint.says_in_progress() => Ok(WorkProgress::Running),
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

    fn refused_submission(&self, answer: &Answer, submission: &Submission) -> ProviderError {
        let callback = submission.callback.as_deref().unwrap_or_default();
        let discretion =
            Discretion::about(submission.prompt.as_str(), &[self.settings.key.expose_secret(), callback]);
        let error = failure::of_call(answer, &discretion);
        let is_gateway = matches!(answer.status, StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT);
        let is_of_fal = Complaint::of_answer(answer)
            .is_some_and(|complaint| complaint.kind.is_some() || !complaint.problems.is_empty());
        // What stands before FAL answers so when FAL may have taken the request and did not say so.
        if is_gateway && !is_of_fal { error.with_unknown_outcome() } else { error }
    }

    fn lifecycle(&self) -> Value {
        json!({"expiration_duration_seconds": self.settings.file_lifetime.as_secs()})
    }

    fn call(&self, method: Method, address: &str) -> RequestBuilder {
        self.client
            .request(method, address)
            .header(AUTHORIZATION, self.authorization.clone())
            .timeout(self.settings.call_timeout)
    }
}

fn finished(answer: &Answer) -> Result<WorkProgress, ProviderError> {
    let output: Value = serde_json::from_slice(&answer.body)
        .map_err(|_| failure::unexpected(answer.status).with_unknown_outcome())?;
    images_of(&output).map(WorkProgress::Ready)
}

/// The endpoint of a model, whose id it is.
pub(crate) fn endpoint_of(model: &str) -> Result<Endpoint, ProviderError> {
    model.parse().map_err(|_| {
        let detail = format!("the registry's id {model:?} is no FAL endpoint; expected: owner/alias");
        ProviderError::new(FailureClass::Misconfigured, BAD_OPTION, detail)
    })
}

/// Whether the failure is about one model.
pub(crate) fn is_about_model(error: &ProviderError) -> bool {
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

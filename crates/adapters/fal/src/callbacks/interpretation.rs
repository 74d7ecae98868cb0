//! What a verified callback says.

use kernel::{FailureClass, ProviderError, ProviderEvent, ProviderHandle};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use crate::complaint::Complaint;
use crate::endpoint::Endpoint;
use crate::failure::{self, RetryAdvice};
use crate::handle::Handle;
use crate::status::Standing;

#[derive(Deserialize)]
struct Body {
    status: Verdict,
    #[serde(default)]
    payload: Value,
    error: Option<String>,
}

#[derive(Deserialize)]
enum Verdict {
    #[serde(rename = "OK")]
    Well,
    #[serde(rename = "ERROR")]
    Badly,
}

/// The work that a callback is about, and how it went.
///
/// # Errors
/// When the callback does not say how it went, so that FAL has to be asked.
pub(crate) fn interpret(
    endpoint: &Endpoint,
    event: &ProviderEvent,
) -> Result<(ProviderHandle, Result<Standing, ProviderError>), ProviderError> {
    let silent =
        |code, detail| ProviderError::new(FailureClass::Unavailable, code, detail).with_unknown_outcome();
    let id = event.request_id.parse().map_err(|_| silent("garbage", "a callback names an odd request id"))?;
    let handle = Handle::plain(endpoint, &id).to_provider_handle()?;
    let body: Body = serde_json::from_str(&event.body)
        .map_err(|_| silent("garbage", "a callback does not say how the request went"))?;
    let standing = match body.status {
        // FAL could not write the output into the callback; it may still give it when asked.
        Verdict::Well if body.payload.is_null() => Ok(Standing::Running { log: Vec::new() }),
        Verdict::Well => Ok(Standing::Done(body.payload)),
        Verdict::Badly => Err(failure::of_work(
            body.error.as_deref().and_then(status_in),
            &Complaint::of_body(&body.payload),
            RetryAdvice::None,
        )),
    };
    Ok((handle, standing))
}

/// The status that the model answered with, out of a text such as `Invalid status code: 422`.
fn status_in(error: &str) -> Option<StatusCode> {
    error.rsplit(':').next()?.trim().parse::<u16>().ok().and_then(|code| StatusCode::from_u16(code).ok())
}

//! The adapter: Google behind the port.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use generation::{
    CallbackSupport, GeneratedImage, ImageGenerator, ModelEntry, ModelId, ProviderHandle, ReferenceForm,
    Submission, SubmissionOutcome, SubmittedLikeness, WorkProgress,
};
use kernel::{Discretion, FailureClass, ProviderError, ProviderEvent};
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::ExposeSecret;

use crate::address::ApiRoot;
use crate::failure::{MODEL_NOT_FOUND, garbage, is_about_model, of_answer};
use crate::http::{Answer, exchange};
use crate::inline_image::LONGEST_ANSWER_PER_IMAGE;
use crate::model_list::{LONGEST_PAGE, Listing, MOST_PAGES, ModelPage, PAGE_SIZE, missing};
use crate::options::Dialect;
use crate::{ImagenSettings, SetupError, generate_content, predict};

/// How long an idle connection is kept: less than the time after which servers close theirs, so that no request is sent
/// into a connection that is about to end.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// Google: makes images while one waits.
pub struct Imagen {
    client: Client,
    root: ApiRoot,
    key_header: HeaderValue,
    settings: ImagenSettings,
}

impl Imagen {
    /// The adapter for one key.
    ///
    /// # Errors
    /// When a setting cannot be used, or no HTTP client can be set up.
    pub fn new(settings: ImagenSettings) -> Result<Self, SetupError> {
        let root = ApiRoot::new(&settings)?;
        let mut key_header =
            HeaderValue::from_str(settings.api_key.expose_secret()).map_err(|_| SetupError::Key)?;
        key_header.set_sensitive(true);
        let builder = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.call_timeout)
            .pool_idle_timeout(IDLE_CONNECTION)
            .redirect(Policy::none())
            .retry(reqwest::retry::never());
        // Without TLS a proxy would read the key.
        let builder = if root.is_encrypted() { builder } else { builder.no_proxy() };
        Ok(Self { client: builder.build()?, root, key_header, settings })
    }

    fn call(&self, method: Method, address: &str) -> RequestBuilder {
        self.client.request(method, address).header("x-goog-api-key", self.key_header.clone())
    }

    /// What may be repeated of an answer. A remark could quote a photo, of which nothing would be recognised.
    fn discretion(&self, submission: &Submission) -> Discretion {
        match submission.likeness {
            SubmittedLikeness::Nobody => {
                Discretion::about(submission.prompt.as_str(), &[self.settings.api_key.expose_secret()])
            }
            SubmittedLikeness::Weights { .. } | SubmittedLikeness::References(_) => Discretion::silent(),
        }
    }

    async fn list_page(&self, token: Option<&str>) -> Result<ModelPage, ProviderError> {
        let mut request = self.call(Method::GET, &self.root.models()).query(&[("pageSize", PAGE_SIZE)]);
        if let Some(token) = token {
            request = request.query(&[("pageToken", token)]);
        }
        let answer = exchange(request, LONGEST_PAGE).await?;
        match answer.status {
            status if status.is_success() => ModelPage::read(&answer.body),
            StatusCode::NOT_FOUND => Err(of_missing_list(&answer)),
            _ => Err(of_answer(&answer, &Discretion::silent())),
        }
    }
}

/// Without a list of models the address is not that of the API, or of another version.
fn of_missing_list(answer: &Answer) -> ProviderError {
    let error = of_answer(answer, &Discretion::silent());
    if error.class != FailureClass::Misconfigured {
        return error;
    }
    let detail = "there is no list of models at the configured base URL and API version";
    ProviderError::new(FailureClass::Misconfigured, "no-model-list", detail)
}

#[async_trait]
impl ImageGenerator for Imagen {
    async fn submit(&self, submission: &Submission) -> Result<SubmissionOutcome, ProviderError> {
        let dialect = Dialect::of(&submission.model)?;
        let body = match &dialect {
            Dialect::GenerateContent { image_size, thinking_level } => {
                generate_content::body(submission, image_size.as_deref(), thinking_level.as_deref())?
            }
            Dialect::Predict { image_size, person_generation } => {
                predict::body(submission, image_size.as_deref(), person_generation.as_deref())?
            }
        };
        let address = self.root.method(submission.model.id.as_str(), dialect.method());
        let limit = LONGEST_ANSWER_PER_IMAGE.saturating_mul(usize::from(submission.count.max(1)));
        let answer = exchange(self.call(Method::POST, &address).json(&body), limit).await?;
        if !answer.status.is_success() {
            return Err(of_answer(&answer, &self.discretion(submission)));
        }
        let images: Vec<GeneratedImage> = match dialect {
            Dialect::GenerateContent { .. } => generate_content::images(&answer.body)?,
            Dialect::Predict { .. } => predict::images(&answer.body)?,
        };
        Ok(SubmissionOutcome::Ready(images))
    }

    async fn poll(&self, _handle: &ProviderHandle) -> Result<WorkProgress, ProviderError> {
        Err(never_accepted())
    }

    fn interpret(
        &self,
        _model: &ModelId,
        _event: &ProviderEvent,
    ) -> Result<(ProviderHandle, Result<WorkProgress, ProviderError>), ProviderError> {
        Err(ProviderError::new(FailureClass::Bug, "never-calls-back", "Google calls nobody back"))
    }

    async fn fetch(&self, _address: &str) -> Result<Bytes, ProviderError> {
        let detail = "Google gives images within its answers, never at an address";
        Err(ProviderError::new(FailureClass::Bug, "nothing-to-fetch", detail))
    }

    async fn cancel(&self, _handle: &ProviderHandle) -> Result<(), ProviderError> {
        Err(never_accepted())
    }

    async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError> {
        let method = Dialect::of(model)?.method();
        let id = model.id.as_str();
        let mut token = None;
        for _ in 0..MOST_PAGES {
            let page = self.list_page(token.as_deref()).await?;
            match page.listing(id, method) {
                Listing::Usable => return Ok(()),
                Listing::OtherMethods => {
                    return Err(missing(MODEL_NOT_FOUND, id, "does not have this model for its method"));
                }
                Listing::Absent => token = page.next(),
            }
            if token.is_none() {
                return Err(missing(MODEL_NOT_FOUND, id, "does not have this model"));
            }
        }
        Err(garbage(StatusCode::OK.as_u16()))
    }

    fn reference_form(&self) -> ReferenceForm {
        ReferenceForm::Inline
    }

    fn callback_support(&self) -> CallbackSupport {
        CallbackSupport::Never
    }

    fn concerns_model(&self, error: &ProviderError) -> bool {
        is_about_model(error)
    }
}

fn never_accepted() -> ProviderError {
    let detail = "Google answers at once and keeps no work that could be asked about";
    ProviderError::new(FailureClass::NotFound, "never-accepted", detail)
}

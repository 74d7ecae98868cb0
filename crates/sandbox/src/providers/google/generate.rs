//! `:generateContent` of the image models: one picture a call.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Route;
use super::errors::ApiError;
use super::models::{self, Family, Life};
use super::request::{self, ImageRequest};
use crate::faults::{Fault, Service, Stage, Summary, Taken};
use crate::paint::Picture;
use crate::providers::Common;
use crate::providers::dimensions::SizeClass;
use crate::providers::safety::{self, Objection};
use crate::providers::studio::Commission;

/// Answers one call.
pub(super) async fn generate(
    common: &Common,
    route: &Route<'_>,
    id: &str,
    operation: &str,
    body: &Value,
) -> Result<Response, ApiError> {
    let missing = || ApiError::no_such_model(id, route.version, "generateContent");
    let model = models::find(id).filter(|model| model.family != Family::Imagen).ok_or_else(missing)?;
    if model.life == Life::Retired {
        return Err(ApiError::retired(id));
    }
    let asked = request::read(body, &model, route.api)?;
    let taken = common.faults.take(Service::Google, operation, Stage::Picture);
    let fault = taken.as_ref().map(|taken| &taken.fault);

    let summary = format!("{id}: {}", asked.prompt.chars().take(80).collect::<String>());
    let reply = Reply { common, model: id, asked: &asked };
    let body = match (fault, safety::objection(&asked.prompt)) {
        (_, Some(Objection::Prompt)) => reply.blocked_prompt(),
        (Some(Fault::Refusal), _) => reply.without_picture("IMAGE_SAFETY", SAFETY_MESSAGE, None),
        (_, Some(Objection::Picture)) => {
            pause(common).await;
            reply.without_picture("IMAGE_SAFETY", SAFETY_MESSAGE, Some(json!({})))
        }
        (Some(Fault::NoImages | Fault::FewerImages { images: 0 }), _) => {
            pause(common).await;
            reply.without_picture("NO_IMAGE", NO_IMAGE_MESSAGE, Some(json!({"role": "model"})))
        }
        (fault, None) => reply.picture(fault).await?,
    };
    let mut response = Json(body).into_response();
    response.extensions_mut().insert(Summary(summary));
    if let Some(taken) = taken {
        response.extensions_mut().insert::<Taken>(taken);
    }
    Ok(response)
}

const SAFETY_MESSAGE: &str = "Unable to show the generated image. The image was filtered out because it violated \
                              Google's Responsible AI practices. You will not be charged for blocked images. Try \
                              rephrasing the prompt.";
const NO_IMAGE_MESSAGE: &str = "Unable to show the generated image. The model could not generate the image based \
                                on the prompt provided. You will not be charged for this request. Try rephrasing \
                                the prompt.";

async fn pause(common: &Common) {
    tokio::time::sleep(common.settings.current().generation_time()).await;
}

struct Reply<'a> {
    common: &'a Common,
    model: &'a str,
    asked: &'a ImageRequest,
}

impl Reply<'_> {
    async fn picture(&self, fault: Option<&Fault>) -> Result<Value, ApiError> {
        let commission = Commission {
            prompt: self.asked.prompt.clone(),
            seed: self.asked.seed.unwrap_or_else(|| self.common.identities.seed()),
            size: self.asked.size,
            format: self.asked.format,
            model: self.model.to_owned(),
            likeness: self.asked.likeness.clone(),
        };
        let (made, ()) = tokio::join!(self.common.studio.make(commission, fault), pause(self.common));
        let picture = made.map_err(|error| {
            tracing::error!(%error, "a picture could not be made");
            ApiError::internal()
        })?;
        let candidate = json!({
            "index": 0,
            "finishReason": "STOP",
            "content": {"role": "model", "parts": self.parts(&picture)},
        });
        let tokens = self.picture_tokens();
        Ok(self.envelope(json!({"candidates": [candidate]}), tokens))
    }

    fn parts(&self, picture: &Picture) -> Vec<Value> {
        let inline =
            json!({"mimeType": picture.format.media_type(), "data": STANDARD.encode(&picture.bytes)});
        let mut parts = Vec::new();
        if self.asked.wants_thoughts {
            parts.push(json!({"text": "**Composing the scene**\n\nFirst a draft.", "thought": true}));
            parts.push(json!({"inlineData": inline.clone(), "thought": true}));
        }
        if self.asked.wants_text {
            parts.push(json!({"text": "Here is your image. "}));
        }
        let signature = STANDARD.encode(self.common.identities.bytes());
        parts.push(json!({"inlineData": inline, "thoughtSignature": signature}));
        parts
    }

    /// The prompt itself is declined: there are no candidates.
    fn blocked_prompt(&self) -> Value {
        self.envelope(json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}), 0)
    }

    /// A candidate ends without a picture.
    fn without_picture(&self, reason: &str, message: &str, content: Option<Value>) -> Value {
        let mut candidate = json!({"index": 0, "finishReason": reason, "finishMessage": message});
        if let Some(content) = content {
            candidate["content"] = content;
        }
        self.envelope(json!({"candidates": [candidate]}), 0)
    }

    fn envelope(&self, mut body: Value, candidate_tokens: usize) -> Value {
        let prompt_tokens = self.asked.prompt.chars().count().div_ceil(4) + self.asked.references * 258;
        let mut usage = json!({
            "promptTokenCount": prompt_tokens,
            "totalTokenCount": prompt_tokens + candidate_tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt_tokens}],
        });
        if candidate_tokens > 0 {
            usage["candidatesTokenCount"] = json!(candidate_tokens);
            usage["candidatesTokensDetails"] = json!([{"modality": "IMAGE", "tokenCount": candidate_tokens}]);
        }
        body["usageMetadata"] = usage;
        body["modelVersion"] = json!(self.model);
        body["responseId"] = json!(self.common.identities.hex(22));
        body
    }

    fn picture_tokens(&self) -> usize {
        match self.asked.class {
            SizeClass::Half => 747,
            SizeClass::One => 1_120,
            SizeClass::Two => 1_680,
            SizeClass::Four => 2_520,
        }
    }
}

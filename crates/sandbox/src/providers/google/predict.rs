//! Imagen 4's `:predict`: switched off at Google, still served by some gateways.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::models::{self, Family};
use super::{Api, Route};
use crate::faults::{Fault, Service, Stage, Summary};
use crate::paint::PictureFormat;
use crate::providers::dimensions::{self, SizeClass};
use crate::providers::studio::Commission;
use crate::providers::{Common, ImagenService, safety};

const RATIOS: [&str; 5] = ["1:1", "3:4", "4:3", "9:16", "16:9"];
const COMMON_PARAMETERS: [&str; 12] = [
    "sampleCount",
    "aspectRatio",
    "personGeneration",
    "sampleImageSize",
    "imageSize",
    "safetySetting",
    "includeRaiReason",
    "includeSafetyAttributes",
    "language",
    "outputOptions",
    "guidanceScale",
    "mode",
];
const PLATFORM_PARAMETERS: [&str; 5] =
    ["negativePrompt", "seed", "addWatermark", "enhancePrompt", "storageUri"];
/// What an entry says in place of a picture that was filtered.
const FILTERED: &str = "Unable to show generated images. All images were filtered out because they violated \
                        Google's Responsible AI practices. Support codes: 39322892";

struct Asked {
    prompt: String,
    count: u32,
    aspect: &'static str,
    class: SizeClass,
    format: PictureFormat,
    seed: Option<u64>,
    says_reasons: bool,
}

/// Answers one call.
pub(super) async fn predict(
    common: &Common,
    route: &Route<'_>,
    id: &str,
    operation: &str,
    body: &Value,
) -> Result<Response, ApiError> {
    let missing = || ApiError::no_such_model(id, route.version, "predict");
    models::find(id).filter(|model| model.family == Family::Imagen).ok_or_else(missing)?;
    if common.settings.current().imagen == ImagenService::Retired {
        return Err(missing());
    }
    let asked = read(body, route.api)?;
    let taken = common.faults.take(Service::Google, operation, Stage::Picture);
    let fault = taken.as_ref().map(|taken| &taken.fault);
    let is_refused = safety::objection(&asked.prompt).is_some() || fault == Some(&Fault::Refusal);
    let delivered = match fault {
        _ if is_refused => 0,
        Some(Fault::NoImages) => 0,
        Some(Fault::FewerImages { images }) => asked.count.min(*images),
        _ => asked.count,
    };

    let mut predictions = Vec::new();
    let pictures = futures::future::try_join_all((0..delivered).map(|index| {
        let seed = asked.seed.unwrap_or_else(|| common.identities.seed()).wrapping_add(u64::from(index));
        common.studio.make(commission(&asked, id, seed), fault)
    }));
    let (pictures, ()) =
        tokio::join!(pictures, tokio::time::sleep(common.settings.current().generation_time()));
    let pictures = pictures.map_err(|error| {
        tracing::error!(%error, "a picture could not be made");
        ApiError::internal()
    })?;
    for picture in pictures {
        predictions.push(json!({
            "mimeType": picture.format.media_type(),
            "bytesBase64Encoded": STANDARD.encode(&picture.bytes),
        }));
    }
    if asked.says_reasons {
        let filtered = (delivered..asked.count).map(|_| json!({"raiFilteredReason": FILTERED}));
        predictions.extend(filtered);
    }
    let body = if predictions.is_empty() { json!({}) } else { json!({"predictions": predictions}) };
    let mut response = Json(body).into_response();
    response.extensions_mut().insert(Summary(format!("{id}: {delivered} of {} pictures", asked.count)));
    if let Some(taken) = taken {
        response.extensions_mut().insert(taken);
    }
    Ok(response)
}

fn commission(asked: &Asked, id: &str, seed: u64) -> Commission {
    Commission {
        prompt: asked.prompt.clone(),
        seed,
        // The aspect ratio is one of the table's.
        size: dimensions::pixels(asked.aspect, asked.class).unwrap_or(crate::paint::Size::new(1024, 1024)),
        format: asked.format,
        model: id.to_owned(),
        likeness: None,
    }
}

fn read(body: &Value, api: Api) -> Result<Asked, ApiError> {
    let instances = body.get("instances").and_then(Value::as_array).filter(|list| !list.is_empty());
    let instances = instances.ok_or_else(|| ApiError::invalid("instances", "Empty instances."))?;
    let prompt = instances.first().and_then(|instance| instance.get("prompt")).and_then(Value::as_str);
    let prompt = prompt.filter(|prompt| !prompt.trim().is_empty());
    let prompt = prompt.ok_or_else(|| ApiError::invalid("instances", "Text prompt is empty."))?;

    let none = Map::new();
    let parameters = body.get("parameters").and_then(Value::as_object).unwrap_or(&none);
    for name in parameters.keys() {
        let is_known = COMMON_PARAMETERS.contains(&name.as_str())
            || (api == Api::AgentPlatform && PLATFORM_PARAMETERS.contains(&name.as_str()));
        if !is_known {
            return Err(ApiError::invalid("parameters", format!("`{name}` isn't supported by this model.")));
        }
    }
    let count = parameters.get("sampleCount").and_then(Value::as_u64).unwrap_or(1);
    let count = u32::try_from(count).ok().filter(|count| (1..=4).contains(count)).ok_or_else(|| {
        ApiError::invalid("parameters", "`sampleCount` must be between 1 and 4, inclusive.")
    })?;
    let aspect = parameters.get("aspectRatio").and_then(Value::as_str).unwrap_or("1:1");
    let aspect = RATIOS.into_iter().find(|known| *known == aspect).ok_or_else(|| {
        ApiError::invalid("parameters", format!("aspectRatio '{aspect}' is not supported."))
    })?;
    let size = parameters.get("sampleImageSize").or_else(|| parameters.get("imageSize"));
    let class = match size.and_then(Value::as_str) {
        None | Some("1K") => SizeClass::One,
        Some("2K") => SizeClass::Two,
        Some(other) => {
            return Err(ApiError::invalid(
                "parameters",
                format!("sampleImageSize '{other}' is not supported."),
            ));
        }
    };
    let output = parameters.get("outputOptions").and_then(|options| options.get("mimeType"));
    let format = match output.and_then(Value::as_str) {
        None | Some("image/png") => PictureFormat::Png,
        Some("image/jpeg") => PictureFormat::Jpeg,
        Some(other) => {
            return Err(ApiError::invalid("parameters", format!("Unsupported output mime type: {other}")));
        }
    };
    Ok(Asked {
        prompt: prompt.to_owned(),
        count,
        aspect,
        class,
        format,
        seed: parameters.get("seed").and_then(Value::as_u64),
        says_reasons: parameters.get("includeRaiReason").and_then(Value::as_bool).unwrap_or(false),
    })
}

//! `POST /v1/moderations`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::errors::ApiError;
use super::sight::read_picture;
use super::{models, told};
use crate::faults::{Fault, Service, Stage};
use crate::providers::Common;
use crate::test_pictures::{Sign, read_sign};

/// A category of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Category {
    name: &'static str,
    /// Whether pictures are scored for it, too.
    sees_pictures: bool,
}

const fn category(name: &'static str, sees_pictures: bool) -> Category {
    Category { name, sees_pictures }
}

/// All categories, in the order of the reference.
const CATEGORIES: [Category; 13] = [
    category("harassment", false),
    category("harassment/threatening", false),
    category("sexual", true),
    category("hate", false),
    category("hate/threatening", false),
    category("illicit", false),
    category("illicit/violent", false),
    category("self-harm/intent", true),
    category("self-harm/instructions", true),
    category("self-harm", true),
    category("sexual/minors", false),
    category("violence", true),
    category("violence/graphic", true),
];

/// Words that are flagged, with the categories they belong to.
const WORDS: [(&str, &[&str]); 8] = [
    ("moderate-me", &["sexual"]),
    ("moderate-minors", &["sexual", "sexual/minors"]),
    ("moderate-violence", &["violence"]),
    ("moderate-gore", &["violence", "violence/graphic"]),
    ("moderate-hate", &["hate"]),
    ("moderate-harassment", &["harassment"]),
    ("moderate-self-harm", &["self-harm", "self-harm/intent"]),
    ("moderate-illicit", &["illicit"]),
];

/// Score of a flagged category.
const HIGH: f64 = 0.972_4;
/// Score of any other.
const LOW: f64 = 0.000_012_4;

/// One thing to judge: a text, or a text with a picture.
#[derive(Debug, Default)]
struct Item {
    text: Option<String>,
    picture: Option<String>,
}

/// Answers one call.
pub(super) async fn moderate(common: &Common, body: &[u8]) -> Result<Response, ApiError> {
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::not_json())?;
    let model = match body.get("model") {
        None => "omni-moderation-latest",
        Some(Value::String(model)) => model,
        Some(_) => {
            return Err(ApiError::invalid("model", None, "Invalid type for 'model': expected a string."));
        }
    };
    if !models::is_moderation(model) {
        return Err(ApiError::no_such_model(model));
    }
    let items = items(body.get("input"))?;
    let taken = common.faults.take(Service::OpenAi, "POST /v1/moderations", Stage::Picture);
    let is_refused = taken.as_ref().is_some_and(|taken| taken.fault == Fault::Refusal);

    let mut results = Vec::with_capacity(items.len());
    for item in &items {
        let mut flagged = if is_refused { vec!["sexual"] } else { Vec::new() };
        flagged.extend(flags(common, item).await?);
        results.push(result(item, &flagged));
    }
    let flagged = results.iter().filter(|result| result["flagged"] == json!(true)).count();
    let id = format!("modr-{}", common.identities.hex(29));
    let answer = json!({"id": id, "model": "omni-moderation-latest", "results": results});
    let gist = format!("moderation: {flagged} of {} flagged", items.len());
    Ok(told(Json(answer).into_response(), &gist, taken))
}

/// A text is one item; a list of texts is one item each; a list of typed parts is one item altogether.
fn items(input: Option<&Value>) -> Result<Vec<Item>, ApiError> {
    let text_item = |text: &str| Item { text: Some(text.to_owned()), picture: None };
    match input {
        Some(Value::String(text)) => Ok(vec![text_item(text)]),
        Some(Value::Array(list)) if !list.is_empty() && list.iter().all(Value::is_string) => {
            Ok(list.iter().filter_map(Value::as_str).map(text_item).collect())
        }
        Some(Value::Array(list)) if !list.is_empty() => Ok(vec![typed_item(list)?]),
        Some(Value::Array(_)) => {
            Err(ApiError::invalid("input", None, "Invalid 'input': expected a non-empty array."))
        }
        None => Err(ApiError::invalid(
            "input",
            Some("missing_required_parameter"),
            "Missing required parameter: 'input'.",
        )),
        Some(_) => Err(ApiError::invalid(
            "input",
            Some("invalid_type"),
            "Invalid type for 'input': expected a string or an array of strings or objects.",
        )),
    }
}

fn typed_item(parts: &[Value]) -> Result<Item, ApiError> {
    let mut item = Item::default();
    let mut texts = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let param = format!("input[{index}]");
        match part.get("type").and_then(Value::as_str) {
            Some("text") => {
                let text = part.get("text").and_then(Value::as_str);
                texts.push(text.ok_or_else(|| {
                    ApiError::invalid(
                        &param,
                        Some("missing_required_parameter"),
                        format!("Missing required parameter: '{param}.text'."),
                    )
                })?);
            }
            Some("image_url") => {
                let url = part.pointer("/image_url/url").and_then(Value::as_str).ok_or_else(|| {
                    ApiError::invalid(
                        &param,
                        Some("missing_required_parameter"),
                        format!("Missing required parameter: '{param}.image_url.url'."),
                    )
                })?;
                if item.picture.replace(url.to_owned()).is_some() {
                    return Err(ApiError::invalid(
                        "input",
                        Some("too_many_images"),
                        "Too many images in the request. Expected at most 1.",
                    ));
                }
            }
            other => {
                let other = other.unwrap_or_default();
                let message =
                    format!("Invalid value: '{other}'. Supported values are: 'text' and 'image_url'.");
                return Err(ApiError::invalid(&format!("{param}.type"), Some("invalid_value"), message));
            }
        }
    }
    if !texts.is_empty() {
        item.text = Some(texts.join("\n"));
    }
    Ok(item)
}

async fn flags(common: &Common, item: &Item) -> Result<Vec<&'static str>, ApiError> {
    let text = item.text.as_deref().unwrap_or_default().to_lowercase();
    let mut flagged: Vec<&'static str> = WORDS
        .iter()
        .filter(|(word, _)| text.contains(word))
        .flat_map(|(_, names)| names.iter().copied())
        .collect();
    if let Some(url) = &item.picture {
        let picture = read_picture(common, url, "input").await?;
        flagged.extend(match read_sign(&picture) {
            Some(Sign::Sexual) => &["sexual"] as &[&str],
            Some(Sign::Gore) => &["violence", "violence/graphic"],
            Some(Sign::Shows { .. }) | None => &[],
        });
    }
    Ok(flagged)
}

fn result(item: &Item, flagged: &[&str]) -> Value {
    let (mut verdicts, mut scores, mut inputs) = (Map::new(), Map::new(), Map::new());
    for category in CATEGORIES {
        let is_flagged = flagged.contains(&category.name);
        let mut applied = Vec::new();
        if item.text.is_some() {
            applied.push("text");
        }
        if item.picture.is_some() && category.sees_pictures {
            applied.push("image");
        }
        verdicts.insert(category.name.to_owned(), json!(is_flagged));
        scores.insert(category.name.to_owned(), json!(if is_flagged { HIGH } else { LOW }));
        inputs.insert(category.name.to_owned(), json!(applied));
    }
    json!({
        "flagged": !flagged.is_empty(),
        "categories": verdicts,
        "category_scores": scores,
        "category_applied_input_types": inputs,
    })
}

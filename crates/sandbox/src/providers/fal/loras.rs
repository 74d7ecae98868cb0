//! Weights that a request for pictures names: fetched when it runs, and read for the person they were trained on.

use futures::TryStreamExt as _;
use serde_json::{Value, json};

use super::Server;
use super::endpoint::Endpoint;
use super::errors::Problem;
use super::fetch::FetchError;
use super::weights::{self, UnreadableWeights};
use crate::paint::Likeness;

const FIELD: &str = "loras";
/// Greatest scale.
const MOST_SCALE: f64 = 4.0;

/// Weights and how strongly they act.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lora {
    path: String,
    /// From 0, which is not at all, to 4.
    scale: f64,
}

/// Reads the list.
pub(super) fn read(endpoint: &Endpoint, input: &Value) -> Result<Vec<Lora>, Problem> {
    let Some(loras) = input.get(FIELD).filter(|loras| !loras.is_null()) else { return Ok(Vec::new()) };
    let list =
        loras.as_array().ok_or_else(|| Problem::new(FIELD, "list_type", "Input should be a valid list"))?;
    if let Some(most) = endpoint.most_loras().filter(|most| list.len() > *most) {
        return Err(Problem::new(FIELD, "sequence_too_long", format!("At most {most} LoRAs are allowed"))
            .with_context(json!({"max_length": most})));
    }
    list.iter().enumerate().map(|(index, lora)| read_one(index, lora)).collect()
}

fn read_one(index: usize, lora: &Value) -> Result<Lora, Problem> {
    let problem =
        |field: &str, kind, message: &str| Problem::new(FIELD, kind, message).in_entry(index, field);
    let path = match lora.get("path") {
        Some(Value::String(path)) => path.clone(),
        None | Some(Value::Null) => return Err(problem("path", "missing", "Field required")),
        Some(_) => return Err(problem("path", "string_type", "Input should be a valid string")),
    };
    let scale = match lora.get("scale").filter(|scale| !scale.is_null()) {
        None => 1.0,
        Some(scale) => {
            scale.as_f64().ok_or_else(|| problem("scale", "float_type", "Input should be a valid number"))?
        }
    };
    if scale < 0.0 {
        return Err(problem("scale", "greater_than_equal", "Input should be greater than or equal to 0")
            .with_context(json!({"ge": 0})));
    }
    if scale > MOST_SCALE {
        return Err(problem("scale", "less_than_equal", "Input should be less than or equal to 4")
            .with_context(json!({"le": 4})));
    }
    Ok(Lora { path, scale })
}

impl Server {
    /// Fetches all weights, and gives the person of the first that has one and acts.
    pub(super) async fn person_of(&self, loras: &[Lora]) -> Result<Option<Likeness>, Problem> {
        let mut person = None;
        for (index, lora) in loras.iter().enumerate() {
            let metadata = self.weights_metadata(&lora.path).await.map_err(|error| {
                let kind = match error {
                    UnreadableWeights::Fetch(_) => "file_download_error",
                    _ => "value_error",
                };
                Problem::new(FIELD, kind, format!("Failed to load the LoRA weights: {error}"))
                    .in_entry(index, "path")
            })?;
            if person.is_none() && lora.scale > 0.0 {
                person = metadata.get(weights::LIKENESS).and_then(|text| Likeness::from_text(text));
            }
        }
        Ok(person)
    }

    async fn weights_metadata(&self, path: &str) -> Result<weights::Metadata, UnreadableWeights<FetchError>> {
        let stream = self.open(path).await.map_err(UnreadableWeights::Fetch)?;
        weights::read_metadata(stream.map_err(FetchError::from)).await
    }
}

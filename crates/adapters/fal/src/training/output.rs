//! What a finished trainer gives.

use avatar::TrainedFiles;
use kernel::{FailureClass, ProviderError};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Output {
    #[serde(rename = "diffusers_lora_file")]
    weights: Option<File>,
    /// Where some trainers name them.
    #[serde(rename = "lora_file")]
    other_weights: Option<File>,
    #[serde(rename = "config_file")]
    config: Option<File>,
}

#[derive(Deserialize)]
struct File {
    url: String,
    file_size: Option<u64>,
}

/// The files of an output.
///
/// # Errors
/// `Unavailable` with the code `no-weights` when no weights are among them.
pub(super) fn files_of(output: &Value) -> Result<TrainedFiles, ProviderError> {
    let without_weights = || {
        let detail = "the output of a finished training names no weights";
        ProviderError::new(FailureClass::Unavailable, "no-weights", detail)
    };
    let output = Output::deserialize(output).map_err(|_| without_weights())?;
    let weights = output.weights.or(output.other_weights).filter(|file| !file.url.is_empty());
    let weights = weights.ok_or_else(without_weights)?;
    Ok(TrainedFiles {
        weights: weights.url,
        weights_size: weights.file_size.filter(|size| *size > 0),
        config: output.config.map(|file| file.url).filter(|url| !url.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn weights_have_two_names() {
        for name in ["diffusers_lora_file", "lora_file"] {
            let output = json!({
                name: {"url": "https://v3.fal.media/files/a/b.safetensors", "file_size": 89_745_224},
                "config_file": {"url": "https://v3.fal.media/files/a/config.json"},
            });
            let files = files_of(&output).unwrap();
            assert_eq!(files.weights, "https://v3.fal.media/files/a/b.safetensors");
            assert_eq!(files.weights_size, Some(89_745_224));
            assert_eq!(files.config.as_deref(), Some("https://v3.fal.media/files/a/config.json"));
        }
    }

    #[test]
    fn size_and_config_may_be_missing() {
        let output =
            json!({"diffusers_lora_file": {"url": "https://x/1", "file_size": null}, "config_file": null});
        let files = files_of(&output).unwrap();
        assert_eq!((files.weights_size, files.config), (None, None));
    }

    #[test]
    fn anything_else_is_without_weights() {
        for output in [
            json!({}),
            json!(null),
            json!([]),
            json!({"diffusers_lora_file": null}),
            json!({"diffusers_lora_file": {"url": ""}}),
            json!({"diffusers_lora_file": {"file_name": "x"}}),
            json!({"config_file": {"url": "https://x/config.json"}}),
        ] {
            let error = files_of(&output).unwrap_err();
            assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "no-weights"));
        }
    }
}

//! The parameters of a Bot API call, whichever of the four encodings they came in.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::form_urlencoded;

use super::api_error::ApiError;

/// Largest body that is read: the largest upload (50 MB) and its surroundings.
const LARGEST_BODY: usize = 52 * 1024 * 1024;

/// A file that came with the call.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The file name that the client gave.
    pub name: Option<String>,
    /// The content type that the client gave; many give none.
    pub mime: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

/// Where the bytes of a file parameter are.
#[derive(Clone, Debug)]
pub enum FileSource {
    /// They came with the call.
    Upload(Upload),
    /// Telegram has them already.
    Identifier(String),
    /// Telegram is to fetch them.
    Address(String),
}

/// Named values and uploaded files of one call.
#[derive(Debug, Default)]
pub struct Parameters {
    values: BTreeMap<String, Value>,
    uploads: BTreeMap<String, Upload>,
}

impl Parameters {
    /// Reads the query and a JSON, urlencoded or multipart body. Where a name is given twice, the body wins.
    ///
    /// # Errors
    /// 400 for a body that is not what its content type says, 413 for one above 52 MB.
    pub async fn read(request: Request) -> Result<Self, ApiError> {
        let mut parameters = Self::default();
        if let Some(query) = request.uri().query() {
            parameters.add_form(query.as_bytes());
        }
        let content_type = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if content_type.starts_with("multipart/form-data") {
            parameters.add_multipart(request).await?;
            return Ok(parameters);
        }
        let body = to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|_| ApiError::too_large())?;
        if content_type.starts_with("application/json") {
            parameters.add_json(&body)?;
        } else {
            parameters.add_form(&body);
        }
        Ok(parameters)
    }

    /// The parameters of a call that is written as one JSON object.
    pub fn from_object(object: serde_json::Map<String, Value>) -> Self {
        Self { values: object.into_iter().collect(), uploads: BTreeMap::new() }
    }

    fn add_form(&mut self, form: &[u8]) {
        for (name, value) in form_urlencoded::parse(form) {
            self.values.insert(name.into_owned(), Value::String(value.into_owned()));
        }
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), ApiError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(object)) => {
                self.values.extend(object);
                Ok(())
            }
            Ok(_) | Err(_) => Err(ApiError::bad_request("can't parse JSON object")),
        }
    }

    async fn add_multipart(&mut self, request: Request) -> Result<(), ApiError> {
        let malformed = |_| ApiError::bad_request("can't parse multipart/form-data");
        let (parts, body) = request.into_parts();
        // Read within our own limit first: the extractor's default of 2 MB is below an ordinary photo.
        let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| ApiError::too_large())?;
        let mut request = Request::from_parts(parts, axum::body::Body::from(body));
        DefaultBodyLimit::disable().apply(&mut request);
        let mut multipart = Multipart::from_request(request, &())
            .await
            .map_err(|_| ApiError::bad_request("can't parse multipart/form-data"))?;
        while let Some(field) = multipart.next_field().await.map_err(malformed)? {
            let Some(name) = field.name().map(str::to_owned) else {
                continue;
            };
            let file_name = field.file_name().map(str::to_owned);
            let mime = field.content_type().map(str::to_owned);
            let bytes = field.bytes().await.map_err(malformed)?;
            if file_name.is_none()
                && let Ok(text) = std::str::from_utf8(&bytes)
            {
                self.values.insert(name, Value::String(text.to_owned()));
                continue;
            }
            self.uploads.insert(name, Upload { name: file_name, mime, bytes });
        }
        Ok(())
    }

    /// The parameter as text; numbers and truth values are written out, absent and `null` are none.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The parameter as a whole number.
    ///
    /// # Errors
    /// 400 when it is there and is none.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => text.trim().parse().map(Some).map_err(|_| invalid(name)),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| invalid(name)),
        }
    }

    /// The parameter as a truth value; absent is false.
    pub fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// The parameter as an object or array, which forms carry as a JSON string.
    ///
    /// # Errors
    /// 400 for a string that is no JSON.
    pub fn structure(&self, name: &str) -> Result<Option<Value>, ApiError> {
        match self.values.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text)
                .map(Some)
                .map_err(|_| ApiError::bad_request(format!("can't parse {name} JSON object"))),
            Some(value) => Ok(Some(value.clone())),
        }
    }

    /// The parameter as a value of type `T`, which forms carry as a JSON string.
    ///
    /// # Errors
    /// 400 for anything else.
    pub fn parsed<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        self.structure(name)?
            .map(serde_json::from_value)
            .transpose()
            .map_err(|_| ApiError::bad_request(format!("can't parse {name}")))
    }

    /// The file of a parameter: uploaded in its own part, or referred to.
    pub fn file(&self, name: &str) -> Result<Option<FileSource>, ApiError> {
        if let Some(upload) = self.uploads.get(name) {
            return Ok(Some(FileSource::Upload(upload.clone())));
        }
        self.text(name).filter(|text| !text.is_empty()).map(|text| self.resolve(&text)).transpose()
    }

    /// What a file reference stands for: `attach://part`, an address, or the identifier of a file that Telegram has.
    ///
    /// # Errors
    /// 400 for `attach://` with a part that did not come.
    pub fn resolve(&self, reference: &str) -> Result<FileSource, ApiError> {
        if let Some(part) = reference.strip_prefix("attach://") {
            return self
                .uploads
                .get(part)
                .cloned()
                .map(FileSource::Upload)
                .ok_or_else(|| ApiError::bad_request("wrong file identifier/HTTP URL specified"));
        }
        if reference.starts_with("http://") || reference.starts_with("https://") {
            return Ok(FileSource::Address(reference.to_owned()));
        }
        Ok(FileSource::Identifier(reference.to_owned()))
    }
}

fn invalid(name: &str) -> ApiError {
    ApiError::bad_request(format!("invalid {name} specified"))
}

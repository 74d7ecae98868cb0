//! The sandbox's driving API over HTTP.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::files::Sent;

/// A client of the driving API.
#[derive(Clone)]
pub struct Driving {
    base: String,
    http: reqwest::Client,
}

impl Driving {
    /// A client of the API at `base`.
    pub fn new(base: impl Into<String>) -> Self {
        // Plain HTTP on this machine; the client still wants to know who would do TLS. Whoever is first wins.
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(150)).build().unwrap();
        Self { base: base.into(), http }
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Value {
        self.answer("GET", path, self.http.get(self.url(path))).await
    }

    /// Reads what need not be there; what was said instead when it is not.
    pub async fn try_get(&self, path: &str) -> Result<Value, String> {
        outcome(self.http.get(self.url(path))).await
    }

    /// Does what need not be possible; why it was not.
    pub async fn try_post(&self, path: &str, body: Value) -> Result<Value, String> {
        outcome(self.http.post(self.url(path)).json(&body)).await
    }

    /// Does.
    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.answer("POST", path, self.http.post(self.url(path)).json(&body)).await
    }

    /// Sets.
    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.answer("PUT", path, self.http.put(self.url(path)).json(&body)).await
    }

    /// Changes the fields that are named.
    pub async fn patch(&self, path: &str, body: Value) -> Value {
        self.answer("PATCH", path, self.http.patch(self.url(path)).json(&body)).await
    }

    /// Sends files, with fields beside them.
    pub async fn send(&self, path: &str, files: &[Sent], fields: &[(&str, String)]) -> Value {
        let mut form = Form::new();
        for (name, value) in fields {
            form = form.text((*name).to_owned(), value.clone());
        }
        for file in files {
            let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
            form = form.part("file", part.mime_str(file.media_type).unwrap());
        }
        self.answer("POST", path, self.http.post(self.url(path)).multipart(form)).await
    }

    /// Takes away.
    pub async fn delete(&self, path: &str) -> Value {
        self.answer("DELETE", path, self.http.delete(self.url(path))).await
    }

    /// A file's bytes.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.http.get(self.url(path)).send().await.unwrap();
        assert!(answer.status().is_success(), "GET {path}: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    async fn answer(&self, method: &str, path: &str, request: reqwest::RequestBuilder) -> Value {
        outcome(request).await.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }
}

async fn outcome(request: reqwest::RequestBuilder) -> Result<Value, String> {
    let answer = request.send().await.map_err(|error| error.to_string())?;
    let status = answer.status();
    let text = answer.text().await.map_err(|error| error.to_string())?;
    if !status.is_success() {
        return Err(format!("{status} {text}"));
    }
    if text.is_empty() {
        Ok(Value::Null)
    } else {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }
}

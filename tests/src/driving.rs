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
        let answer = request.send().await.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }
}

//! Files and fields that a person sends: multipart with any names, or the bare bytes of one file.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use url::form_urlencoded;

use super::answers::Refused;
use crate::telegram::Upload;

/// Most bytes of one sending.
const LARGEST_SENDING: usize = 200 * 1024 * 1024;

/// What came with a call.
pub(super) struct Sending {
    /// Files in their order.
    pub(super) uploads: Vec<Upload>,
    fields: BTreeMap<String, String>,
}

impl Sending {
    /// Reads a multipart body, or takes the whole body as one file. Fields may stand in the query too.
    pub(super) async fn read(request: Request) -> Result<Self, Refused> {
        let query = request.uri().query().unwrap_or_default();
        let fields = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let mut sending = Self { uploads: Vec::new(), fields };
        let mime =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LARGEST_SENDING)
            .await
            .map_err(|_| Refused::bad_request("the body is too large or was cut off"))?;
        if mime.as_deref().is_some_and(|mime| mime.starts_with("multipart/form-data")) {
            sending.read_parts(Request::from_parts(parts, Body::from(body))).await?;
        } else if !body.is_empty() {
            let name = sending.field("name").map(str::to_owned);
            sending.uploads.push(Upload { name, mime, bytes: body });
        }
        Ok(sending)
    }

    async fn read_parts(&mut self, mut request: Request) -> Result<(), Refused> {
        DefaultBodyLimit::disable().apply(&mut request);
        let malformed =
            |error: axum::extract::multipart::MultipartError| Refused::bad_request(error.body_text());
        let mut multipart = Multipart::from_request(request, &())
            .await
            .map_err(|error| Refused::bad_request(error.body_text()))?;
        while let Some(field) = multipart.next_field().await.map_err(malformed)? {
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file_name) = field.file_name().map(str::to_owned) {
                let mime = field.content_type().map(str::to_owned);
                let bytes = field.bytes().await.map_err(malformed)?;
                self.uploads.push(Upload { name: Some(file_name), mime, bytes });
            } else {
                let value = field.text().await.map_err(malformed)?;
                self.fields.insert(name, value);
            }
        }
        Ok(())
    }

    /// A field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The caption, empty when there is none.
    pub(super) fn caption(&self) -> &str {
        self.field("caption").unwrap_or_default()
    }

    /// A field that is a whole number; none when it is not there.
    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refused> {
        let number = self.field(name).map(str::parse).transpose();
        number.map_err(|_| Refused::bad_request(format!("{name} is a whole number")))
    }

    /// The only file.
    pub(super) fn one_file(&mut self) -> Result<Upload, Refused> {
        match self.uploads.len() {
            1 => self.uploads.pop().ok_or_else(|| Refused::bad_request("a file is expected")),
            count => Err(Refused::bad_request(format!("one file is expected, {count} came"))),
        }
    }
}

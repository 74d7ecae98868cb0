//! Where the server is and how it is spoken to.

use std::num::NonZeroU16;
use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;
use url::{Position, Url};

/// Where the server is and how it is spoken to.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// Where the server is: a scheme, a host and perhaps a port, such as `https://s3.eu-central-1.amazonaws.com` or
    /// `http://127.0.0.1:8333`. For virtual hosts without the bucket's name.
    pub endpoint: Url,
    /// The bucket. It is made if it is missing.
    pub bucket: String,
    /// The region that requests are signed for, such as `us-east-1`.
    pub region: String,
    /// The access key's id.
    pub access_key: SecretString,
    /// The secret that belongs to it.
    pub secret_key: SecretString,
    /// Where the bucket's name stands in an address.
    pub addressing: Addressing,
    /// The scheme, the host and perhaps the port of what stands in front of the server for the world, such as a CDN or
    /// nginx; it must pass on the `Host` header that it is given. Links lead there. Without it they lead to `endpoint`.
    pub public_base_url: Option<Url>,
    /// How long one call may take as a whole, and how long the next piece of an object that is being read may let us
    /// wait.
    pub timeout: Duration,
    /// After how many days the server itself removes what is temporary and was left behind.
    pub temporary_days: NonZeroU16,
}

/// Where the bucket's name stands in an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Addressing {
    /// At the beginning of the path: `https://host/bucket/key`. MinIO's and SeaweedFS's way.
    #[default]
    Path,
    /// Before the host: `https://bucket.host/key`. AWS's way.
    VirtualHost,
}

impl S3Settings {
    /// A bucket with times that suit images and weights, addressed by path in the region `us-east-1`.
    pub fn new(endpoint: Url, bucket: String, access_key: SecretString, secret_key: SecretString) -> Self {
        Self {
            endpoint,
            bucket,
            region: "us-east-1".to_owned(),
            access_key,
            secret_key,
            addressing: Addressing::default(),
            public_base_url: None,
            timeout: Duration::from_secs(30),
            temporary_days: const { NonZeroU16::new(14).unwrap() },
        }
    }

    /// Refuses what no request can be made of.
    ///
    /// # Errors
    /// At the first setting that cannot be used.
    pub fn check(&self) -> Result<(), SetupError> {
        if !is_origin(&self.endpoint) {
            return Err(SetupError::Endpoint(self.endpoint.clone()));
        }
        if let Some(address) = self.public_base_url.as_ref().filter(|address| !is_origin(address)) {
            return Err(SetupError::PublicBaseUrl(address.clone()));
        }
        if !is_bucket_name(&self.bucket) {
            return Err(SetupError::Bucket(self.bucket.clone()));
        }
        Ok(())
    }
}

/// The address as signatures need it: without a slash at its end, and without the port that its scheme has anyway.
pub(crate) fn origin(address: &Url) -> String {
    address[..Position::BeforePath].to_owned()
}

fn is_origin(address: &Url) -> bool {
    matches!(address.scheme(), "http" | "https")
        && address.has_host()
        && address.username().is_empty()
        && address.password().is_none()
        && address.path() == "/"
        && address.query().is_none()
        && address.fragment().is_none()
}

/// Whether AWS would take the name; other servers take what it takes.
fn is_bucket_name(name: &str) -> bool {
    let is_of_good_characters = name
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    let has_good_ends = [name.bytes().next(), name.bytes().next_back()]
        .into_iter()
        .all(|end| end.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
    (3..=63).contains(&name.len()) && is_of_good_characters && has_good_ends && !name.contains("..")
}

/// Why the adapter cannot be built from its settings.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The server's address has more in it than a server.
    #[error(
        "endpoint is {0}; expected: http:// or https://, a host and perhaps a port, and nothing after it"
    )]
    Endpoint(Url),
    /// So has the address of what stands in front of it.
    #[error(
        "public_base_url is {0}; expected: http:// or https://, a host and perhaps a port, and nothing after it"
    )]
    PublicBaseUrl(Url),
    /// No S3 server makes such a bucket.
    #[error(
        "bucket is {0:?}; expected: 3 to 63 lowercase letters, digits, `-` and `.`, beginning and ending with a letter \
         or digit"
    )]
    Bucket(String),
    /// The client could not be set up.
    #[error("the S3 client could not be set up")]
    Client(#[source] kernel::BoxError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(endpoint: &str, bucket: &str) -> S3Settings {
        S3Settings::new(endpoint.parse().unwrap(), bucket.to_owned(), "access".into(), "secret".into())
    }

    #[test]
    fn an_address_is_a_server_and_nothing_else() {
        for good in ["http://127.0.0.1:8333", "https://s3.example.com/", "http://[::1]:9000"] {
            settings(good, "studio").check().unwrap();
        }
        for bad in
            ["ftp://host", "https://host/path", "https://host/?query", "https://user@host", "data:text"]
        {
            let error = settings(bad, "studio").check().unwrap_err();
            assert!(error.to_string().starts_with("endpoint is "), "{error}");
            let public =
                S3Settings { public_base_url: Some(bad.parse().unwrap()), ..settings("http://s3", "studio") };
            let error = public.check().unwrap_err();
            assert!(error.to_string().starts_with("public_base_url is "), "{error}");
        }
    }

    #[test]
    fn a_bucket_is_named_as_aws_has_it() {
        for good in ["abc", "studio-objects", "a.b.c", "0123456789"] {
            settings("http://s3", good).check().unwrap();
        }
        let long = "a".repeat(64);
        for bad in ["", "ab", "Studio", "studio_objects", "-studio", "studio-", "a..b", "a/b", long.as_str()]
        {
            let error = settings("http://s3", bad).check().unwrap_err();
            assert!(error.to_string().starts_with("bucket is "), "{error}");
        }
    }

    #[test]
    fn signatures_see_the_host_as_requests_send_it() {
        for (address, seen) in [
            ("http://host:80/", "http://host"),
            ("https://host:443", "https://host"),
            ("https://host:8443", "https://host:8443"),
            ("http://[::1]:9000/", "http://[::1]:9000"),
        ] {
            assert_eq!(origin(&address.parse().unwrap()), seen);
        }
    }
}

//! `[objects]`

use std::path::PathBuf;

use minio_adapter::{Addressing, S3Settings, SetupError};
use secrecy::SecretString;
use url::Url;

use super::reader::{Reader, not_blank};
use super::{ConfigurationError, DatabaseUrl, Setting};

const DIRECTORY: Setting = Setting::new(
    "objects",
    "directory",
    "a directory for images, such as aisha-data/objects, unless AISHA_OBJECTS__ENDPOINT names an S3 server",
);
const ENDPOINT: Setting = Setting::new(
    "objects",
    "endpoint",
    "the address of an S3 server and nothing after it, such as https://s3.eu-central-1.amazonaws.com",
);
const BUCKET: Setting = Setting::new(
    "objects",
    "bucket",
    "a bucket's name: 3 to 63 lowercase letters, digits, `-` and `.`, such as aisha",
);
const REGION: Setting =
    Setting::new("objects", "region", "the region that the server is in, such as us-east-1");
const ACCESS_KEY: Setting = Setting::new("objects", "access_key", "the id of an access key of the S3 server");
const SECRET_KEY: Setting =
    Setting::new("objects", "secret_key", "the secret that belongs to the access key of the S3 server");
const ADDRESSING: Setting = Setting::new(
    "objects",
    "addressing",
    "path (https://host/bucket/key) or virtual-host (https://bucket.host/key)",
);
const PUBLIC_BASE_URL: Setting = Setting::new(
    "objects",
    "public_base_url",
    "the address of what stands in front of the S3 server and nothing after it, such as https://images.example.com",
);

/// Where bytes are kept.
#[derive(Debug, Clone)]
pub struct ObjectsSection {
    directory: Option<PathBuf>,
    server: Option<Box<S3Settings>>,
}

/// Where bytes are kept, decided.
#[derive(Debug, Clone)]
pub enum ObjectsPlace {
    /// On the disk of this machine.
    Directory(PathBuf),
    /// On an S3 server.
    Server(Box<S3Settings>),
}

impl ObjectsSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let directory = reader.optional(&DIRECTORY)?;
        let server = Server::read(reader)?.settings(reader)?;
        if directory.is_some() && server.is_some() {
            return Err(ConfigurationError::Relation {
                first: DIRECTORY,
                second: ENDPOINT,
                problem: "objects are either in a directory or on an S3 server; leave one of them out"
                    .to_owned(),
            });
        }
        Ok(Self { directory, server: server.map(Box::new) })
    }

    /// The S3 server if there is one; else the directory: the one that is set, or `objects` beside the SQLite file.
    ///
    /// # Errors
    /// When none of them is there.
    pub fn place(&self, database: &DatabaseUrl) -> Result<ObjectsPlace, ConfigurationError> {
        if let Some(server) = &self.server {
            return Ok(ObjectsPlace::Server(server.clone()));
        }
        self.directory
            .clone()
            .or_else(|| Some(database.directory()?.join("objects")))
            .map(ObjectsPlace::Directory)
            .ok_or(ConfigurationError::Missing { setting: DIRECTORY })
    }
}

/// What is set of an S3 server.
struct Server {
    endpoint: Option<Url>,
    bucket: Option<String>,
    region: String,
    access_key: Option<SecretString>,
    secret_key: Option<SecretString>,
    addressing: Addressing,
    public_base_url: Option<Url>,
}

impl Server {
    fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            endpoint: reader.optional(&ENDPOINT)?,
            bucket: reader.optional(&BUCKET)?,
            region: reader.required(&REGION)?,
            access_key: reader.secret(&ACCESS_KEY, not_blank)?,
            secret_key: reader.secret(&SECRET_KEY, not_blank)?,
            addressing: reader.required::<AddressingName>(&ADDRESSING)?.0,
            public_base_url: reader.optional(&PUBLIC_BASE_URL)?,
        })
    }

    /// The settings of a server that is there as a whole, or nothing when nothing is.
    fn settings(self, reader: &Reader) -> Result<Option<S3Settings>, ConfigurationError> {
        let Some(endpoint) = self.endpoint else {
            let is_meant = self.bucket.is_some()
                || self.access_key.is_some()
                || self.secret_key.is_some()
                || self.public_base_url.is_some();
            return if is_meant { Err(missing(ENDPOINT)) } else { Ok(None) };
        };
        let settings = S3Settings {
            region: self.region,
            addressing: self.addressing,
            public_base_url: self.public_base_url,
            ..S3Settings::new(
                endpoint,
                self.bucket.ok_or(missing(BUCKET))?,
                self.access_key.ok_or(missing(ACCESS_KEY))?,
                self.secret_key.ok_or(missing(SECRET_KEY))?,
            )
        };
        settings.check().map_err(|problem| match problem {
            SetupError::Endpoint(value) => reader.refuse(&ENDPOINT, value.to_string()),
            SetupError::PublicBaseUrl(value) => reader.refuse(&PUBLIC_BASE_URL, value.to_string()),
            problem => reader.refuse(&BUCKET, problem.to_string()),
        })?;
        Ok(Some(settings))
    }
}

const fn missing(setting: Setting) -> ConfigurationError {
    ConfigurationError::Missing { setting }
}

struct AddressingName(Addressing);

impl std::str::FromStr for AddressingName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "path" => Ok(Self(Addressing::Path)),
            "virtual-host" => Ok(Self(Addressing::VirtualHost)),
            _ => Err("there is no such way"),
        }
    }
}

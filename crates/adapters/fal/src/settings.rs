//! How FAL is reached and asked.

use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;

use crate::ResultHost;

/// How FAL is reached and asked.
#[derive(Debug, Clone)]
pub struct FalSettings {
    /// The key, as `id:secret`.
    pub key: SecretString,
    /// Where the queue API is; the key is sent there.
    pub queue_url: String,
    /// Where the keys of callbacks are published and files are uploaded; the key is sent there as well.
    pub rest_url: String,
    /// Where results may be fetched from.
    pub result_hosts: Vec<ResultHost>,
    /// FAL's id of the account that the key belongs to; callbacks for another one are not authentic. Any is accepted
    /// when none is given.
    pub user_id: Option<String>,
    /// How long FAL keeps the images that it makes. An order for a training says for itself how long its files are kept.
    pub file_lifetime: Duration,
    /// How long an image may wait for its start before FAL gives it up; more than 1 s.
    pub start_timeout: Duration,
    /// The same for a training.
    pub training_start_timeout: Duration,
    /// The place in FAL's queue.
    pub priority: QueuePriority,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one call of the API may take as a whole.
    pub call_timeout: Duration,
    /// How long fetching one image may take as a whole, and how long the next piece of a larger file may let us wait.
    pub fetch_timeout: Duration,
    /// How long copying one large file, from FAL or to it, may take as a whole.
    pub copy_timeout: Duration,
}

/// Which of FAL's queues work goes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum QueuePriority {
    /// The usual one.
    #[default]
    Normal,
    /// Behind the usual one.
    Low,
}

impl QueuePriority {
    /// The value of the `X-Fal-Queue-Priority` header.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

impl FalSettings {
    /// FAL itself, with times that suit images and trainings.
    pub fn new(key: SecretString) -> Self {
        Self {
            key,
            queue_url: "https://queue.fal.run".to_owned(),
            rest_url: "https://rest.fal.ai".to_owned(),
            result_hosts: vec![ResultHost::fal()],
            user_id: None,
            file_lifetime: Duration::from_hours(1),
            start_timeout: Duration::from_mins(5),
            training_start_timeout: Duration::from_mins(30),
            priority: QueuePriority::Normal,
            connect_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_secs(30),
            fetch_timeout: Duration::from_mins(1),
            copy_timeout: Duration::from_mins(10),
        }
    }

    /// What goes into the header that shows who we are.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, SetupError> {
        let value = format!("Key {}", self.key.expose_secret());
        let mut authorization = HeaderValue::from_str(&value).map_err(|_| SetupError::Key)?;
        authorization.set_sensitive(true);
        Ok(authorization)
    }
}

/// Why the adapter cannot be built from its settings.
#[derive(Debug, Error)]
pub enum SetupError {
    /// The key holds characters that no HTTP header can carry.
    #[error("the FAL key holds characters that no header can carry; expected: id:secret")]
    Key,
    /// A URL that nothing can be appended to.
    #[error("{setting} is {value:?}; expected: http:// or https:// with a host, without query or user")]
    Address {
        /// Which URL.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// FAL takes no shorter time.
    #[error("work may wait {0:?} for its start; FAL takes more than 1 s")]
    StartTimeout(Duration),
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up")]
    Client(#[from] reqwest::Error),
}

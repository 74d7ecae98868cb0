//! How FAL is reached and asked.

use std::time::Duration;

use secrecy::SecretString;
use thiserror::Error;

use crate::ResultHost;

/// How FAL is reached and asked.
#[derive(Debug, Clone)]
pub struct FalSettings {
    /// The key, as `id:secret`.
    pub key: SecretString,
    /// Where the queue API is; the key is sent there and nowhere else.
    pub queue_url: String,
    /// Where the keys of callbacks are published. Needs no key.
    pub rest_url: String,
    /// Where results may be fetched from.
    pub result_hosts: Vec<ResultHost>,
    /// FAL's id of the account that the key belongs to; callbacks for another one are not authentic. Any is accepted
    /// when none is given.
    pub user_id: Option<String>,
    /// How long FAL keeps the files that it makes.
    pub file_lifetime: Duration,
    /// How long work may wait for its start before FAL gives it up; more than 1 s.
    pub start_timeout: Duration,
    /// The place in FAL's queue.
    pub priority: QueuePriority,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one call of the API may take as a whole.
    pub call_timeout: Duration,
    /// How long fetching one image may take as a whole.
    pub fetch_timeout: Duration,
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
    /// FAL itself, with times that suit text to image.
    pub fn new(key: SecretString) -> Self {
        Self {
            key,
            queue_url: "https://queue.fal.run".to_owned(),
            rest_url: "https://rest.fal.ai".to_owned(),
            result_hosts: vec![ResultHost::fal()],
            user_id: None,
            file_lifetime: Duration::from_hours(24),
            start_timeout: Duration::from_mins(5),
            priority: QueuePriority::Normal,
            connect_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_secs(30),
            fetch_timeout: Duration::from_mins(1),
        }
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

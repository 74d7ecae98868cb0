//! `[fal]`

use fal_adapter::ResultHost;
use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

/// FAL's key.
pub(super) const KEY: Setting =
    Setting::new("fal", "key", "a key of FAL's dashboard, such as KEY-ID:KEY-SECRET");
const QUEUE_URL: Setting = Setting::new("fal", "queue_url", "an address such as https://queue.fal.run");
const REST_URL: Setting = Setting::new("fal", "rest_url", "an address such as https://rest.fal.ai");
const RESULT_HOSTS: Setting = Setting::new(
    "fal",
    "result_hosts",
    "host patterns or origins, such as *.fal.media or http://127.0.0.1:9000",
);

const USER_ID: Setting = Setting::new("fal", "user_id", "FAL's id of the account that the key belongs to");

/// FAL.
#[derive(Debug, Clone)]
pub struct FalSection {
    /// The key; without it FAL is not used.
    pub key: Option<SecretString>,
    /// The queue API.
    pub queue_url: Url,
    /// The platform API: keys of callbacks, storage.
    pub rest_url: Url,
    /// From where results are fetched.
    pub result_hosts: Vec<ResultHost>,
    /// FAL's id of the account; callbacks for another one are not authentic.
    pub user_id: Option<String>,
}

impl FalSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let section = Self {
            key: reader.secret(&KEY, |key| (!key.contains(':')).then_some("it has no colon"))?,
            queue_url: reader.required(&QUEUE_URL)?,
            rest_url: reader.required(&REST_URL)?,
            result_hosts: reader.list(&RESULT_HOSTS)?,
            user_id: reader.optional(&USER_ID)?,
        };
        if section.result_hosts.is_empty() {
            return Err(reader.refuse(&RESULT_HOSTS, "no result could ever be fetched"));
        }
        Ok(section)
    }
}

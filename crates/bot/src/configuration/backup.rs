//! `[backup]`

use std::num::NonZeroUsize;
use std::str::FromStr;

use age::x25519::Recipient;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const RECIPIENT: Setting =
    Setting::new("backup", "recipient", "the public key that `age-keygen` printed, which begins with age1");
const KEEP: Setting = Setting::new("backup", "keep", "a whole number above zero, such as 14");

/// Backups.
#[derive(Debug, Clone)]
pub struct BackupSection {
    recipient: Option<Recipient>,
    /// How many are kept.
    pub keep: NonZeroUsize,
}

impl BackupSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            recipient: reader.optional::<PublicKey>(&RECIPIENT)?.map(|PublicKey(key)| key),
            keep: reader.required(&KEEP)?,
        })
    }

    /// Who can open them.
    ///
    /// # Errors
    /// When it is not set.
    pub fn recipient(&self) -> Result<&Recipient, ConfigurationError> {
        self.recipient.as_ref().ok_or(ConfigurationError::Missing { setting: RECIPIENT })
    }
}

struct PublicKey(Recipient);

impl FromStr for PublicKey {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

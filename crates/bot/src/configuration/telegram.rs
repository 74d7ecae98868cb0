//! `[telegram]`

use std::num::NonZeroU32;
use std::str::FromStr;

use chat::Pacing;
use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::{ConfigurationError, Setting};

const TOKEN: Setting =
    Setting::new("telegram", "token", "the bot's token from @BotFather, such as 123456789:AAH…");
const API_URL: Setting =
    Setting::new("telegram", "api_url", "the address of a Bot API server, such as https://api.telegram.org");
const SENDS_PER_SECOND: Setting =
    Setting::new("telegram", "sends_per_second", "a whole number above zero, such as 30, or unlimited");

/// Telegram.
#[derive(Debug, Clone)]
pub struct TelegramSection {
    token: Option<SecretString>,
    /// The Bot API server.
    pub api_url: Url,
    /// How many messages may be sent.
    pub pacing: Pacing,
}

impl TelegramSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            token: reader
                .secret(&TOKEN, |token| (!looks_like_a_token(token)).then_some("it is no bot token"))?,
            api_url: reader.required(&API_URL)?,
            pacing: reader.required::<SendsPerSecond>(&SENDS_PER_SECOND)?.0,
        })
    }

    /// The bot's token.
    ///
    /// # Errors
    /// When it is not set.
    pub fn token(&self) -> Result<&SecretString, ConfigurationError> {
        self.token.as_ref().ok_or(ConfigurationError::Missing { setting: TOKEN })
    }
}

struct SendsPerSecond(Pacing);

impl FromStr for SendsPerSecond {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "unlimited" {
            return Ok(Self(Pacing::Unlimited));
        }
        Ok(Self(Pacing::PerSecond(text.parse::<NonZeroU32>()?.get())))
    }
}

fn looks_like_a_token(text: &str) -> bool {
    text.split_once(':').is_some_and(|(bot, secret)| {
        !bot.is_empty()
            && bot.bytes().all(|byte| byte.is_ascii_digit())
            && !secret.is_empty()
            && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

//! `[telegram]`

use std::num::{NonZeroU32, NonZeroU64};
use std::str::FromStr;

use chat::{Pacing, Webhook};
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
const WEBHOOK_URL: Setting = Setting::new(
    "telegram",
    "webhook_url",
    "the address at which Telegram reaches the web processes, such as https://aisha.example.com/telegram/webhook",
);
const WEBHOOK_SECRET: Setting = Setting::new(
    "telegram",
    "webhook_secret",
    "16 to 256 random characters of A-Z, a-z, 0-9, _ and -, the same in every process",
);
const WEBHOOK_CONNECTIONS: Setting =
    Setting::new("telegram", "webhook_connections", "a whole number from 1 to 100, such as 40");
const MOST_WAITING: Setting =
    Setting::new("telegram", "most_waiting", "a whole number above zero, such as 20000");

/// What the address of the webhook ends in, as the web server has it.
const WEBHOOK_PATH: &str = "/telegram/webhook";
/// How long the webhook's secret may be, in characters.
const SECRET_LENGTHS: std::ops::RangeInclusive<usize> = 16..=256;

/// Telegram.
#[derive(Debug, Clone)]
pub struct TelegramSection {
    token: Option<SecretString>,
    /// The Bot API server.
    pub api_url: Url,
    /// How many messages may be sent.
    pub pacing: Pacing,
    /// Where Telegram brings updates; without it they are asked for.
    pub webhook: Option<Webhook>,
    /// How many updates may wait to be handled before Telegram is asked to bring more later.
    pub most_waiting: NonZeroU64,
}

impl TelegramSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        Ok(Self {
            token: reader
                .secret(&TOKEN, |token| (!looks_like_a_token(token)).then_some("it is no bot token"))?,
            api_url: reader.required(&API_URL)?,
            pacing: reader.required::<SendsPerSecond>(&SENDS_PER_SECOND)?.0,
            webhook: webhook(reader)?,
            most_waiting: reader.required(&MOST_WAITING)?,
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

fn webhook(reader: &Reader) -> Result<Option<Webhook>, ConfigurationError> {
    let connections: u8 = reader.required(&WEBHOOK_CONNECTIONS)?;
    if !(1..=100).contains(&connections) {
        return Err(reader.refuse(&WEBHOOK_CONNECTIONS, "Telegram has 1 to 100"));
    }
    let secret = reader.secret(&WEBHOOK_SECRET, |secret| {
        (!looks_like_a_webhook_secret(secret)).then_some("it is too short, too long, or has other characters")
    })?;
    let url: Option<Url> = reader.optional(&WEBHOOK_URL)?;
    match (url, secret) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(ConfigurationError::Missing { setting: WEBHOOK_SECRET }),
        (None, Some(_)) => Err(ConfigurationError::Missing { setting: WEBHOOK_URL }),
        (Some(url), Some(_)) if !matches!(url.scheme(), "http" | "https") => {
            Err(reader.refuse(&WEBHOOK_URL, format!("{url}: it is neither http nor https")))
        }
        (Some(url), Some(_)) if !url.path().ends_with(WEBHOOK_PATH) => {
            Err(reader.refuse(&WEBHOOK_URL, format!("{url}: it does not end in {WEBHOOK_PATH}")))
        }
        (Some(url), Some(secret)) => Ok(Some(Webhook { url, secret, connections })),
    }
}

fn looks_like_a_webhook_secret(text: &str) -> bool {
    SECRET_LENGTHS.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
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

//! Where everything listens, and the bot's configuration that follows from it. Every key here is made up.

use std::collections::BTreeMap;

use serde::Serialize;

use super::data_directory::DataDirectory;

/// The bot's token: it opens this sandbox and nothing else.
pub const BOT_TOKEN: &str = "7000000001:sandbox-token-that-opens-nothing";
/// FAL's key.
const FAL_KEY: &str = "sandbox-key:sandbox-secret";
/// Google's key.
const GOOGLE_KEY: &str = "sandbox-google-key";
/// OpenAI's key.
const OPENAI_KEY: &str = "sk-sandbox";

/// Where everything listens, each as `http://127.0.0.1:PORT`.
#[derive(Clone, Debug, Serialize)]
pub struct Urls {
    /// The page; the driving API is under `/sandbox/`.
    pub page: String,
    /// Telegram's Bot API.
    pub telegram: String,
    /// Google.
    pub google: String,
    /// FAL: queue, storage and files.
    pub fal: String,
    /// OpenAI; clients want `/v1` behind it.
    pub openai: String,
    /// The bot's own web server, when it runs.
    pub bot_web: String,
}

/// The configuration of a bot that lives in the sandbox.
pub(super) fn bot_environment(urls: &Urls, data: &DataDirectory) -> BTreeMap<String, String> {
    let database = data.database();
    let objects = data.objects();
    let listen = urls.bot_web.trim_start_matches("http://");
    [
        ("AISHA_TELEGRAM__TOKEN", BOT_TOKEN.to_owned()),
        ("AISHA_TELEGRAM__API_URL", urls.telegram.clone()),
        ("AISHA_FAL__KEY", FAL_KEY.to_owned()),
        ("AISHA_FAL__QUEUE_URL", urls.fal.clone()),
        ("AISHA_FAL__REST_URL", urls.fal.clone()),
        ("AISHA_FAL__RESULT_HOSTS", urls.fal.clone()),
        ("AISHA_IMAGEN__API_KEY", GOOGLE_KEY.to_owned()),
        ("AISHA_IMAGEN__BASE_URL", urls.google.clone()),
        ("AISHA_OPENAI__API_KEY", OPENAI_KEY.to_owned()),
        ("AISHA_OPENAI__BASE_URL", format!("{}/v1", urls.openai)),
        ("AISHA_DATABASE__URL", format!("sqlite://{}", database.display())),
        ("AISHA_OBJECTS__DIRECTORY", objects.display().to_string()),
        ("AISHA_WEB__LISTEN", listen.to_owned()),
        ("AISHA_WEB__PUBLIC_URL", urls.bot_web.clone()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

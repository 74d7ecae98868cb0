//! Whatever is wrong with the configuration says which setting it is, where its value came from, and what is expected.

use std::fs;
use std::path::Path;
use std::time::Duration;

use bot::configuration::{
    Configuration, ConfigurationError, DatabaseUrl, Environment, LogFormat, Migrate, ObjectsPlace, Sources,
};
use chat::Pacing;
use kernel::ChatId;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

const TOKEN: &str = "123456789:AAH-very_secret";

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn load(variables: &[(&str, &str)]) -> Result<Configuration, ConfigurationError> {
    let empty = TempDir::new().unwrap();
    Configuration::load(&Sources::usual(empty.path(), environment(variables)))
}

fn load_file(text: &str, variables: &[(&str, &str)]) -> Result<Configuration, ConfigurationError> {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("aisha.toml"), text).unwrap();
    Configuration::load(&Sources::usual(directory.path(), environment(variables)))
}

#[test]
fn without_anything_set_there_are_defaults() {
    let configuration = load(&[]).unwrap();
    assert_eq!(configuration.telegram.api_url.as_str(), "https://api.telegram.org/");
    assert_eq!(configuration.telegram.pacing, Pacing::PerSecond(30));
    assert_eq!(configuration.operators.chat_ids, []);
    assert_eq!(configuration.database.migrate, Migrate::AtStart);
    assert_eq!(configuration.fal.result_hosts, ["*.fal.media".parse().unwrap()]);
    assert_eq!(configuration.chat.settings, chat::ChatSettings::default());
    assert_eq!(configuration.web.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(configuration.log.format, LogFormat::Human);
    assert_eq!(configuration.generation.policy, generation::GenerationPolicy::default());
    assert_eq!(configuration.worker.settings, worker::WorkerSettings::default());
    let url = &configuration.database.url;
    let place = configuration.objects.place(url).unwrap();
    assert!(matches!(place, ObjectsPlace::Directory(path) if path == Path::new("aisha-data/objects")));
}

#[test]
fn the_environment_is_stronger_than_the_file_and_the_file_than_the_defaults() {
    let file =
        "[telegram]\nsends_per_second = 7\n[web]\nlisten = \"0.0.0.0:1\"\n[operators]\nchat_ids = [5, 6]\n";
    let configuration = load_file(file, &[("AISHA_WEB__LISTEN", "0.0.0.0:2")]).unwrap();
    assert_eq!(configuration.telegram.pacing, Pacing::PerSecond(7));
    assert_eq!(configuration.web.listen.port(), 2);
    assert_eq!(configuration.operators.chat_ids, [ChatId::new(5), ChatId::new(6)]);
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let configuration = load(&[("AISHA_WEB__PUBLIC_URL", ""), ("AISHA_WEB__LISTEN", "")]).unwrap();
    assert!(configuration.web.public_url.is_none());
    assert_eq!(configuration.web.listen.port(), 8080);
}

#[test]
fn lists_are_arrays_or_parted_by_commas() {
    let configuration =
        load(&[("AISHA_OPERATORS__CHAT_IDS", "1, 2,3"), ("AISHA_FAL__RESULT_HOSTS", "http://127.0.0.1:9")])
            .unwrap();
    assert_eq!(configuration.operators.chat_ids.len(), 3);
    assert_eq!(configuration.fal.result_hosts, ["http://127.0.0.1:9".parse().unwrap()]);
}

#[test]
fn a_text_of_digits_stays_the_text_that_it_is() {
    let key = "00012345678901234567890123456789";
    let configuration = load(&[("AISHA_OPENAI__API_KEY", "007"), ("AISHA_WEB__SECRET", key)]).unwrap();
    assert_eq!(configuration.openai.api_key.unwrap().expose_secret(), "007");
    assert_eq!(configuration.web.secret.unwrap().expose_secret(), key);
}

#[test]
fn a_secret_may_lie_in_a_file_of_its_own() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("token");
    fs::write(&path, format!("{TOKEN}\n")).unwrap();
    let configuration = load(&[("AISHA_TELEGRAM__TOKEN_FILE", path.to_str().unwrap())]).unwrap();
    assert_eq!(configuration.telegram.token().unwrap().expose_secret(), TOKEN);
    // What has a default as well.
    fs::write(&path, "sqlite://elsewhere/a.db\n").unwrap();
    let configuration = load(&[("AISHA_DATABASE__URL_FILE", path.to_str().unwrap())]).unwrap();
    assert_eq!(configuration.database.url.directory(), Some(Path::new("elsewhere")));
    fs::write(&path, format!("{TOKEN}\n")).unwrap();
    let file = format!("[telegram]\ntoken_file = {path:?}\n");
    let configuration = load_file(&file, &[]).unwrap();
    assert_eq!(configuration.telegram.token().unwrap().expose_secret(), TOKEN);
}

#[test]
fn no_secret_is_ever_shown() {
    let secrets =
        ["123:AAsecretAA", "id:secretBB", "secretCC", "secretDD", "secretEEsecretEEsecretEEsecretEE"];
    let configuration = load(&[
        ("AISHA_TELEGRAM__TOKEN", secrets[0]),
        ("AISHA_FAL__KEY", secrets[1]),
        ("AISHA_IMAGEN__API_KEY", secrets[2]),
        ("AISHA_OPENAI__API_KEY", secrets[3]),
        ("AISHA_WEB__SECRET", secrets[4]),
        ("AISHA_DATABASE__URL", "postgres://aisha:secretFF@host/aisha"),
        ("AISHA_REDIS__URL", "rediss://aisha:secretGG@host/0"),
    ])
    .unwrap();
    assert!(matches!(configuration.database.url, DatabaseUrl::Postgres { .. }));
    let shown = format!("{configuration:?}");
    assert!(!shown.contains("secretFF") && !shown.contains("secretGG"), "{shown}");
    assert!(configuration.redis.server.is_some());
    for secret in secrets {
        assert!(!shown.contains(secret), "{shown}");
    }
    for (name, wrong) in [
        ("AISHA_TELEGRAM__TOKEN", "notokenAA"),
        ("AISHA_FAL__KEY", "nokeyBB"),
        ("AISHA_IMAGEN__API_KEY", " spacesCC"),
        ("AISHA_WEB__SECRET", "shortEE"),
        ("AISHA_TELEGRAM__WEBHOOK_SECRET", "shortGG"),
        ("AISHA_DATABASE__URL", "mysql://aisha:passwordFF@host/aisha"),
        ("AISHA_REDIS__URL", "http://aisha:passwordGG@host/0"),
    ] {
        let error = load(&[(name, wrong)]).unwrap_err().to_string();
        assert!(error.contains(name) && !error.contains(wrong), "{error}");
    }
}

#[test]
fn a_token_that_is_needed_and_not_there_is_named() {
    let error = load(&[]).unwrap().telegram.token().unwrap_err().to_string();
    assert!(error.contains("AISHA_TELEGRAM__TOKEN") && error.contains("@BotFather"), "{error}");
}

#[test]
fn what_is_wrong_in_the_environment_names_setting_source_and_expectation() {
    let table: &[(&str, &str, &str)] = &[
        ("AISHA_TELEGRAM__TOKEN", "nonsense", "such as 123456789:AAH…"),
        ("AISHA_TELEGRAM__API_URL", "api.telegram.org", "such as https://api.telegram.org"),
        ("AISHA_TELEGRAM__SENDS_PER_SECOND", "0", "a whole number above zero"),
        ("AISHA_TELEGRAM__SENDS_PER_SECOND", "many", "a whole number above zero"),
        ("AISHA_TELEGRAM__WEBHOOK_SECRET", "short", "16 to 256 random characters"),
        ("AISHA_TELEGRAM__WEBHOOK_SECRET", "has spaces and is long enough", "16 to 256 random characters"),
        ("AISHA_TELEGRAM__WEBHOOK_CONNECTIONS", "0", "from 1 to 100"),
        ("AISHA_TELEGRAM__WEBHOOK_CONNECTIONS", "101", "from 1 to 100"),
        ("AISHA_TELEGRAM__MOST_WAITING", "0", "a whole number above zero"),
        ("AISHA_OPERATORS__CHAT_IDS", "1,anna", "Telegram ids of people"),
        ("AISHA_OPERATORS__CHAT_IDS", "-100123", "Telegram ids of people"),
        ("AISHA_DATABASE__URL", "aisha.db", "sqlite://FILE"),
        ("AISHA_DATABASE__URL", "sqlite://", "sqlite://FILE"),
        ("AISHA_DATABASE__URL", "sqlite::memory:", "sqlite://FILE"),
        ("AISHA_DATABASE__MIGRATE", "sometimes", "at-start or by-command"),
        ("AISHA_FAL__KEY", "nokey", "KEY-ID:KEY-SECRET"),
        ("AISHA_FAL__QUEUE_URL", "queue", "https://queue.fal.run"),
        ("AISHA_FAL__REST_URL", "rest", "https://rest.fal.ai"),
        ("AISHA_FAL__RESULT_HOSTS", ",", "*.fal.media"),
        ("AISHA_FAL__RESULT_HOSTS", "https://a/b", "*.fal.media"),
        ("AISHA_CHAT__WELCOME_CREDITS", "-1", "zero or more"),
        ("AISHA_CHAT__ACTION_LIMITS", "some", "usual or none"),
        ("AISHA_IMAGEN__BASE_URL", "google", "https://generativelanguage.googleapis.com"),
        ("AISHA_OPENAI__API_KEY", " ", "such as sk-…"),
        ("AISHA_OPENAI__BASE_URL", "openai", "https://api.openai.com/v1"),
        ("AISHA_WEB__LISTEN", "8080", "such as 127.0.0.1:8080"),
        ("AISHA_WEB__PUBLIC_URL", "aisha.example.com", "such as https://aisha.example.com"),
        ("AISHA_WEB__PUBLIC_URL", "ftp://aisha.example.com", "such as https://aisha.example.com"),
        ("AISHA_WEB__SECRET", "short", "32 random characters"),
        ("AISHA_LOG__FORMAT", "xml", "human or json"),
        ("AISHA_LOG__FILTER", "info,=,=", "such as info"),
        ("AISHA_GENERATION__LIFETIME_SECONDS", "15m", "whole seconds"),
        ("AISHA_GENERATION__POLL_SECONDS", "0", "whole seconds"),
        ("AISHA_GENERATION__MAX_UNDER_WAY", "-1", "a whole number above zero"),
        ("AISHA_WORKER__CONCURRENCY", "0", "a whole number above zero"),
        ("AISHA_WORKER__LONGEST_RUN_SECONDS", "long", "whole seconds"),
    ];
    for (name, value, expected) in table {
        let error = load(&[(name, value)]).expect_err(name).to_string();
        assert!(error.contains(name), "{error}");
        assert!(error.contains("the environment"), "{error}");
        assert!(error.contains(expected), "{error}\nlacks {expected}");
    }
}

#[test]
fn a_webhook_needs_an_address_and_a_secret() {
    let url = ("AISHA_TELEGRAM__WEBHOOK_URL", "https://aisha.example.com/telegram/webhook");
    let secret = ("AISHA_TELEGRAM__WEBHOOK_SECRET", "open-sesame_2026");
    assert!(load(&[]).unwrap().telegram.webhook.is_none(), "without one the bot polls");
    let webhook = load(&[url, secret]).unwrap().telegram.webhook.unwrap();
    assert_eq!((webhook.url.as_str(), webhook.connections), (url.1, 40));

    for (given, missing) in [(url, secret.0), (secret, url.0)] {
        let error = load(&[given]).unwrap_err().to_string();
        assert!(error.contains(missing) && error.contains("is not set"), "{error}");
    }
    for wrong in ["https://aisha.example.com/", "ftp://aisha.example.com/telegram/webhook"] {
        let error = load(&[(url.0, wrong), secret]).unwrap_err().to_string();
        assert!(error.contains(url.0) && error.contains(wrong), "{error}");
        assert!(error.contains("such as https://aisha.example.com/telegram/webhook"), "{error}");
    }
}

#[test]
fn what_is_wrong_in_the_file_names_the_file() {
    for (text, setting, expected) in [
        ("[web]\nlisten = 8080\n", "AISHA_WEB__LISTEN ([web] listen)", "an address and a port"),
        ("[web]\nlisten = [1]\n", "AISHA_WEB__LISTEN", "an address and a port"),
        ("[operators]\nchat_ids = [[1]]\n", "AISHA_OPERATORS__CHAT_IDS", "Telegram ids"),
        ("[telegram]\nsends_per_second = 1.5\n", "AISHA_TELEGRAM__SENDS_PER_SECOND", "a whole number"),
        ("[telegram]\ntokn = \"x\"\n", "AISHA_TELEGRAM__TOKN", "sends_per_second, token, token_file"),
        ("[telegramm]\ntoken = \"x\"\n", "AISHA_TELEGRAMM__TOKEN", "[telegram]"),
        ("web = 3\n", "web from", "a section, such as [web]"),
    ] {
        let error = load_file(text, &[]).expect_err(text).to_string();
        assert!(error.contains(setting), "{error}\nlacks {setting}");
        assert!(error.contains("aisha.toml"), "{error}");
        assert!(error.contains(expected), "{error}\nlacks {expected}");
    }
    let error = load_file("[web\n", &[]).unwrap_err().to_string();
    assert!(error.contains("cannot be read") && error.contains("TOML"), "{error}");
}

#[test]
fn what_no_version_knows_is_refused() {
    for name in ["AISHA_REDDIS__URL", "AISHA_OBJECTS__END_POINT", "AISHA_WEB__LISTN"] {
        let error = load(&[(name, "x")]).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains("is not a setting of this version"), "{error}");
    }
    // Names of other programs' making are left alone.
    load(&[("AISHA_HOME", "x"), ("PATH", "y")]).unwrap();
}

#[test]
fn files_that_are_not_there_are_named() {
    let error = load(&[("AISHA_FAL__KEY_FILE", "/no/such/key")]).unwrap_err().to_string();
    assert!(error.contains("AISHA_FAL__KEY_FILE") && error.contains("/no/such/key"), "{error}");
    let named = Sources::with_file("/no/such/aisha.toml", Environment::default());
    let error = Configuration::load(&named).unwrap_err().to_string();
    assert!(error.contains("/no/such/aisha.toml"), "{error}");
}

#[test]
fn a_secret_is_given_once() {
    let error = load(&[("AISHA_FAL__KEY", "a:b"), ("AISHA_FAL__KEY_FILE", "/x")]).unwrap_err().to_string();
    assert!(error.contains("AISHA_FAL__KEY_FILE") && error.contains("by value and by file"), "{error}");
}

#[test]
fn times_that_do_not_fit_together_refuse_to_start() {
    for (variables, first, second) in [
        (
            [("AISHA_GENERATION__HOLD_SECONDS", "1000")].as_slice(),
            "AISHA_GENERATION__HOLD_SECONDS",
            "AISHA_GENERATION__LIFETIME_SECONDS",
        ),
        (
            &[("AISHA_GENERATION__PROVIDER_TIMEOUT_SECONDS", "900")],
            "AISHA_GENERATION__PROVIDER_TIMEOUT_SECONDS",
            "AISHA_GENERATION__LIFETIME_SECONDS",
        ),
        (
            &[("AISHA_WORKER__LONGEST_RUN_SECONDS", "150")],
            "AISHA_WORKER__LONGEST_RUN_SECONDS",
            "AISHA_GENERATION__PROVIDER_TIMEOUT_SECONDS",
        ),
    ] {
        let error = load(variables).unwrap_err().to_string();
        assert!(error.contains(first) && error.contains(second), "{error}");
        assert!(error.contains("do not fit together"), "{error}");
    }
    let longer = load(&[("AISHA_WORKER__LONGEST_RUN_SECONDS", "151")]).unwrap();
    assert_eq!(longer.worker.settings.longest_run, Duration::from_secs(151));
}

#[test]
fn without_a_sqlite_file_the_directory_must_be_named() {
    let postgres = load(&[("AISHA_DATABASE__URL", "postgres://h/d")]).unwrap();
    let error = postgres.objects.place(&postgres.database.url).unwrap_err().to_string();
    assert!(
        error.contains("AISHA_OBJECTS__DIRECTORY") && error.contains("AISHA_OBJECTS__ENDPOINT"),
        "{error}"
    );
}

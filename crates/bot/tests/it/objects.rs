//! Objects on an S3 server: what is set of it fits together, and `check` and readiness see it.

use bot::configuration::{Configuration, ConfigurationError, Environment, ObjectsPlace, Sources};
use minio_adapter::Addressing;
use testkit::servers::S3Server;

use crate::program::Program;

const ENDPOINT: (&str, &str) = ("AISHA_OBJECTS__ENDPOINT", "http://127.0.0.1:8333");
const BUCKET: (&str, &str) = ("AISHA_OBJECTS__BUCKET", "studio");
const ACCESS_KEY: (&str, &str) = ("AISHA_OBJECTS__ACCESS_KEY", "an-access-key");
const SECRET_KEY: (&str, &str) = ("AISHA_OBJECTS__SECRET_KEY", "opens-everything");
const PUBLIC: (&str, &str) = ("AISHA_OBJECTS__PUBLIC_BASE_URL", "https://images.example.com");

fn load(variables: &[(&str, &str)]) -> Result<Configuration, ConfigurationError> {
    let environment =
        Environment::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let empty = tempfile::TempDir::new().unwrap();
    Configuration::load(&Sources::usual(empty.path(), environment))
}

fn place(variables: &[(&str, &str)]) -> ObjectsPlace {
    let configuration = load(variables).unwrap();
    configuration.objects.place(&configuration.database.url).unwrap()
}

#[test]
fn objects_are_in_a_directory_unless_there_is_a_server() {
    assert!(matches!(place(&[]), ObjectsPlace::Directory(path) if path.ends_with("aisha-data/objects")));
    let elsewhere = ("AISHA_OBJECTS__DIRECTORY", "/elsewhere");
    assert!(matches!(place(&[elsewhere]), ObjectsPlace::Directory(path) if path.ends_with("elsewhere")));

    let ObjectsPlace::Server(server) = place(&[ENDPOINT, BUCKET, ACCESS_KEY, SECRET_KEY]) else {
        panic!("the server is left out");
    };
    assert_eq!((server.bucket.as_str(), server.region.as_str()), ("studio", "us-east-1"));
    assert_eq!((server.addressing, &server.public_base_url), (Addressing::Path, &None));
    assert!(!format!("{server:?}").contains(SECRET_KEY.1));

    let region = ("AISHA_OBJECTS__REGION", "eu-central-1");
    let addressing = ("AISHA_OBJECTS__ADDRESSING", "virtual-host");
    let all = [ENDPOINT, BUCKET, ACCESS_KEY, SECRET_KEY, PUBLIC, region, addressing];
    let ObjectsPlace::Server(server) = place(&all) else { panic!("the server is left out") };
    assert_eq!((server.addressing, server.region.as_str()), (Addressing::VirtualHost, "eu-central-1"));
    assert_eq!(server.public_base_url.unwrap().as_str(), "https://images.example.com/");
}

#[test]
fn half_a_server_is_a_mistake_that_names_what_is_missing() {
    let whole = [ENDPOINT, BUCKET, ACCESS_KEY, SECRET_KEY];
    for missing in whole {
        let rest: Vec<_> = whole.into_iter().filter(|variable| *variable != missing).collect();
        let error = load(&rest).unwrap_err().to_string();
        assert!(error.starts_with(missing.0) && error.contains("is not set"), "{error}");
    }
    let error = load(&[PUBLIC]).unwrap_err().to_string();
    assert!(error.starts_with(ENDPOINT.0), "{error}");
}

#[test]
fn what_is_wrong_with_a_server_is_named() {
    let whole = [ENDPOINT, BUCKET, ACCESS_KEY, SECRET_KEY];
    for (name, wrong, expected) in [
        (ENDPOINT.0, "s3.example.com", "such as https://s3.eu-central-1.amazonaws.com"),
        (ENDPOINT.0, "https://s3.example.com/studio", "nothing after it"),
        (PUBLIC.0, "https://images.example.com/studio", "nothing after it"),
        (BUCKET.0, "The Studio", "3 to 63"),
        (SECRET_KEY.0, " ", "the secret"),
        ("AISHA_OBJECTS__ADDRESSING", "host", "virtual-host"),
        ("AISHA_OBJECTS__DIRECTORY", "/elsewhere", "leave one of them out"),
    ] {
        let mut variables: Vec<_> = whole.into_iter().filter(|(known, _)| *known != name).collect();
        variables.push((name, wrong));
        let error = load(&variables).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(expected), "{error}\nlacks {expected}");
        assert!(!error.contains(SECRET_KEY.1), "{error}");
    }
}

#[test]
fn check_writes_reads_and_removes_an_object_and_says_what_the_server_refuses() {
    let server = S3Server::shared();
    let on_server = |secret: &str| {
        Program::new()
            .with(ENDPOINT.0, &server.endpoint())
            .with(BUCKET.0, "studio")
            .with(ACCESS_KEY.0, S3Server::KEYS.access_key)
            .with(SECRET_KEY.0, secret)
    };
    let objects = |program: &Program| {
        let checked = program.run(&["check"]);
        checked.said.lines().find(|line| line.contains("objects")).unwrap_or(&checked.complained).to_owned()
    };
    let line = objects(&on_server(S3Server::KEYS.secret_key));
    assert!(line.starts_with("ok") && line.contains("written, read and removed"), "{line}");
    let line = objects(&on_server("opens-nothing"));
    assert!(line.starts_with("WRONG") && line.contains("secret_key"), "{line}");

    let nowhere = on_server(S3Server::KEYS.secret_key).with(ENDPOINT.0, "http://127.0.0.1:1");
    let health = nowhere.run(&["health", "--direct"]);
    assert_eq!(health.code, Some(1), "{}", health.complained);
    assert!(health.said.contains("\"objects\""), "{}", health.said);
}

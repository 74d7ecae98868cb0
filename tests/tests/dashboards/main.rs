//! The board and the alert rules ask a real Prometheus, which watches a bot of the sandbox, for nothing but what there is.

mod prometheus;

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use prometheus::Prometheus;
use serde_json::Value;
use tests::Studio;

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("deploy")
}

/// A question of a panel: what it asks, and the labels that its legend shows.
#[derive(Debug)]
struct Question {
    panel: String,
    expression: String,
    legend: BTreeSet<String>,
}

/// Every question of the board, with the intervals that Grafana would put in.
fn questions() -> Vec<Question> {
    let text = std::fs::read_to_string(deploy().join("grafana/dashboards/aisha.json")).unwrap();
    let board: Value = serde_json::from_str(&text).unwrap();
    let mut questions = Vec::new();
    for panel in board["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row") {
        let title = panel["title"].as_str().unwrap();
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty(), "{title} asks nothing");
        assert!(!panel["description"].as_str().unwrap().is_empty(), "{title} does not say what it shows");
        for target in targets {
            let expression = target["expr"].as_str().unwrap().replace("$__rate_interval", "1m");
            assert!(!expression.contains('$'), "{title}: a variable of Grafana that this test does not know");
            let legend = target["legendFormat"].as_str().unwrap().split("{{").skip(1);
            let legend = legend.map(|rest| rest.split("}}").next().unwrap().to_owned()).collect();
            questions.push(Question { panel: title.to_owned(), expression, legend });
        }
    }
    questions
}

/// The series that the bot has, each with the labels that it is told apart by.
fn known_series() -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut known = BTreeMap::new();
    for metric in bot::METRICS {
        for series in metric.series() {
            known.insert(series, metric.labels.iter().copied().collect());
        }
    }
    known
}

/// The bot's series that an expression names.
fn series_in(expression: &str) -> BTreeSet<&str> {
    expression
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with("aisha_"))
        .collect()
}

/// Every series is one of the bot's, and has the labels that are shown.
fn check_names(what: &str, expression: &str, legend: &BTreeSet<String>) {
    let known = known_series();
    for series in series_in(expression) {
        let labels = known.get(series).unwrap_or_else(|| panic!("{what} names {series}, which there is not"));
        for label in legend {
            assert!(labels.contains(label.as_str()), "{what} shows {label}, which {series} has not");
            assert!(expression.contains(label.as_str()), "{what} shows {label}, which its sums take away");
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

#[test]
fn the_board_names_only_what_the_bot_has() {
    let questions = questions();
    assert!(questions.len() >= 30, "{}", questions.len());
    for Question { panel, expression, legend } in &questions {
        check_names(panel, expression, legend);
    }
    let asked: BTreeSet<&str> =
        questions.iter().flat_map(|question| series_in(&question.expression)).collect();
    for metric in bot::METRICS {
        let is_shown = metric.series().iter().any(|series| asked.contains(series.as_str()));
        assert!(is_shown, "no panel shows {}", metric.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_of_the_board_and_of_the_alerts_is_answered() {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let studio = Studio::open_with(&[("AISHA_METRICS__LISTEN", &listen)]).await;
    let person = studio.person().await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some()).await;

    let prometheus = Prometheus::start(&deploy().join("prometheus/alerts.yml"), &listen).await;
    prometheus.wait_for("aisha_build_info").await;
    prometheus.wait_for("aisha_images_stored_total").await;
    for Question { panel, expression, .. } in questions() {
        prometheus.ask(&panel, &expression).await;
    }
    for name in ["aisha_update_seconds_count", "aisha_credits_total", "aisha_telegram_request_seconds_count"]
    {
        let answer = prometheus.ask(name, name).await;
        assert!(!answer.as_array().unwrap().is_empty(), "an image was drawn, and {name} knows nothing of it");
    }

    let rules = prometheus.rules().await;
    assert!(rules.len() >= 10, "{rules:#?}");
    for rule in &rules {
        let (name, expression) = (rule["name"].as_str().unwrap(), rule["query"].as_str().unwrap());
        check_names(name, expression, &BTreeSet::new());
        for words in ["summary", "action"] {
            assert!(rule["annotations"][words].is_string(), "{name} has no {words}");
        }
        prometheus.ask(name, expression).await;
    }
    studio.close().await;
}

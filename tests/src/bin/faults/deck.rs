//! The cards from which a plan is dealt: everything that can go wrong, as often as it is to.

use std::time::Duration;

use serde_json::{Value, json};

use crate::mishap::{Mishap, Rule, Server};
use crate::options::Pace;

/// What a plan is dealt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stakes {
    /// Which times it goes by.
    pub pace: Pace,
    /// Whether the processes share a Redis.
    pub redis: bool,
    /// Whether they share an S3 server.
    pub objects: bool,
}

/// What every plan has: the great mishaps.
pub fn great(stakes: Stakes) -> Vec<Mishap> {
    let outage = stakes.pace.outage();
    let mut cards = vec![
        Mishap::Freeze { which: 0, span: stakes.pace.standstill() },
        Mishap::Kill { which: 0 },
        Mishap::Kill { which: 0 },
        Mishap::Restart(Server::Database),
        Mishap::LoseCommitReplies(3),
    ];
    let mut outages = vec![Mishap::Stop(Server::Database, outage)];
    if stakes.redis {
        cards.push(Mishap::Restart(Server::Redis));
        cards.push(Mishap::Flush);
        outages.push(Mishap::Stop(Server::Redis, outage));
    }
    if stakes.objects {
        outages.push(Mishap::Stop(Server::Objects, outage));
    }
    if stakes.pace == Pace::Usual {
        cards.push(Mishap::KillWhoeverRunsOneJob { times: 3 });
    }
    cards.append(&mut outages);
    cards
}

/// What plans have more of: the small mishaps.
pub fn small(stakes: Stakes) -> Vec<Mishap> {
    let mut cards = vec![
        Mishap::Kill { which: 0 },
        Mishap::Kill { which: 0 },
        Mishap::Kill { which: 0 },
        Mishap::LoseCommitReplies(2),
        Mishap::UpdatesTwice(Duration::from_secs(10)),
        Mishap::UpdatesShuffled(Duration::from_secs(10)),
    ];
    let servers = [
        Some(Server::Database),
        stakes.redis.then_some(Server::Redis),
        stakes.objects.then_some(Server::Objects),
    ];
    for server in servers.into_iter().flatten() {
        cards.push(Mishap::Cut(server));
        cards.push(Mishap::Hold(server, Duration::from_secs(4)));
        cards.push(Mishap::Slow(server, Duration::from_secs(8)));
        cards.push(Mishap::LoseReply(server));
    }
    cards.extend(rules().into_iter().map(Mishap::Misbehave));
    cards
}

/// Everything that a service can do wrong.
fn rules() -> Vec<Rule> {
    let mut rules = telegram();
    rules.extend(providers());
    rules.extend(webhooks());
    rules.extend(trainings());
    rules
}

fn telegram() -> Vec<Rule> {
    let too_many = || json!({ "kind": "status", "code": 429, "retry_after_seconds": 2 });
    vec![
        of("telegram", Some("sendMessage"), too_many(), 3),
        of("telegram", Some("edit"), too_many(), 3),
        of("telegram", Some("sendMediaGroup"), too_many(), 1),
        of("telegram", None, status(500), 4),
        of("telegram", None, status(502), 4),
        of("telegram", Some("send"), status(503), 3),
        of("telegram", None, plain("drop_connection"), 4),
        of("telegram", Some("sendMediaGroup"), plain("drop_after_effect"), 2),
        of("telegram", Some("sendPhoto"), plain("drop_after_effect"), 2),
        of("telegram", Some("editMessageMedia"), plain("drop_after_effect"), 2),
        of("telegram", Some("edit"), plain("garbage"), 2),
        of("telegram", Some("answerCallbackQuery"), json!({ "kind": "delay", "ms": 3_000 }), 5),
    ]
}

fn providers() -> Vec<Rule> {
    let mut rules = Vec::new();
    for (service, operation) in
        [("google", Some("generateContent")), ("fal", Some("/fal-ai")), ("openai", None)]
    {
        rules.push(of(service, operation, json!({ "kind": "delay", "ms": 5_000 }), 4));
        rules.push(of(
            service,
            operation,
            json!({ "kind": "status", "code": 429, "retry_after_seconds": 2 }),
            4,
        ));
        rules.push(of(service, operation, status(500), 3));
        rules.push(of(service, operation, status(503), 3));
        rules.push(of(service, operation, plain("drop_connection"), 3));
        rules.push(of(service, operation, plain("drop_after_effect"), 3));
        rules.push(of(service, operation, plain("garbage"), 2));
        rules.push(of(service, operation, plain("refusal"), 1));
    }
    rules.push(of("google", Some("generateContent"), plain("retired_model"), 1));
    rules.push(of("google", Some("generateContent"), plain("bad_key"), 1));
    for service in ["google", "fal"] {
        rules.push(of(service, None, plain("not_an_image"), 2));
        rules.push(of(service, None, plain("huge_image"), 1));
        rules.push(of(service, None, plain("no_images"), 2));
        rules.push(of(service, None, json!({ "kind": "fewer_images", "images": 1 }), 2));
    }
    rules.push(of("openai", None, plain("broken_answer"), 2));
    rules.push(of("openai", None, plain("cut_short"), 2));
    rules.push(of("fal", None, plain("expired_result"), 2));
    rules
}

fn webhooks() -> Vec<Rule> {
    vec![
        of("fal", None, plain("double_webhook"), 6),
        of("fal", None, json!({ "kind": "late_webhook", "ms": 9_000 }), 6),
        of("fal", None, plain("forged_webhook"), 4),
        of("fal", None, plain("no_webhook"), 4),
        of("fal", None, plain("webhook_before_answer"), 4),
    ]
}

fn trainings() -> Vec<Rule> {
    vec![
        of("fal", None, json!({ "kind": "training_failed" }), 1),
        of("fal", None, plain("no_weights"), 1),
        of("fal", None, plain("lost_weights"), 1),
        of("fal", None, plain("truncated_weights"), 1),
        of("fal", None, plain("broken_download"), 1),
    ]
}

fn of(service: &'static str, operation: Option<&'static str>, fault: Value, calls: u32) -> Rule {
    Rule { service, operation, fault, calls }
}

fn plain(kind: &str) -> Value {
    json!({ "kind": kind })
}

fn status(code: u16) -> Value {
    json!({ "kind": "status", "code": code })
}

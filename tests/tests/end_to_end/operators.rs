//! What operators have in their hands.

use serde_json::json;
use tests::{Fault, Studio};

#[tokio::test(flavor = "multi_thread")]
async fn an_unexpected_failure_is_found_by_the_reference_that_the_person_was_told() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    let body = json!({ "ok": false, "error_code": 400, "description": "Bad Request: something never seen" });
    let odd = Fault::once("telegram", json!({ "kind": "status", "code": 400, "body": body }));
    // Whatever is not expected to pass is tried twice.
    studio.let_fail(odd.of("sendMessage").times(2)).await;
    person.say("/help").await;
    let told = person.hear("a reference", |message| reference_in(&message.words).is_some()).await;
    let reference = reference_in(&told.words).unwrap();

    let (code, words) = studio.command(&["failures", &reference]).await;
    assert_eq!(code, 0, "{words}");
    assert!(words.contains("something never seen") || words.contains("400"), "{words}");
    let (code, all) = studio.command(&["failures"]).await;
    assert_eq!(code, 0);
    assert!(all.contains(&reference), "the latest reference is listed: {all}");
    let log = std::fs::read_to_string(studio.data.join("bot.log")).unwrap();
    assert!(log.contains(&reference), "the log names the reference");
    studio.close().await;
}

/// A reference such as `K7QM-2F9X`.
fn reference_in(words: &str) -> Option<String> {
    let is_part = |part: &str| {
        part.len() == 4 && part.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
    };
    words
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .find(|word| word.split_once('-').is_some_and(|(first, second)| is_part(first) && is_part(second)))
        .map(str::to_owned)
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_descriptions_nor_keys_are_logged() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.draw("a quagga on a velocipede").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.let_fail(Fault::once("google", json!({ "kind": "garbage" })).times(2)).await;
    person.draw("a thylacine with an umbrella").await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.wait_until_quiet().await;
    let log = std::fs::read_to_string(studio.data.join("bot.log")).unwrap();
    assert!(log.contains("a generation was requested"), "the log is written: {log}");
    for secret in
        ["quagga", "thylacine", "sandbox-token", "sandbox-secret", "sandbox-google-key", "sk-sandbox"]
    {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_says_what_is_so_and_may_be_repeated() {
    let studio = Studio::open().await;
    studio.person().await;
    for command in [
        &["check"][..],
        &["migrate", "up"],
        &["migrate", "status"],
        &["audit"],
        &["jobs", "list"],
        &["failures"],
        &["health"],
    ] {
        for _ in 0..2 {
            let (code, words) = studio.command(command).await;
            assert_eq!(code, 0, "{command:?}: {words}");
        }
    }
    let (code, words) =
        studio.command(&["credits", "grant", "424242", "5", "--reason", "none", "--key", "k"]).await;
    assert_ne!(code, 0);
    assert!(words.contains("424242"), "it says whom it does not know: {words}");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn choosing_what_is_chosen_is_no_failure() {
    // Telegram answers "message is not modified".
    let studio = Studio::open().await;
    let person = studio.person().await;
    person.say("/imagine a red fox").await;
    let card = person.hear("the card", |message| message.button("Draw").is_some()).await;
    for _ in 0..3 {
        person.press(&card, "✓ 1").await;
        person.hear_answer("an answer", |_| true).await;
    }
    let (_, failures) = studio.command(&["failures"]).await;
    assert!(!failures.contains("not modified"), "{failures}");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_polite_stop_in_the_middle_loses_nothing_and_burns_no_attempt() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    studio
        .let_fail(Fault::once("google", json!({ "kind": "delay", "ms": 1_500 })).of("generateContent"))
        .await;
    person.draw("a red fox").await;
    person.hear("that it is drawn", |message| message.file.is_none()).await;
    studio.stop_bot().await;
    studio.start_bot().await;
    person.hear("the image", |message| message.file.is_some()).await;
    studio.close().await;
}

//! The same call in every encoding that clients use.

use reqwest::multipart::Form;
use serde_json::json;

use crate::harness::{ANN, Harness, TOKEN, answer, file, png};

#[tokio::test]
async fn a_call_may_be_json_urlencoded_multipart_or_a_query() {
    let harness = Harness::start().await;
    let url = harness.url("SendMessage");
    let json = answer(harness.http.post(&url).json(&json!({ "chat_id": ANN, "text": "json" }))).await;
    assert_eq!(json.result()["text"], "json");

    let fields = [
        ("chat_id", "42"),
        ("text", "form & more"),
        ("reply_markup", r#"{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}"#),
    ];
    let form = answer(harness.http.post(&url).form(&fields)).await.result();
    assert_eq!(form["text"], "form & more");
    assert_eq!(form["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "b");

    let parts = Form::new().text("chat_id", "42").text("text", "parts").text("disable_notification", "true");
    assert_eq!(answer(harness.http.post(&url).multipart(parts)).await.result()["text"], "parts");

    let query = answer(harness.http.get(&url).query(&fields[..2])).await;
    assert_eq!(query.result()["text"], "form & more");
}

#[tokio::test]
async fn methods_are_known_whatever_the_case_of_their_letters() {
    let harness = Harness::start().await;
    for method in ["getMe", "GetMe", "GETME", "getme"] {
        assert_eq!(harness.ok(method, json!({})).await["username"], "aisha_test_bot");
    }
    assert_eq!(harness.call("getMeNow", json!({})).await.refusal(404), "Not Found");
}

#[tokio::test]
async fn attach_is_resolved_in_any_field() {
    let harness = Harness::start().await;
    let direct = Form::new().text("chat_id", "42").part("photo", file("a.png", png(40, 30)));
    let direct = harness.call_with_files("sendPhoto", direct).await.result();
    assert_eq!(direct["photo"][0]["width"], 40);

    let attached = Form::new()
        .text("chat_id", "42")
        .text("photo", "attach://0e2a")
        .part("0e2a", file("a.png", png(50, 30)));
    let attached = harness.call_with_files("SendPhoto", attached).await.result();
    assert_eq!(attached["photo"][0]["width"], 50);

    let document = Form::new()
        .text("chat_id", "42")
        .text("document", "attach://d")
        .part("d", file("a.txt", b"hi".to_vec()));
    let document = harness.call_with_files("sendDocument", document).await.result();
    assert_eq!(document["document"]["file_name"], "a.txt");
    assert_eq!(document["document"]["mime_type"], "text/plain");

    let missing = Form::new().text("chat_id", "42").text("photo", "attach://nothing");
    let missing = harness.call_with_files("sendPhoto", missing).await;
    assert_eq!(missing.refusal(400), "Bad Request: wrong file identifier/HTTP URL specified");
}

#[tokio::test]
async fn a_body_that_is_not_what_it_says_is_refused() {
    let harness = Harness::start().await;
    let url = harness.url("sendMessage");
    let broken = harness.http.post(&url).header("content-type", "application/json").body("{\"chat_id\":");
    assert_eq!(answer(broken).await.refusal(400), "Bad Request: can't parse JSON object");
    let list = harness.http.post(&url).json(&json!([1, 2]));
    assert_eq!(answer(list).await.refusal(400), "Bad Request: can't parse JSON object");
    let cut = harness
        .http
        .post(&url)
        .header("content-type", "multipart/form-data; boundary=x")
        .body("--x\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n4");
    assert!(answer(cut).await.refusal(400).starts_with("Bad Request: "));
    let nonsense = harness.http.post(&url).header("content-type", "multipart/form-data").body("x");
    assert!(answer(nonsense).await.refusal(400).starts_with("Bad Request: "));
    assert_eq!(harness.ok("getMe", json!({})).await["is_bot"], true);
}

#[tokio::test]
async fn tokens_are_checked() {
    let harness = Harness::start().await;
    let ask = |token: &str| harness.http.get(format!("{}/bot{token}/getMe", harness.bot_api));
    assert_eq!(answer(ask("123456:another")).await.refusal(401), "Unauthorized");
    assert_eq!(answer(ask("nonsense")).await.refusal(404), "Not Found");
    assert_eq!(answer(ask(&TOKEN.replace(':', "%3A"))).await.result()["id"], 123_456);
    assert_eq!(
        answer(harness.http.get(format!("{}/nothing/here", harness.bot_api))).await.refusal(404),
        "Not Found"
    );
}

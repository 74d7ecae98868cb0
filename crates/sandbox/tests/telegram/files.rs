//! Photos, albums, documents, and downloading them.

use reqwest::multipart::Form;
use serde_json::{Value, json};

use crate::harness::{ANN, Harness, TOKEN, answer, file, png};

async fn download(harness: &Harness, file_id: &Value) -> Vec<u8> {
    let file = harness.ok("getFile", json!({ "file_id": file_id })).await;
    let path = file["file_path"].as_str().unwrap();
    let plain = format!("{}/file/bot{TOKEN}/{path}", harness.bot_api);
    let bytes = harness.http.get(plain).send().await.unwrap().bytes().await.unwrap();
    // Some clients encode the slash, others the colon.
    let encoded =
        format!("{}/file/bot{}/{}", harness.bot_api, TOKEN.replace(':', "%3A"), path.replace('/', "%2F"));
    let same = harness.http.get(encoded).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes, same);
    assert_eq!(file["file_size"], bytes.len());
    bytes.to_vec()
}

async fn send_photo(harness: &Harness, bytes: Vec<u8>) -> Value {
    let form = Form::new().text("chat_id", "42").part("photo", file("p.png", bytes));
    harness.call_with_files("sendPhoto", form).await.result()
}

#[tokio::test]
async fn photos_are_scaled_and_compressed_again() {
    let harness = Harness::start().await;
    let original = png(1600, 800);
    let message = send_photo(&harness, original.clone()).await;
    let sizes = message["photo"].as_array().unwrap();
    let widths: Vec<_> = sizes.iter().map(|size| size["width"].as_u64().unwrap()).collect();
    assert_eq!(widths, vec![90, 320, 800, 1280]);
    let largest = download(&harness, &sizes[3]["file_id"]).await;
    assert!(largest.starts_with(&[0xff, 0xd8]) && largest != original);
    assert_eq!(image::load_from_memory(&largest).unwrap().width(), 1280);
}

#[tokio::test]
async fn documents_arrive_byte_for_byte() {
    let harness = Harness::start().await;
    let original = png(300, 200);
    let form = Form::new().text("chat_id", "42").part("document", file("original.png", original.clone()));
    let message = harness.call_with_files("sendDocument", form).await.result();
    let document = &message["document"];
    assert_eq!(document["mime_type"], "image/png");
    assert_eq!(document["thumbnail"]["width"], 300);
    assert_eq!(download(&harness, &document["file_id"]).await, original);
}

#[tokio::test]
async fn a_file_id_is_sent_again_as_what_it_is() {
    let harness = Harness::start().await;
    let message = send_photo(&harness, png(400, 200)).await;
    let small = &message["photo"][0]["file_id"];
    let again = harness.ok("sendPhoto", json!({ "chat_id": ANN, "photo": small, "caption": "again" })).await;
    assert_eq!(again["photo"], message["photo"]);
    let wrong = harness.call("sendDocument", json!({ "chat_id": ANN, "document": small })).await;
    assert_eq!(wrong.refusal(400), "Bad Request: can't use file of type Photo as Document");
    let unknown = harness.call("sendPhoto", json!({ "chat_id": ANN, "photo": "AgACnothing" })).await;
    assert_eq!(unknown.refusal(400), "Bad Request: wrong file identifier/HTTP URL specified");
    let unknown = harness.call("getFile", json!({ "file_id": "AgACnothing" })).await;
    assert_eq!(unknown.refusal(400), "Bad Request: wrong file_id or the file is temporarily unavailable");
}

#[tokio::test]
async fn what_is_no_photo_is_refused() {
    let harness = Harness::start().await;
    for (bytes, reason) in [
        (b"<html>no picture</html>".to_vec(), "IMAGE_PROCESS_FAILED"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(9000, 1200), "PHOTO_INVALID_DIMENSIONS"),
        (Vec::new(), "file must be non-empty"),
    ] {
        let form = Form::new().text("chat_id", "42").part("photo", file("p.png", bytes));
        let refused = harness.call_with_files("sendPhoto", form).await;
        assert_eq!(refused.refusal(400), format!("Bad Request: {reason}"));
    }
    let heavy = Form::new().text("chat_id", "42").part("photo", file("p.png", vec![7; 10 * 1024 * 1024 + 1]));
    let refused = harness.call_with_files("sendPhoto", heavy).await.refusal(400);
    assert!(refused.contains("too big for a photo"), "{refused}");
    let heavier = Form::new().text("chat_id", "42").part("document", file("x", vec![7; 53 * 1024 * 1024]));
    let refused = harness.call_with_files("sendDocument", heavier).await;
    assert_eq!(refused.refusal(413), "Request Entity Too Large");
    let caption = json!({ "chat_id": ANN, "photo": "x", "caption": "я".repeat(1025) });
    assert_eq!(
        harness.call("sendPhoto", caption).await.refusal(400),
        "Bad Request: message caption is too long"
    );
}

#[tokio::test]
async fn a_photo_is_fetched_from_an_address() {
    let harness = Harness::start().await;
    let picture = png(70, 50);
    let router = axum::Router::new().route("/p.png", axum::routing::get(move || async move { picture }));
    let url = harness.serve(router).await;
    let sent = harness.ok("sendPhoto", json!({ "chat_id": ANN, "photo": format!("{url}/p.png") })).await;
    assert_eq!(sent["photo"][0]["width"], 70);
    let missing = harness.call("sendPhoto", json!({ "chat_id": ANN, "photo": format!("{url}/q.png") })).await;
    assert_eq!(missing.refusal(400), "Bad Request: failed to get HTTP URL content");
}

#[tokio::test]
async fn an_album_is_messages_of_one_group() {
    let harness = Harness::start().await;
    let known = send_photo(&harness, png(30, 30)).await;
    let media = json!([
        { "type": "photo", "media": "attach://a", "caption": "all <b>three</b>", "parse_mode": "HTML" },
        { "type": "photo", "media": "attach://b" },
        { "type": "photo", "media": known["photo"][0]["file_id"] },
    ]);
    let form = Form::new()
        .text("chat_id", "42")
        .text("media", media.to_string())
        .part("a", file("a.png", png(40, 40)))
        .part("b", file("b.png", png(50, 50)));
    let sent = harness.call_with_files("SendMediaGroup", form).await.result();
    let sent = sent.as_array().unwrap();
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[0]["caption_entities"][0]["type"], "bold");
    let first = sent[0]["message_id"].as_i64().unwrap();
    for (position, message) in (0..).zip(sent) {
        assert_eq!(message["media_group_id"], sent[0]["media_group_id"]);
        assert_eq!(message["message_id"], first + position);
    }
    let saw = harness.look(&format!("people/{ANN}/saw")).await;
    let of_group = |sight: &&Value| sight["media_group_id"] == sent[0]["media_group_id"];
    assert_eq!(saw.as_array().unwrap().iter().filter(of_group).count(), 3);
}

#[tokio::test]
async fn albums_of_a_wrong_size_or_mixture_are_refused() {
    let harness = Harness::start().await;
    let photo = send_photo(&harness, png(30, 30)).await["photo"][0]["file_id"].clone();
    let item = json!({ "type": "photo", "media": photo });
    for count in [0, 1, 11] {
        let media = vec![item.clone(); count];
        let refused = harness.call("sendMediaGroup", json!({ "chat_id": ANN, "media": media })).await;
        assert!(refused.refusal(400).starts_with("Bad Request: "), "{count}");
    }
    let form = Form::new()
        .text("chat_id", "42")
        .text("media", json!([item, { "type": "document", "media": "attach://d" }]).to_string())
        .part("d", file("d.txt", b"hello".to_vec()));
    let mixed = harness.call_with_files("sendMediaGroup", form).await;
    assert_eq!(mixed.refusal(400), "Bad Request: document can't be mixed with other media types");
    let transcript = harness.look(&format!("people/{ANN}/transcript")).await;
    assert_eq!(transcript["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_file_that_is_nowhere_is_not_found() {
    let harness = Harness::start().await;
    let url = format!("{}/file/bot{TOKEN}/photos/file_0.jpg", harness.bot_api);
    assert_eq!(answer(harness.http.get(url)).await.refusal(404), "Not Found");
    let url = format!("{}/file/bot1:other/photos/file_0.jpg", harness.bot_api);
    assert_eq!(answer(harness.http.get(url)).await.refusal(401), "Unauthorized");
}

//! Albums in any order, voice with words, and what else a person may send.

use reqwest::multipart::Form;
use sandbox::test_voice;
use serde_json::{Value, json};

use crate::harness::{ANN, Harness, TOKEN, file, png};

async fn post(harness: &Harness, what: &str, form: Form) -> (u16, Value) {
    let url = harness.driving_url(&format!("people/{ANN}/{what}"));
    let response = harness.http.post(url).multipart(form).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn photos(count: u32) -> Form {
    (0..count).fold(Form::new(), |form, number| {
        form.part(format!("file{number}"), file(&format!("{number}.png"), png(40 + number, 40)))
    })
}

async fn messages(harness: &Harness) -> Vec<Value> {
    harness.updates(json!({})).await.into_iter().map(|update| update["message"].clone()).collect()
}

async fn download(harness: &Harness, file_id: &Value) -> Vec<u8> {
    let described = harness.ok("getFile", json!({ "file_id": file_id })).await;
    let url = format!("{}/file/bot{TOKEN}/{}", harness.bot_api, described["file_path"].as_str().unwrap());
    harness.http.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn an_album_arrives_in_reverse_with_one_missing() {
    let harness = Harness::start().await;
    let (status, sent) = post(&harness, "album?order=3,1,0&caption=me", photos(4)).await;
    assert_eq!(status, 200);
    let sent = sent["messages"].as_array().unwrap();
    assert_eq!(sent.len(), 4);
    let told = messages(&harness).await;
    let ids = |of: &[Value]| of.iter().map(|message| message["message_id"].clone()).collect::<Vec<_>>();
    let (sent_ids, told_ids) = (ids(sent), ids(&told));
    assert_eq!(told_ids, [&sent_ids[3], &sent_ids[1], &sent_ids[0]].map(Clone::clone));
    assert!(told.iter().all(|message| message["media_group_id"] == told[0]["media_group_id"]));
    assert_eq!(told[2]["caption"], "me");
    assert_eq!(post(&harness, "album?order=4", photos(4)).await.0, 400);
    assert_eq!(post(&harness, "album?order=first", photos(4)).await.0, 400);
}

#[tokio::test]
async fn many_photos_leave_as_albums_of_ten() {
    let harness = Harness::start().await;
    let (_, sent) = post(&harness, "album", photos(21)).await;
    assert_eq!(sent["messages"].as_array().unwrap().len(), 21);
    let told = messages(&harness).await;
    let group = |index: usize| &told[index]["media_group_id"];
    assert!(group(0) == group(9) && group(10) == group(19) && group(9) != group(10));
    assert_eq!(group(20), &Value::Null);

    // A group that a test names holds whatever is put into it, even in several calls at once.
    let one = || post(&harness, "album?media_group_id=77", photos(1));
    let (first, second, third) = tokio::join!(one(), one(), one());
    assert_eq!((first.0, second.0, third.0), (200, 200, 200));
    let told = messages(&harness).await;
    let grouped = told.iter().filter(|message| message["media_group_id"] == "77").count();
    assert_eq!(grouped, 3);
}

#[tokio::test]
async fn a_voice_message_carries_its_words_to_the_bot() {
    let harness = Harness::start().await;
    let (status, sent) = post(&harness, "voice", Form::new().text("words", "a red fox in the snow")).await;
    assert_eq!((status, &sent["messages"][0]["media"]["duration"]), (200, &json!(2)));
    let recorded =
        Form::new().text("words", "said aloud").part("file", file("v.webm", b"\x1a\x45\xdf\xa3...".to_vec()));
    post(&harness, "voice?seconds=121", recorded).await;
    let told = messages(&harness).await;
    assert_eq!(told[0]["voice"]["mime_type"], "audio/ogg");
    let recording = download(&harness, &told[0]["voice"]["file_id"]).await;
    assert_eq!(test_voice::said(&recording).as_deref(), Some("a red fox in the snow"));
    assert!(test_voice::seconds(&recording).is_some_and(|seconds| (1.9..2.1).contains(&seconds)));
    assert_eq!(told[1]["voice"]["duration"], 121);
    let recording = download(&harness, &told[1]["voice"]["file_id"]).await;
    assert_eq!(test_voice::said(&recording).as_deref(), Some("said aloud"));
    assert_eq!(post(&harness, "voice", Form::new().text("words", " ")).await.0, 400);
    assert_eq!(post(&harness, "voice", Form::new().text("words", "x").text("seconds", "long")).await.0, 400);
}

#[tokio::test]
async fn other_media_arrive_as_what_they_are() {
    let harness = Harness::start().await;
    for kind in ["audio", "video", "video_note", "animation", "sticker"] {
        let form =
            Form::new().text("kind", kind).text("seconds", "9").part("file", file("thing", vec![7; 64]));
        assert_eq!(post(&harness, "medium", form).await.0, 200, "{kind}");
    }
    let told = messages(&harness).await;
    assert_eq!(
        (&told[0]["audio"]["duration"], &told[0]["audio"]["mime_type"]),
        (&json!(9), &json!("audio/mpeg"))
    );
    assert_eq!(told[1]["video"]["width"], 640);
    assert_eq!(told[2]["video_note"]["length"], 384);
    assert_eq!(told[3]["document"]["file_id"], told[3]["animation"]["file_id"]);
    assert_eq!(told[4]["sticker"]["type"], "regular");
    assert_eq!(download(&harness, &told[4]["sticker"]["file_id"]).await, vec![7; 64]);
    let shown = harness.look(&format!("people/{ANN}/transcript")).await;
    assert_eq!(shown["messages"][3]["kind"], "video_note");
    let unknown = Form::new().text("kind", "hologram").part("file", file("x", vec![1]));
    assert_eq!(post(&harness, "medium", unknown).await.0, 400);
}

#[tokio::test]
async fn a_file_above_twenty_megabytes_cannot_be_downloaded() {
    let harness = Harness::start().await;
    let at_most = 20 * 1024 * 1024;
    for bytes in [at_most, at_most + 1] {
        let form = Form::new().part("file", file("large.jpg", vec![7; bytes]));
        assert_eq!(post(&harness, "document", form).await.0, 200);
    }
    let told = messages(&harness).await;
    assert_eq!(download(&harness, &told[0]["document"]["file_id"]).await.len(), at_most);
    let refused = harness.call("getFile", json!({ "file_id": told[1]["document"]["file_id"] })).await;
    assert_eq!(refused.refusal(400), "Bad Request: file is too big");
}

#[tokio::test]
async fn sample_photos_are_sent_and_shown() {
    let harness = Harness::start().await;
    let sent = harness
        .drive(&format!("people/{ANN}/sample-photos"), json!({ "count": 3, "kinds": ["clear", "dark"] }))
        .await;
    assert_eq!(sent["messages"].as_array().unwrap().len(), 3);
    let told = messages(&harness).await;
    assert_eq!(told[0]["media_group_id"], told[2]["media_group_id"]);
    let photo = download(&harness, &told[1]["photo"].as_array().unwrap().last().unwrap()["file_id"]).await;
    let sign = sandbox::test_pictures::read_sign(&image::load_from_memory(&photo).unwrap()).unwrap();
    assert_eq!(sign.kind(), Some(sandbox::test_pictures::PictureKind::Dark));
    let kinds = harness.look("pictures").await;
    assert!(kinds.as_array().unwrap().contains(&json!("two_faces")));
    let url = harness.driving_url("pictures/two_faces/3?width=200&height=160");
    let bytes = harness.http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 200);
    let (status, _) =
        harness.drive_in_vain(&format!("people/{ANN}/sample-photos"), json!({ "count": 1 })).await;
    assert_eq!(status, 400);
    let unknown = json!({ "kinds": ["moody"] });
    assert_eq!(harness.drive_in_vain(&format!("people/{ANN}/sample-photos"), unknown).await.0, 404);
}

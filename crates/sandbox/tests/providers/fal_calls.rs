//! Calls to FAL as its clients make them.

use std::io::{Cursor, Write as _};

use image::{ImageFormat, Rgb, RgbImage};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::{PATIENCE, Server, read};

/// The submit of a request, with the key.
pub fn submission(server: &Server, path: &str, input: &Value) -> RequestBuilder {
    server.client.post(server.at(path)).header("authorization", "Key id:secret").json(input)
}

pub async fn submit(server: &Server, path: &str, input: &Value) -> Value {
    let (status, body) = read(submission(server, path, input).send().await.unwrap()).await;
    assert_eq!(status, 200, "{body}");
    body
}

pub async fn get(server: &Server, url: &str) -> (u16, Value) {
    read(server.client.get(url).header("authorization", "Key id:secret").send().await.unwrap()).await
}

pub fn url<'a>(submitted: &'a Value, name: &str) -> &'a str {
    submitted[name].as_str().unwrap()
}

/// Polls the status until it fits; gives it with its HTTP code.
pub async fn status_when(server: &Server, submitted: &Value, fits: impl Fn(&Value) -> bool) -> (u16, Value) {
    let poll = async {
        loop {
            let (code, body) = get(server, &format!("{}?logs=1", url(submitted, "status_url"))).await;
            if fits(&body) {
                return (code, body);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, poll).await.expect("the status never came")
}

/// Polls the status until it is complete.
pub async fn completed(server: &Server, submitted: &Value) -> Value {
    let (code, body) = status_when(server, submitted, |body| body["status"] == "COMPLETED").await;
    assert_eq!(code, 200);
    body
}

/// Submits, waits, and gives the result with its HTTP code.
pub async fn result(server: &Server, path: &str, input: &Value) -> (u16, Value) {
    let submitted = submit(server, path, input).await;
    completed(server, &submitted).await;
    get(server, url(&submitted, "response_url")).await
}

/// Messages of a status's log.
pub fn messages(status: &Value) -> Vec<&str> {
    let lines = status["logs"].as_array().unwrap();
    lines.iter().map(|line| line["message"].as_str().unwrap()).collect()
}

/// A photo of somebody who is all of one colour.
pub fn photo(colour: [u8; 3]) -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 80, Rgb(colour)).write_to(&mut png, ImageFormat::Png).unwrap();
    png.into_inner()
}

/// An archive with so many photos.
pub fn archive(photos: usize, colour: [u8; 3]) -> Vec<u8> {
    let photo = photo(colour);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..photos {
        zip.start_file(format!("{index:02}.png"), SimpleFileOptions::default()).unwrap();
        zip.write_all(&photo).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Uploads a file in two steps; gives the URL to name it by.
pub async fn upload(server: &Server, media_type: &str, file: Vec<u8>, lifecycle: Option<&str>) -> String {
    let mut initiate = server
        .client
        .post(server.at("/storage/upload/initiate?storage_type=fal-cdn-v3"))
        .header("authorization", "Key id:secret")
        .json(&json!({"content_type": media_type, "file_name": "file"}));
    if let Some(lifecycle) = lifecycle {
        initiate = initiate.header("x-fal-object-lifecycle", lifecycle);
    }
    let (code, body) = read(initiate.send().await.unwrap()).await;
    assert_eq!(code, 200, "{body}");
    let put = server.client.put(url(&body, "upload_url")).header("content-type", media_type).body(file);
    assert_eq!(put.send().await.unwrap().status(), 200);
    url(&body, "file_url").to_owned()
}

/// How many pixels of a picture are nearly of one colour.
pub fn pixels_like(bytes: &[u8], colour: [u8; 3]) -> usize {
    let picture = image::load_from_memory(bytes).unwrap().into_rgb8();
    let is_like =
        |pixel: &&Rgb<u8>| pixel.0.iter().zip(colour).all(|(part, wanted)| part.abs_diff(wanted) < 40);
    picture.pixels().filter(is_like).count()
}

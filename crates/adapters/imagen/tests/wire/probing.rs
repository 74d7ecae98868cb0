//! The free call that shows whether a model can be used.

use generation::ImageGenerator;
use kernel::FailureClass;
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpServer};

use crate::setup::{KEY, four_predictions, imagen, model, submission};

fn listed(name: &str, methods: &[&str]) -> Value {
    json!({"name": format!("models/{name}"), "supportedGenerationMethods": methods})
}

#[tokio::test]
async fn a_listed_model_can_be_used() {
    let body = json!({"models": [
        listed("gemini-3-pro-image", &["generateContent"]),
        listed("gemini-nano-banana-2.1", &["generateContent", "countTokens"]),
        listed("imagen-4.0-generate-001", &["predict"]),
    ]});
    let server = HttpServer::always(HttpReply::json(200, &body)).await;
    imagen(&server).probe(&submission().model).await.unwrap();
    imagen(&server).probe(&four_predictions().model).await.unwrap();
    let request = &server.requests()[0];
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/v1beta/models?pageSize=1000"));
    assert_eq!(request.header("x-goog-api-key"), Some(KEY));
}

#[tokio::test]
async fn a_gateway_need_not_say_which_methods_there_are() {
    let body = json!({"models": [{"name": "models/gemini-nano-banana-2.1"}]});
    let server = HttpServer::always(HttpReply::json(200, &body)).await;
    imagen(&server).probe(&submission().model).await.unwrap();
}

#[tokio::test]
async fn every_page_is_looked_through() {
    let server = HttpServer::start(|request| match request.target.split_once("pageToken=") {
        None => HttpReply::json(200, &json!({"models": [listed("a", &[])], "nextPageToken": "t/1+"})),
        Some((_, "t%2F1%2B")) => HttpReply::json(200, &json!({"models": [], "nextPageToken": "t2"})),
        Some(_) => {
            HttpReply::json(200, &json!({"models": [listed("gemini-nano-banana-2.1", &["generateContent"])]}))
        }
    })
    .await;
    imagen(&server).probe(&submission().model).await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn pages_without_end_are_given_up() {
    let body = json!({"models": [], "nextPageToken": "again"});
    let server = HttpServer::always(HttpReply::json(200, &body)).await;
    let error = imagen(&server).probe(&submission().model).await.unwrap_err();
    assert_eq!((error.class, error.code.as_str()), (FailureClass::Unavailable, "garbage"));
    assert_eq!(server.requests().len(), 20);
}

#[tokio::test]
async fn a_model_that_is_not_listed_or_not_for_its_method_cannot_be_used() {
    for body in [
        json!({}),
        json!({"models": [listed("gemini-nano-banana-2.1-preview", &["generateContent"])], "nextPageToken": ""}),
        json!({"models": [listed("gemini-nano-banana-2.1", &["predict"])]}),
    ] {
        let server = HttpServer::always(HttpReply::json(200, &body)).await;
        let imagen = imagen(&server);
        let error = imagen.probe(&submission().model).await.unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str()),
            (FailureClass::Misconfigured, "model-not-found"),
            "{body}"
        );
        assert!(imagen.concerns_model(&error));
        assert!(error.detail.contains("gemini-nano-banana-2.1"), "{}", error.detail);
    }
}

#[tokio::test]
async fn trouble_with_the_call_concerns_no_model() {
    let bad_key = json!({"error": {"code": 400, "status": "INVALID_ARGUMENT", "message": "x", "details": [
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
    ]}});
    let no_list = json!({"error": {"code": 404, "status": "NOT_FOUND", "message": "x"}});
    for (reply, class, code) in [
        (HttpReply::json(400, &bad_key), FailureClass::Misconfigured, "API_KEY_INVALID"),
        (HttpReply::json(404, &no_list), FailureClass::Misconfigured, "no-model-list"),
        (HttpReply::html(404), FailureClass::Unavailable, "garbage"),
        (HttpReply::html(200), FailureClass::Unavailable, "garbage"),
        (HttpReply::HangUp, FailureClass::Unavailable, "connection-lost"),
    ] {
        let server = HttpServer::always(reply).await;
        let imagen = imagen(&server);
        let error = imagen.probe(&model("gemini-3-pro-image", 1, &[])).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code));
        assert!(!imagen.concerns_model(&error), "{code}");
    }
}

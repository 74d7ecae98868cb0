//! Better words for descriptions: what is asked, what answers mean, and the suite of the port.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use generation::{Prompt, PromptAssistant, Wording, WordingGoal};
use kernel::{CallOutcome, FailureClass, ProviderError};
use openai_adapter::{ChatDialect, ChatModel, OpenAi, OpenAiSettings};
use serde_json::{Value, json};
use testkit::servers::{HttpReply, HttpRequest, HttpServer};
use testkit::suites::prompt_assistant::{self, KEY};

use crate::answers::{chat, chat_ending, instructions_in, response, response_with, unreadable_answers};
use crate::setup::{answer, client, settings};

fn wording(goal: WordingGoal, variation: u32) -> Wording {
    Wording { prompt: Prompt::new("рыжая лиса").unwrap(), goal, variation }
}

fn improve(traits: &str) -> WordingGoal {
    WordingGoal::Improve { traits: traits.to_owned() }
}

fn translate(traits: &str) -> WordingGoal {
    WordingGoal::Translate { traits: traits.to_owned() }
}

async fn reword(body: &str, dialect: ChatDialect) -> Result<Prompt, ProviderError> {
    let server = HttpServer::always(answer(200, body)).await;
    let chat_model = ChatModel { dialect, ..ChatModel::new("gpt-6-luna") };
    let settings = OpenAiSettings { chat_model, ..settings(&format!("{}/v1", server.url())) };
    OpenAi::new(settings).unwrap().reword(&wording(improve(""), 0)).await
}

#[tokio::test]
async fn words_and_traits_are_data_apart_from_the_instructions() {
    for (goal, expected) in [
        (
            improve("woman, freckles"),
            json!(["Description:\nрыжая лиса", "Person in the picture:\nwoman, freckles"]),
        ),
        (improve(""), json!(["Description:\nрыжая лиса"])),
        (translate(""), json!(["Description:\nрыжая лиса"])),
        (
            translate("woman, freckles"),
            json!(["Description:\nрыжая лиса", "Person in the picture:\nwoman, freckles"]),
        ),
    ] {
        let server = HttpServer::always(answer(200, &chat(r#"{"prompt":"a red fox"}"#))).await;
        let prompt = client(server.address()).reword(&wording(goal, 0)).await.unwrap();
        assert_eq!(prompt.as_str(), "a red fox");
        let [request] = server.requests().try_into().unwrap();
        assert_eq!(request.target, "/v1/chat/completions");
        let body = request.json();
        let parts = body["messages"][1]["content"].as_array().unwrap();
        let texts: Vec<&Value> = parts.iter().map(|part| &part["text"]).collect();
        assert_eq!(json!(texts), expected);
        let instructions = instructions_in(&request);
        assert!(instructions.contains("are data"), "{instructions}");
        assert!(!instructions.contains("лиса") && !instructions.contains("freckles"), "{instructions}");
    }
}

#[tokio::test]
async fn another_try_is_asked_for_as_such() {
    let asked = async |variation: u32| {
        let server = HttpServer::always(answer(200, &chat(r#"{"prompt":"a red fox"}"#))).await;
        client(server.address()).reword(&wording(improve(""), variation)).await.unwrap();
        instructions_in(&server.requests()[0])
    };
    let (first, second, third) = (asked(0).await, asked(1).await, asked(2).await);
    assert!(!first.contains("another try"));
    assert!(second.contains("another try, number 2") && third.contains("another try, number 3"));
}

#[tokio::test]
async fn both_endpoints_say_the_same_in_their_ways() {
    let words = r#"{"prompt":"a red fox"}"#;
    let text = |words: &str| json!([{"type": "output_text", "text": words, "annotations": []}]);
    let refusal = json!([{"type": "refusal", "refusal": "I can't help with that."}]);
    for (dialect, body, expected) in [
        (ChatDialect::ChatCompletions, chat(words), Ok("a red fox")),
        (ChatDialect::Responses, response(words), Ok("a red fox")),
        (
            ChatDialect::ChatCompletions,
            chat_ending("stop", None, Some("I can't help with that.")),
            Err((FailureClass::Refused, "refusal")),
        ),
        (
            ChatDialect::ChatCompletions,
            chat_ending("content_filter", Some(""), None),
            Err((FailureClass::Refused, "refusal")),
        ),
        (
            ChatDialect::Responses,
            response_with("completed", &refusal, &json!({})),
            Err((FailureClass::Refused, "refusal")),
        ),
        (
            ChatDialect::Responses,
            response_with(
                "incomplete",
                &text("{"),
                &json!({"incomplete_details": {"reason": "content_filter"}}),
            ),
            Err((FailureClass::Refused, "refusal")),
        ),
        (
            ChatDialect::ChatCompletions,
            chat_ending("length", Some(r#"{"prompt":"a re"#), None),
            Err((FailureClass::Unavailable, "cut-off")),
        ),
        (
            ChatDialect::Responses,
            response_with(
                "incomplete",
                &text("{"),
                &json!({"incomplete_details": {"reason": "max_output_tokens"}}),
            ),
            Err((FailureClass::Unavailable, "cut-off")),
        ),
        (
            ChatDialect::Responses,
            response_with("failed", &json!([]), &json!({"error": {"code": "server_error", "message": "x"}})),
            Err((FailureClass::Unavailable, "server_error")),
        ),
        (
            ChatDialect::Responses,
            response_with(
                "failed",
                &json!([]),
                &json!({"error": {"code": "invalid_image_format", "message": "x"}}),
            ),
            Err((FailureClass::Invalid, "invalid_image_format")),
        ),
        (
            ChatDialect::Responses,
            response_with("failed", &json!([]), &json!({"error": {"code": "лиса", "message": "x"}})),
            Err((FailureClass::Unavailable, "failed")),
        ),
        (
            ChatDialect::Responses,
            response_with("completed", &json!([]), &json!({})),
            Err((FailureClass::Unavailable, "garbage")),
        ),
        (
            ChatDialect::Responses,
            json!({"output": []}).to_string(),
            Err((FailureClass::Unavailable, "garbage")),
        ),
    ] {
        let outcome = reword(&body, dialect).await;
        let outcome = match &outcome {
            Ok(prompt) => Ok(prompt.as_str()),
            Err(error) => {
                assert_eq!(error.outcome, CallOutcome::NotDone, "{body}");
                Err((error.class, error.code.as_str()))
            }
        };
        assert_eq!(outcome, expected, "{body}");
    }
}

#[tokio::test]
async fn codes_of_the_safety_policy_are_refusals_and_an_empty_account_is_for_operators() {
    for (status, code, class) in [
        (400, "content_policy_violation", FailureClass::Refused),
        (400, "invalid_prompt", FailureClass::Refused),
        (400, "invalid_json_schema", FailureClass::Invalid),
        (429, "insufficient_quota", FailureClass::Misconfigured),
        (429, "rate_limit_exceeded", FailureClass::Limited { retry_after: None }),
        (500, "content_filter", FailureClass::Unavailable),
    ] {
        let body = json!({"error": {"message": "For people.", "type": "x", "param": null, "code": code}});
        let server = HttpServer::always(HttpReply::json(status, &body)).await;
        let error = client(server.address()).reword(&wording(improve(""), 0)).await.unwrap_err();
        assert_eq!((error.class, error.code.as_str()), (class, code), "{status}");
        assert_eq!(server.requests().len(), 1, "nothing is repeated here");
    }
}

#[tokio::test]
async fn prompt_assistant() {
    prompt_assistant::all(&Service::default()).await;
}

/// Servers that run for as long as this does.
#[derive(Default)]
struct Service(Mutex<Vec<HttpServer>>);

impl Service {
    async fn serving(
        &self,
        handler: impl Fn(&HttpRequest) -> HttpReply + Send + Sync + 'static,
    ) -> Arc<dyn PromptAssistant> {
        let server = HttpServer::start(handler).await;
        let settings = OpenAiSettings {
            api_key: format!("sk-{KEY}").into(),
            ..settings(&format!("{}/v1", server.url()))
        };
        let client = OpenAi::new(settings).unwrap();
        self.0.lock().unwrap().push(server);
        Arc::new(client)
    }
}

#[async_trait]
impl prompt_assistant::Bench for Service {
    async fn helpful(&self) -> Arc<dyn PromptAssistant> {
        self.serving(|_| answer(200, &chat(r#"{"prompt":"A red fox on ice, in soft evening light."}"#))).await
    }

    async fn declining(&self) -> Arc<dyn PromptAssistant> {
        self.serving(|_| answer(200, &chat_ending("stop", None, Some("I can't help with that.")))).await
    }

    async fn unreadable(&self) -> Vec<(String, Arc<dyn PromptAssistant>)> {
        let mut ways = unreadable_answers();
        for (way, prompt) in [
            ("no words", " "),
            ("too many words", &"fox ".repeat(600)),
            ("not English", "рыжая лиса на льду"),
        ] {
            ways.push((way.to_owned(), answer(200, &chat(&json!({"prompt": prompt}).to_string()))));
        }
        let mut assistants = Vec::new();
        for (way, reply) in ways {
            assistants.push((way, self.serving(move |_| reply.clone()).await));
        }
        assistants
    }

    async fn failing(&self) -> Vec<(String, Arc<dyn PromptAssistant>)> {
        let mut ways = Vec::new();
        for status in [302, 400, 401, 404, 429, 500] {
            let quoting = move |request: &HttpRequest| {
                let words = String::from_utf8_lossy(&request.body).into_owned();
                let error = json!({"message": words, "type": "monocle", "param": words, "code": "crimson"});
                HttpReply::json(status, &json!({"error": error})).with_header("x-request-id", "umbrella")
            };
            ways.push((format!("{status}, quoting"), self.serving(quoting).await));
        }
        ways.push(("hanging up".to_owned(), self.serving(|_| HttpReply::HangUp).await));
        ways.push(("silence".to_owned(), self.serving(|_| HttpReply::Silence).await));
        ways
    }

    fn instructions(&self) -> Vec<String> {
        let servers = self.0.lock().unwrap();
        servers.iter().flat_map(HttpServer::requests).map(|request| instructions_in(&request)).collect()
    }
}

//! The adapter to Telegram against a server that records what it is asked.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use bytes::Bytes;
use chat::{
    Activity, AlbumPhoto, Button, CallbackData, CommandEntry, DocumentMessage, FileId, FileSource, Html,
    Keyboard, PhotoMessage, PressAnswer, PressId, TelegramApi, TelegramBot, TelegramError, TelegramTimeouts,
    TextMessage, Upload, Webhook,
};
use kernel::{CallOutcome, ChatId, FailureClass, Language, MessageId, UpdateId};
use serde_json::{Value, json};

const TOKEN: &str = "123456:very-secret";
const CHAT: ChatId = ChatId::new(42);
const MESSAGE: MessageId = MessageId::new(7);

/// What the server was asked last, and what it answers.
#[derive(Clone)]
struct Wire {
    asked: Arc<Mutex<Vec<(String, String)>>>,
    answer: Arc<Mutex<(StatusCode, String)>>,
}

impl Wire {
    fn last(&self) -> (String, String) {
        self.asked.lock().unwrap().last().cloned().expect("a request")
    }

    fn json(&self) -> (String, Value) {
        let (method, body) = self.last();
        (method, serde_json::from_str(&body).expect("a JSON body"))
    }

    fn answers(&self, status: u16, body: impl Into<String>) {
        *self.answer.lock().unwrap() = (StatusCode::from_u16(status).unwrap(), body.into());
    }

    fn results(&self, result: &Value) {
        self.answers(200, json!({"ok": true, "result": result}).to_string());
    }

    fn refuses(&self, status: u16, description: &str) {
        self.answers(
            status,
            json!({"ok": false, "error_code": status, "description": description}).to_string(),
        );
    }
}

async fn note(State(wire): State<Wire>, request: Request) -> (StatusCode, String) {
    let path = request.uri().path().to_owned();
    let method = path.strip_prefix(&format!("/bot{TOKEN}/")).expect("the bot's own path").to_owned();
    let body = to_bytes(request.into_body(), 10_000_000).await.expect("a body");
    wire.asked.lock().unwrap().push((method, String::from_utf8_lossy(&body).into_owned()));
    wire.answer.lock().unwrap().clone()
}

async fn server() -> (TelegramBot, Wire) {
    let wire = Wire { asked: Arc::default(), answer: Arc::new(Mutex::new((StatusCode::OK, String::new()))) };
    wire.results(&json!({"message_id": 7, "date": 1, "chat": {"id": 42, "type": "private"}}));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(note).with_state(wire.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (bot(address), wire)
}

fn bot(address: SocketAddr) -> TelegramBot {
    let url = format!("http://{address}").parse().unwrap();
    let timeouts = TelegramTimeouts {
        call: Duration::from_secs(2),
        longest_poll: Duration::from_secs(1),
        poll_margin: Duration::from_secs(1),
        ..TelegramTimeouts::default()
    };
    TelegramBot::new(&TOKEN.into(), &url, timeouts).unwrap()
}

fn keyboard() -> Keyboard {
    Keyboard::none().row([Button::press("Menu", CallbackData::Menu)])
}

fn upload(words: &'static str) -> FileSource {
    FileSource::Upload(Upload { name: "aisha.png".to_owned(), bytes: Bytes::from_static(words.as_bytes()) })
}

#[tokio::test]
async fn messages_go_out_as_the_bot_api_describes_them() {
    let (bot, wire) = server().await;
    let message = TextMessage::new(Html::escaped("a < b"), keyboard());
    assert_eq!(bot.send_message(CHAT, &message).await.unwrap().id, MESSAGE);
    let (method, body) = wire.json();
    assert_eq!(method, "SendMessage");
    let markup = json!({"inline_keyboard": [[{"text": "Menu", "callback_data": "AQA"}]]});
    assert_eq!(
        body,
        json!({"chat_id": 42, "text": "a &lt; b", "parse_mode": "HTML", "reply_markup": markup,
            "link_preview_options": {"is_disabled": true}})
    );
    bot.edit_message(CHAT, MESSAGE, &TextMessage::plain(Html::escaped("b"))).await.unwrap();
    let (method, body) = wire.json();
    assert_eq!(
        (method.as_str(), &body["message_id"], &body["text"]),
        ("EditMessageText", &json!(7), &json!("b"))
    );
    assert!(body.get("reply_markup").is_none(), "buttons that are not given go");
    bot.edit_keyboard(CHAT, MESSAGE, &keyboard()).await.unwrap();
    let (method, body) = wire.json();
    assert_eq!((method.as_str(), &body["reply_markup"]), ("EditMessageReplyMarkup", &markup));
    wire.results(&json!(true));
    bot.delete_message(CHAT, MESSAGE).await.unwrap();
    assert_eq!(wire.json(), ("DeleteMessage".to_owned(), json!({"chat_id": 42, "message_id": 7})));
    bot.show_activity(CHAT, Activity::SendingFile).await.unwrap();
    assert_eq!(wire.json().1["action"], "upload_document");
    bot.leave(CHAT).await.unwrap();
    assert_eq!(wire.json().0, "LeaveChat");
    bot.remove_webhook().await.unwrap();
    assert_eq!(wire.json().0, "DeleteWebhook");
    let webhook = Webhook {
        url: "https://aisha.example.com/telegram/webhook".parse().unwrap(),
        secret: "open-sesame_2026".into(),
        connections: 40,
    };
    bot.set_webhook(&webhook).await.unwrap();
    let body = json!({"url": "https://aisha.example.com/telegram/webhook", "secret_token": "open-sesame_2026",
        "max_connections": 40, "allowed_updates": ["message", "callback_query", "my_chat_member"]});
    assert_eq!(wire.json(), ("SetWebhook".to_owned(), body));
}

#[tokio::test]
async fn files_go_out_as_parts_and_the_largest_size_comes_back() {
    let (bot, wire) = server().await;
    wire.results(&json!({"message_id": 7, "a field of tomorrow": {}, "photo": [
        {"file_id": "small", "file_unique_id": "a", "width": 90, "height": 60},
        {"file_id": "large", "file_unique_id": "b", "width": 1280, "height": 960}]}));
    let photo = PhotoMessage {
        photo: upload("bytes of a photo"),
        caption: Html::escaped("words"),
        keyboard: keyboard(),
    };
    let sent = bot.send_photo(CHAT, &photo).await.unwrap();
    assert_eq!(sent.photo, Some(FileId("large".to_owned())));
    let (method, body) = wire.last();
    assert_eq!(method, "SendPhoto");
    for part in ["bytes of a photo", "filename=\"aisha.png\"", "attach://", "words", "inline_keyboard"] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let file = bot.edit_into_photo(CHAT, MESSAGE, &photo).await.unwrap();
    assert_eq!(file, Some(FileId("large".to_owned())));
    let (method, body) = wire.last();
    assert_eq!(method, "EditMessageMedia");
    for part in ["bytes of a photo", "name=\"message_id\"", "\"type\":\"photo\"", "attach://"] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let known = PhotoMessage { photo: FileSource::Known(FileId("kept".to_owned())), ..photo };
    bot.send_photo(CHAT, &known).await.unwrap();
    assert!(wire.last().1.contains("kept"));
}

#[tokio::test]
async fn albums_and_documents_go_out_whole() {
    let (bot, wire) = server().await;
    wire.results(&json!([{"message_id": 7}, {"message_id": 8}]));
    let photos = [
        AlbumPhoto { photo: upload("first"), caption: Some(Html::escaped("the words")) },
        AlbumPhoto { photo: upload("second"), caption: None },
    ];
    let sent = bot.send_album(CHAT, &photos).await.unwrap();
    assert_eq!(sent.iter().map(|message| message.id.get()).collect::<Vec<_>>(), [7, 8]);
    let (method, body) = wire.last();
    assert_eq!(method, "SendMediaGroup");
    assert!(
        body.contains("first") && body.contains("second") && body.matches("attach://").count() == 2,
        "{body}"
    );
    wire.results(&json!({"message_id": 9, "document": {"file_id": "doc", "file_unique_id": "x"}}));
    let document = DocumentMessage { document: upload("original"), caption: Html::escaped("by AI") };
    assert_eq!(bot.send_document(CHAT, &document).await.unwrap().document, Some(FileId("doc".to_owned())));
    assert!(wire.last().1.contains("original"));
}

#[tokio::test]
async fn presses_commands_and_identity() {
    let (bot, wire) = server().await;
    wire.results(&json!(true));
    let press = PressId("77".to_owned());
    for (answer, text, alert) in [
        (PressAnswer::Silent, Value::Null, Value::Null),
        (PressAnswer::Toast("hi".to_owned()), json!("hi"), Value::Null),
        (PressAnswer::Alert("oh".to_owned()), json!("oh"), json!(true)),
    ] {
        bot.answer_press(&press, &answer).await.unwrap();
        let (method, body) = wire.json();
        assert_eq!(method, "AnswerCallbackQuery");
        assert_eq!((&body["text"], &body["show_alert"]), (&text, &alert));
    }
    let commands = [CommandEntry { command: "help", description: "Справка".to_owned() }];
    bot.list_commands(Some(Language::Russian), &commands).await.unwrap();
    let listed = json!({"commands": [{"command": "help", "description": "Справка"}], "language_code": "ru"});
    assert_eq!(wire.json(), ("SetMyCommands".to_owned(), listed));
    wire.results(&json!({"id": 1, "is_bot": true, "first_name": "Aisha", "username": "AishaBot"}));
    assert_eq!(bot.identity().await.unwrap().username, "AishaBot");
}

#[tokio::test]
async fn updates_come_as_they_are_whether_anybody_understands_them_or_not() {
    let (bot, wire) = server().await;
    let updates = json!([
        {"update_id": 9_007_199_254_740_991_i64, "message": {"text": "hi"}},
        {"update_id": 10, "a_kind_of_tomorrow": {"deep": [1, 2.5, null, "<&>"]}},
        {"no number": true},
    ]);
    wire.results(&updates);
    let got = bot.updates(Some(UpdateId::new(5)), Duration::from_secs(1)).await.unwrap();
    assert_eq!(got.iter().map(|update| &update.body).collect::<Vec<_>>(), [&updates[0], &updates[1]]);
    let (method, body) = wire.json();
    assert_eq!(method, "GetUpdates");
    let allowed = ["message", "callback_query", "my_chat_member"];
    assert_eq!(body, json!({"offset": 5, "timeout": 1, "allowed_updates": allowed}));
}

#[tokio::test]
async fn refusals_mean_what_they_say() {
    let (bot, wire) = server().await;
    let message = TextMessage::plain(Html::escaped("hi"));
    wire.answers(
        429,
        r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 17","parameters":{"retry_after":17}}"#,
    );
    let error = bot.send_message(CHAT, &message).await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Limited { retry_after: Some(Duration::from_secs(17)) });
    wire.refuses(403, "Forbidden: bot was blocked by the user");
    assert!(matches!(bot.send_message(CHAT, &message).await, Err(TelegramError::Unreachable)));
    wire.refuses(400, "Bad Request: message to edit not found");
    assert!(matches!(bot.edit_message(CHAT, MESSAGE, &message).await, Err(TelegramError::MessageGone)));
    let unmodified = "Bad Request: message is not modified: specified new message content and reply markup are exactly \
        the same as a current content and reply markup of the message";
    wire.refuses(400, unmodified);
    bot.edit_message(CHAT, MESSAGE, &message).await.unwrap();
    bot.edit_keyboard(CHAT, MESSAGE, &keyboard()).await.unwrap();
    let photo = PhotoMessage { photo: upload("x"), caption: Html::escaped("x"), keyboard: keyboard() };
    assert_eq!(bot.edit_into_photo(CHAT, MESSAGE, &photo).await.unwrap(), None);
    wire.answers(200, "<html>a proxy says hello</html>");
    let error = bot.send_message(CHAT, &message).await.unwrap_err();
    assert_eq!((error.class(), error.outcome()), (FailureClass::Unavailable, CallOutcome::Unknown));
}

#[tokio::test]
async fn an_answer_that_never_comes_is_an_unknown_fate() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bot = bot(listener.local_addr().unwrap());
    let held = tokio::spawn(async move {
        let mut connections = Vec::new();
        while let Ok((connection, _)) = listener.accept().await {
            connections.push(connection);
        }
    });
    let error = bot.send_message(CHAT, &TextMessage::plain(Html::escaped("hi"))).await.unwrap_err();
    assert_eq!((error.class(), error.outcome()), (FailureClass::Unavailable, CallOutcome::Unknown));
    assert_eq!(error.code(), "timeout");
    held.abort();
}

#[tokio::test]
async fn a_server_that_is_not_there_had_no_part_in_it_and_the_token_stays_secret() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = bot(address).send_message(CHAT, &TextMessage::plain(Html::escaped("hi"))).await.unwrap_err();
    assert_eq!((error.class(), error.outcome()), (FailureClass::Unavailable, CallOutcome::NotDone));
    let mut told = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        write!(told, "{inner} {inner:?}").unwrap();
        cause = inner.source();
    }
    assert!(!told.contains("very-secret"), "{told}");
}

//! A person at their phone.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};

use crate::driving::Driving;
use crate::files::Sent;

/// A message as the person sees it.
#[derive(Clone)]
pub struct Message {
    /// Its id in the chat.
    pub id: i64,
    /// Its text or caption, without markup.
    pub words: String,
    /// Its buttons from left to right and top to bottom: label and data.
    pub buttons: Vec<(String, Option<String>)>,
    /// The file in it, if any: its kind and id.
    pub file: Option<(String, String)>,
    /// The album that it belongs to.
    pub album: Option<String>,
    /// Whether it was deleted.
    pub is_deleted: bool,
    /// Everything.
    pub raw: Value,
}

impl Message {
    /// A message of a transcript.
    pub fn read(raw: &Value) -> Self {
        let buttons = raw["keyboard"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|row| row.as_array().cloned().unwrap_or_default())
            .map(|button| {
                let data = button["callback_data"].as_str().map(str::to_owned);
                (button["text"].as_str().unwrap_or_default().to_owned(), data)
            })
            .collect();
        let kind = raw["kind"].as_str().unwrap_or_default().to_owned();
        let file_id = raw["media"]["file_id"].as_str().map(str::to_owned);
        Self {
            id: raw["message_id"].as_i64().unwrap_or_default(),
            words: raw["text"]["plain"].as_str().unwrap_or_default().to_owned(),
            buttons,
            file: file_id.map(|id| (kind, id)),
            album: raw["media_group_id"].as_str().map(str::to_owned),
            is_deleted: raw["deleted"].as_bool().unwrap_or_default(),
            raw: raw.clone(),
        }
    }

    /// The label of the button that reads `part`, or else of the first one that contains it.
    pub fn button(&self, part: &str) -> Option<&str> {
        let labels = || self.buttons.iter().map(|(label, _)| label.as_str());
        labels().find(|label| *label == part).or_else(|| labels().find(|label| label.contains(part)))
    }
}

impl fmt::Debug for Message {
    /// What a person would see at a glance.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let buttons: Vec<&str> = self.buttons.iter().map(|(label, _)| label.as_str()).collect();
        let kind = self.file.as_ref().map_or("words", |(kind, _)| kind);
        write!(out, "{} ({kind}) {:?} {buttons:?}", self.id, self.words)
    }
}

/// A person at their phone. What they have heard before is not heard again.
#[derive(Clone)]
pub struct Person {
    driving: Driving,
    /// Their id at Telegram.
    pub id: i64,
    heard: Arc<AtomicU64>,
}

impl Person {
    /// Somebody whom the sandbox knows already.
    pub fn known(driving: Driving, id: i64) -> Self {
        Self::new(driving, id)
    }

    pub(crate) fn new(driving: Driving, id: i64) -> Self {
        Self { driving, id, heard: Arc::new(AtomicU64::new(0)) }
    }

    /// Writes.
    pub async fn say(&self, words: &str) {
        let sent = self.driving.post(&self.path("text"), json!({ "text": words })).await;
        self.heard.store(sent["after"].as_u64().unwrap(), Ordering::Relaxed);
    }

    /// Sends a photo.
    pub async fn send_photo(&self, photo: &Sent) {
        self.sends("photo", std::slice::from_ref(photo), &[]).await;
    }

    /// Sends photos together: an album for each ten.
    pub async fn send_album(&self, photos: &[Sent]) {
        self.sends("album", photos, &[]).await;
    }

    /// Sends photos together. The bot hears of those that `order` names by their number from 0, in this order.
    pub async fn send_album_in_order(&self, photos: &[Sent], order: &[usize]) {
        let order: Vec<String> = order.iter().map(usize::to_string).collect();
        self.sends("album", photos, &[("order", order.join(","))]).await;
    }

    /// Sends a file byte for byte.
    pub async fn send_file(&self, file: &Sent) {
        self.sends("document", std::slice::from_ref(file), &[]).await;
    }

    /// Sends files byte for byte, together.
    pub async fn send_documents(&self, files: &[Sent]) {
        self.sends("album", files, &[("kind", "documents".to_owned())]).await;
    }

    /// Records a voice message that says `words` and lasts `seconds`.
    pub async fn speak(&self, words: &str, seconds: u32) {
        let fields = [("words", words.to_owned()), ("seconds", seconds.to_string())];
        self.sends("voice", &[], &fields).await;
    }

    /// Sends another recording or picture: `audio`, `video`, `video_note`, `animation` or `sticker`.
    pub async fn send_medium(&self, kind: &str, file: &Sent) {
        self.sends("medium", std::slice::from_ref(file), &[("kind", kind.to_owned())]).await;
    }

    async fn sends(&self, what: &str, files: &[Sent], fields: &[(&str, String)]) {
        let sent = self.driving.send(&self.path(what), files, fields).await;
        self.heard.store(sent["after"].as_u64().unwrap(), Ordering::Relaxed);
    }

    /// Presses the button whose label contains `part`.
    pub async fn press(&self, message: &Message, part: &str) {
        self.press_times(message, part, 1).await;
    }

    /// Presses a button several times within a millisecond.
    pub async fn press_times(&self, message: &Message, part: &str, times: u32) {
        let label = message.button(part).unwrap_or_else(|| panic!("no button {part:?} in {message:#?}"));
        let body = json!({ "message_id": message.id, "label": label, "times": times });
        self.pressed(body).await;
    }

    /// Presses a button that is not there any more, or never was, by its data.
    pub async fn press_data(&self, message: i64, data: &str) {
        self.pressed(json!({ "message_id": message, "old_data": data })).await;
    }

    async fn pressed(&self, body: Value) {
        let pressed = self.driving.post(&self.path("press"), body).await;
        self.heard.store(pressed["after"].as_u64().unwrap(), Ordering::Relaxed);
    }

    /// Waits up to a minute for a message of the bot, new or edited, that is as it should be.
    pub async fn hear(&self, what: &str, is_so: impl Fn(&Message) -> bool) -> Message {
        self.hear_event(what, "message,edited", |event| {
            let message = Message::read(&event["message"]);
            is_so(&message).then_some(message)
        })
        .await
    }

    /// Waits up to a minute for the answer to a press that is as it should be; its text.
    pub async fn hear_answer(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        self.hear_event(what, "callback_answered", |event| {
            let text = event["text"].as_str().unwrap_or_default();
            is_so(text).then(|| text.to_owned())
        })
        .await
    }

    async fn hear_event<T>(&self, what: &str, types: &str, read: impl Fn(&Value) -> Option<T>) -> T {
        let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(60);
        let mut after = self.heard.load(Ordering::Relaxed);
        let mut seen = Vec::new();
        while tokio::time::Instant::now() < deadline {
            let path = format!("events?after={after}&timeout_ms=5000&by=bot&types={types}");
            let answer = self.driving.get(&self.path(&path)).await;
            for event in answer["events"].as_array().unwrap() {
                after = event["sequence"].as_u64().unwrap();
                if let Some(found) = read(event) {
                    self.heard.store(after, Ordering::Relaxed);
                    return found;
                }
                seen.push(in_short(event));
            }
        }
        panic!("{} waited a minute for {what} and heard:\n{}", self.id, seen.join("\n"));
    }

    /// Every message of the chat as it is now, deleted ones left out.
    pub async fn chat(&self) -> Vec<Message> {
        let transcript = self.driving.get(&self.path("transcript")).await;
        let messages = transcript["messages"].as_array().unwrap();
        messages.iter().map(Message::read).filter(|message| !message.is_deleted).collect()
    }

    /// A message of the chat as it is now.
    pub async fn look_at(&self, id: i64) -> Message {
        let found = self.chat().await.into_iter().find(|message| message.id == id);
        found.unwrap_or_else(|| panic!("there is no message {id}"))
    }

    /// What ever reached the person, never taken back.
    pub async fn saw(&self) -> Vec<Value> {
        self.driving.get(&self.path("saw")).await.as_array().unwrap().clone()
    }

    /// How many photos reached the person that were not there before: by distinct content.
    pub async fn photos_seen(&self) -> usize {
        let saw = self.saw().await;
        saw.iter().filter(|sight| sight["kind"] == "photo").count()
    }

    /// A file's bytes as the person gets them.
    pub async fn download(&self, file: &str) -> Vec<u8> {
        self.driving.bytes(&format!("/files/{file}")).await
    }

    /// Blocks the bot.
    pub async fn block(&self) {
        self.driving.post(&self.path("block"), Value::Null).await;
    }

    /// Asks for the price of a description and presses the paid button.
    pub async fn draw(&self, prompt: &str) -> Message {
        self.say(&format!("/imagine {prompt}")).await;
        let card = self.hear("the card", |message| message.button("Draw").is_some()).await;
        self.press(&card, "Draw").await;
        card
    }

    fn path(&self, rest: &str) -> String {
        format!("/people/{}/{rest}", self.id)
    }
}

/// What happened, for a person who reads why a test failed.
fn in_short(event: &Value) -> String {
    match event["text"].as_str() {
        Some(answer) => format!("- {} {answer:?}", event["type"]),
        None => format!("- {} {:?}", event["type"], Message::read(&event["message"])),
    }
}

//! A person at their Telegram.

use account::{Account, TelegramUserId};
use chat::{ButtonAction, HandlerError, PressAnswer};
use kernel::ChatId;
use serde_json::{Value, json};

use crate::fake_telegram::Message;
use crate::studio::Studio;

/// A person.
pub struct Person<'studio> {
    studio: &'studio Studio,
    id: i64,
    language: &'static str,
}

impl<'studio> Person<'studio> {
    pub fn new(studio: &'studio Studio, id: i64, language: &'static str) -> Self {
        Self { studio, id, language }
    }

    /// The conversation with the bot.
    pub fn room(&self) -> ChatId {
        ChatId::new(self.id)
    }

    fn user(&self) -> Value {
        json!({"id": self.id, "is_bot": false, "first_name": "Somebody", "language_code": self.language})
    }

    /// The update of a message with this content.
    pub fn message(&self, content: &Value) -> Value {
        let mut message = json!({
            "message_id": self.studio.telegram.number(), "date": 1_795_478_400,
            "chat": {"id": self.id, "type": "private"}, "from": self.user(),
        });
        message.as_object_mut().expect("an object").extend(content.as_object().expect("an object").clone());
        json!({"update_id": self.studio.telegram.number(), "message": message})
    }

    /// The update of a press of what `message` bears.
    pub fn press_update(&self, message: &Value, data: &str) -> Value {
        let number = self.studio.telegram.number();
        json!({"update_id": number, "callback_query": {
            "id": format!("press-{number}"), "from": self.user(), "chat_instance": "-5", "message": message, "data": data,
        }})
    }

    /// Writes words.
    pub async fn writes(&self, text: &str) {
        self.studio.handle(&self.message(&json!({"text": text}))).await.expect("a handled message");
    }

    /// Sends something else.
    pub async fn sends(&self, content: Value) {
        self.studio.handle(&self.message(&content)).await.expect("a handled message");
    }

    /// The update of a press of the newest button whose label holds `label`.
    pub fn press_of(&self, label: &str) -> Value {
        let messages = self.sees_all();
        let found = messages.iter().rev().find_map(|message| {
            let button = message.keyboard.buttons().find(|button| button.label.contains(label))?;
            match &button.action {
                ButtonAction::Press(data) => {
                    Some(self.press_update(&message.wire(self.room()), &data.encode()))
                }
                ButtonAction::Open(_) => None,
            }
        });
        found.unwrap_or_else(|| panic!("no button {label:?} in {messages:#?}"))
    }

    /// Presses the newest button whose label holds `label`; what is answered.
    pub async fn presses(&self, label: &str) -> PressAnswer {
        self.gives(&self.press_of(label)).await.expect("a handled press")
    }

    /// What is answered to an update of a press.
    pub async fn gives(&self, update: &Value) -> Result<PressAnswer, HandlerError> {
        let before = self.studio.telegram.answers().len();
        self.studio.handle(update).await?;
        let answers = self.studio.telegram.answers();
        assert_eq!(answers.len(), before + 1, "every press is answered once");
        Ok(answers[before].clone())
    }

    /// Everything in the conversation, oldest first.
    pub fn sees_all(&self) -> Vec<Message> {
        self.studio.telegram.messages(self.room())
    }

    /// The newest message.
    pub fn sees(&self) -> Message {
        self.sees_all().pop().expect("a message")
    }

    /// Their account.
    pub async fn account(&self) -> Account {
        let found = self.studio.accounts.find(TelegramUserId::new(self.id)).await.expect("accounts");
        found.expect("an account")
    }

    /// What they can spend.
    pub async fn credits(&self) -> i64 {
        let account = self.account().await.id;
        self.studio.balance.forget_cached(account).await;
        self.studio.balance.display(account).await.expect("a balance").spendable().get()
    }

    /// Comes in: accepts the terms and gets the welcome credits.
    pub async fn comes_in(&self) {
        self.writes("/start").await;
        self.presses("✅").await;
    }

    /// Asks for images with the defaults and pays; everything is drawn and delivered.
    pub async fn has_drawn(&self, description: &str) {
        self.writes(description).await;
        self.presses(" · ").await;
        self.studio.work().await;
    }
}

//! The adapters of this crate against the suites of their ports.

use std::sync::{Arc, Mutex};

use account::{TelegramUserId, Visitor};
use async_trait::async_trait;
use bytes::Bytes;
use chat::{
    Html, TelegramApi as _, TelegramHelpNotifier, TelegramOperators, TelegramPrivacyNotifier, TextMessage,
};
use generation::Audience;
use kernel::{ChatId, Clock as _, ImageInfo, Inbox as _, OperatorChannel, Timestamp};
use serde_json::json;
use testkit::fakes::fake_image;
use testkit::suites::notifier::{self, Buttons, Condition, Conversation, PICTURE, SeenMessage, Shows, Stage};
use testkit::suites::operator_channel::{self, Operator};
use testkit::suites::{help_notifier, privacy_notifier};

use crate::fake_telegram::{Body, FakeTelegram, Message};
use crate::studio::Studio;

const ROOM: ChatId = ChatId::new(42);

struct NotifierBench;

#[async_trait]
impl notifier::Bench for NotifierBench {
    async fn stage(&self, condition: Condition) -> Stage {
        let studio = Studio::new();
        let visitor = Visitor { telegram_user: TelegramUserId::new(ROOM.get()), language_tag: None };
        let account = studio.accounts.welcome(&visitor).await.unwrap().id;
        let message = TextMessage::plain(Html::escaped("Drawing"));
        let progress = studio.telegram.send_message(ROOM, &message).await.unwrap().id;
        match condition {
            Condition::Well => {}
            Condition::ProgressGone => studio.telegram.remove(ROOM, progress),
            Condition::Blocked => studio.telegram.block(ROOM),
            Condition::AnswersLost => studio.telegram.lose_answers(),
        }
        Stage {
            notifier: studio.notifier.clone(),
            account,
            audience: Audience { chat: ROOM, progress_message: Some(progress) },
            conversation: Arc::new(Room { studio }),
        }
    }

    fn pictures(&self, count: u8) -> Vec<(ImageInfo, Bytes)> {
        let picture = |number: u8| {
            let words = format!("picture {number}");
            (PICTURE, fake_image(PICTURE.format, PICTURE.width, PICTURE.height, &words))
        };
        (0..count).map(picture).collect()
    }
}

struct Room {
    studio: Studio,
}

impl Conversation for Room {
    fn messages(&self) -> Vec<SeenMessage> {
        let messages = self.studio.telegram.messages(ROOM).into_iter();
        messages
            .map(|message| SeenMessage {
                id: message.id,
                shows: if message.body == Body::Text { Shows::Words } else { Shows::Image },
                album: message.album.map(|album| album.to_string()),
                buttons: if message.keyboard.is_empty() { Buttons::None } else { Buttons::Some },
            })
            .collect()
    }

    fn write(&self) {
        self.studio.clock.advance(std::time::Duration::from_millis(1));
        let update = self.studio.ann().message(&json!({"text": "and now?"}));
        let inbound = chat::inbound_update(&update).unwrap();
        futures::executor::block_on(self.studio.database.accept(&[inbound])).unwrap();
    }

    fn now(&self) -> Timestamp {
        self.studio.clock.now()
    }
}

#[derive(Default)]
struct OperatorBench {
    latest: Mutex<(FakeTelegram, Vec<ChatId>)>,
}

#[async_trait]
impl operator_channel::Bench for OperatorBench {
    async fn channel(&self, operators: &[Operator]) -> Arc<dyn OperatorChannel> {
        let studio = Studio::new();
        let chats: Vec<ChatId> = (100..).map(ChatId::new).take(operators.len()).collect();
        for (chat, operator) in chats.iter().zip(operators) {
            if *operator == Operator::Unreachable {
                studio.telegram.block(*chat);
            }
        }
        let channel =
            TelegramOperators::new(Arc::new(studio.telegram.clone()), studio.accounts.clone(), chats.clone());
        *self.latest.lock().unwrap() = (studio.telegram, chats);
        Arc::new(channel)
    }

    fn heard(&self) -> Vec<usize> {
        let latest = self.latest.lock().unwrap();
        latest.1.iter().map(|chat| latest.0.messages(*chat).len()).collect()
    }
}

/// A conversation with a progress message, in this condition.
async fn room(condition: Condition) -> (Studio, Audience) {
    let studio = Studio::new();
    let message = TextMessage::plain(Html::escaped("Working"));
    let progress = studio.telegram.send_message(ROOM, &message).await.unwrap().id;
    match condition {
        Condition::Well => {}
        Condition::ProgressGone => studio.telegram.remove(ROOM, progress),
        Condition::Blocked => studio.telegram.block(ROOM),
        Condition::AnswersLost => studio.telegram.lose_answers(),
    }
    (studio, Audience { chat: ROOM, progress_message: Some(progress) })
}

struct HelpBench;

#[async_trait]
impl help_notifier::Bench for HelpBench {
    async fn stage(&self, condition: Condition) -> help_notifier::Stage {
        let (studio, audience) = room(condition).await;
        help_notifier::Stage {
            notifier: Arc::new(TelegramHelpNotifier::new(Arc::new(studio.telegram.clone()))),
            audience,
            conversation: Arc::new(Room { studio }),
        }
    }
}

struct PrivacyBench;

#[async_trait]
impl privacy_notifier::Bench for PrivacyBench {
    async fn stage(&self, condition: Condition) -> privacy_notifier::Stage {
        let (studio, audience) = room(condition).await;
        privacy_notifier::Stage {
            notifier: Arc::new(TelegramPrivacyNotifier::new(Arc::new(studio.telegram.clone()))),
            audience,
            conversation: Arc::new(Room { studio }),
        }
    }
}

impl privacy_notifier::Conversation for Room {
    fn messages(&self) -> Vec<privacy_notifier::SeenMessage> {
        let seen = |message: Message| {
            let file = match &message.body {
                Body::Document(id) => Some(privacy_notifier::SeenFile {
                    name: self.studio.telegram.file_name(id),
                    bytes: self.studio.telegram.file(id),
                }),
                Body::Text | Body::Photo(_) => None,
            };
            privacy_notifier::SeenMessage { id: message.id, words: message.words, file }
        };
        self.studio.telegram.messages(ROOM).into_iter().map(seen).collect()
    }
}

#[tokio::test]
async fn the_help_notifier_keeps_its_contract() {
    help_notifier::all(&HelpBench).await;
}

#[tokio::test]
async fn the_privacy_notifier_keeps_its_contract() {
    privacy_notifier::all(&PrivacyBench).await;
}

#[tokio::test]
async fn the_notifier_keeps_its_contract() {
    notifier::all(&NotifierBench).await;
}

#[tokio::test]
async fn the_operator_channel_keeps_its_contract() {
    operator_channel::all(&OperatorBench::default()).await;
}

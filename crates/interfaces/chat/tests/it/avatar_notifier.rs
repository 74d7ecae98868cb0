//! The notifier of avatars against the suite of its port.

use std::sync::Arc;

use account::{TelegramUserId, Visitor};
use async_trait::async_trait;
use chat::{Html, TelegramApi as _, TelegramAvatarNotifier, TextMessage};
use kernel::{Audience, ChatId, Clock as _, Timestamp};
use testkit::suites::avatar_notifier::{self, Stage};
use testkit::suites::notifier::{Buttons, Condition, Conversation, SeenMessage, Shows};

use crate::fake_telegram::Body;
use crate::studio::Studio;

const ROOM: ChatId = ChatId::new(42);

struct Bench;

#[async_trait]
impl avatar_notifier::Bench for Bench {
    async fn stage(&self, condition: Condition) -> Stage {
        let studio = Studio::new();
        let visitor = Visitor { telegram_user: TelegramUserId::new(ROOM.get()), language_tag: None };
        let account = studio.accounts.welcome(&visitor).await.unwrap().id;
        let message = TextMessage::plain(Html::escaped("Collecting"));
        let progress = studio.telegram.send_message(ROOM, &message).await.unwrap().id;
        match condition {
            Condition::Well => {}
            Condition::ProgressGone => studio.telegram.remove(ROOM, progress),
            Condition::Blocked => studio.telegram.block(ROOM),
            Condition::AnswersLost => studio.telegram.lose_answers(),
        }
        let notifier = TelegramAvatarNotifier::new(
            Arc::new(studio.telegram.clone()),
            studio.accounts.clone(),
            Arc::new(studio.clock.clone()),
        );
        Stage {
            notifier: Arc::new(notifier),
            account,
            audience: Audience { chat: ROOM, progress_message: Some(progress) },
            conversation: Arc::new(Room(studio)),
        }
    }
}

struct Room(Studio);

impl Conversation for Room {
    fn messages(&self) -> Vec<SeenMessage> {
        let messages = self.0.telegram.messages(ROOM).into_iter();
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
        // How a training goes does not depend on what its person does meanwhile.
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
}

#[tokio::test]
async fn the_notifier_of_avatars_keeps_its_contract() {
    avatar_notifier::all(&Bench).await;
}

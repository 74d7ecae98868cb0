//! The recorder of what people hear of their avatars passes the suite of its port.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{AccountId, Audience, ChatId, Clock as _, MessageId, Timestamp};
use testkit::fakes::{ManualClock, RecordingAvatarNotifier};
use testkit::suites::avatar_notifier::{self, Stage};
use testkit::suites::notifier::{Buttons, Condition, Conversation, SeenMessage, Shows};
use testkit::weather::Fate;
use uuid::Uuid;

use crate::fakes::Always;

const PROGRESS: MessageId = MessageId::new(7);

struct Bench;

#[async_trait]
impl avatar_notifier::Bench for Bench {
    async fn stage(&self, condition: Condition) -> Stage {
        let clock = ManualClock::default();
        let recorder = RecordingAvatarNotifier::new(Arc::new(clock.clone()));
        let notifier = match condition {
            Condition::AnswersLost => recorder.with_weather(Arc::new(Always(Fate::FailsAfter))),
            Condition::Well | Condition::ProgressGone | Condition::Blocked => recorder.clone(),
        };
        match condition {
            Condition::ProgressGone => recorder.remove(PROGRESS),
            Condition::Blocked => recorder.block(),
            Condition::Well | Condition::AnswersLost => {}
        }
        Stage {
            notifier: Arc::new(notifier),
            account: AccountId::new(Uuid::from_u128(1)),
            audience: Audience { chat: ChatId::new(42), progress_message: Some(PROGRESS) },
            conversation: Arc::new(Room { recorder, clock }),
        }
    }
}

struct Room {
    recorder: RecordingAvatarNotifier,
    clock: ManualClock,
}

impl Conversation for Room {
    fn messages(&self) -> Vec<SeenMessage> {
        let messages = self.recorder.messages().into_keys();
        messages
            .map(|id| SeenMessage { id, shows: Shows::Words, album: None, buttons: Buttons::None })
            .collect()
    }

    fn write(&self) {
        // A recorder does not listen.
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

#[tokio::test]
async fn the_recorder_keeps_the_contract_of_the_notifier_of_avatars() {
    avatar_notifier::all(&Bench).await;
}

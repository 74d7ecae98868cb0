//! A person who writes down what they hear of their avatars.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use avatar::{
    Avatar, AvatarNotifier, Collection, RemovalCause, RemovalReceipt, TrainingEnding, TrainingStage,
};
use kernel::{AvatarId, Clock, MessageId, NotifyError};

use super::notifier::struck;
use crate::weather::{FairWeather, Weather, weathered};

/// From this long on a training's end comes as a new message.
const LONG: Duration = Duration::from_mins(1);
/// The numbers of messages that the recorder sends begin here.
const FIRST_MESSAGE: i64 = 1_000_000;

/// Something that a person heard of an avatar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AvatarNews {
    /// How the collecting of photos goes.
    Collection(Collection),
    /// How far a training is.
    Stage(TrainingStage),
    /// How a training ended.
    Ending(TrainingEnding),
    /// What was removed.
    Receipt(RemovalCause, RemovalReceipt),
}

#[derive(Default)]
struct Messages {
    shown: BTreeMap<MessageId, AvatarNews>,
    heard: Vec<(AvatarId, AvatarNews)>,
    gone: BTreeSet<MessageId>,
    is_blocked: bool,
    sent: i64,
}

/// Writes down what people hear of their avatars. A message that it did not send itself counts as there until it is
/// removed.
#[derive(Clone)]
pub struct RecordingAvatarNotifier {
    messages: Arc<Mutex<Messages>>,
    clock: Arc<dyn Clock>,
    weather: Arc<dyn Weather>,
}

impl RecordingAvatarNotifier {
    /// A recorder that tells by `clock` how long a training took.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { messages: Arc::default(), clock, weather: Arc::new(FairWeather) }
    }

    /// The same recorder under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    /// Everything heard so far.
    pub fn heard(&self) -> Vec<(AvatarId, AvatarNews)> {
        self.lock().heard.clone()
    }

    /// How trainings ended, in the order in which it was told.
    pub fn endings(&self) -> Vec<(AvatarId, TrainingEnding)> {
        let heard = self.heard().into_iter();
        heard
            .filter_map(|(avatar, news)| match news {
                AvatarNews::Ending(ending) => Some((avatar, ending)),
                _ => None,
            })
            .collect()
    }

    /// What each message shows now.
    pub fn messages(&self) -> BTreeMap<MessageId, AvatarNews> {
        self.lock().shown.clone()
    }

    /// The person removes a message.
    pub fn remove(&self, message: MessageId) {
        let mut messages = self.lock();
        messages.gone.insert(message);
        messages.shown.remove(&message);
    }

    /// The person blocks the bot.
    pub fn block(&self) {
        self.lock().is_blocked = true;
    }

    fn lock(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn took_long(&self, avatar: &Avatar) -> bool {
        let ordered_at = avatar.training.as_ref().map(|training| training.ordered_at);
        ordered_at.is_some_and(|ordered_at| self.clock.now().since(ordered_at) > LONG)
    }

    async fn tell(
        &self,
        port: &'static str,
        avatar: &Avatar,
        news: AvatarNews,
        way: Way,
    ) -> Result<Option<MessageId>, NotifyError> {
        let progress = avatar.audience.progress_message;
        let effect = || self.lock().tell(avatar.id, progress, news, way);
        weathered(&self.weather, port, effect, struck).await
    }
}

/// How something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By an edit, or not at all.
    Edit,
    /// By an edit, or a new message when there is nothing to edit.
    EditOrSend,
    /// By a new message.
    Send,
}

impl Messages {
    fn tell(
        &mut self,
        avatar: AvatarId,
        progress: Option<MessageId>,
        news: AvatarNews,
        way: Way,
    ) -> Result<Option<MessageId>, NotifyError> {
        if self.is_blocked {
            return Err(NotifyError::Unreachable);
        }
        let there = progress.filter(|progress| !self.gone.contains(progress));
        let message = match (way, there) {
            (Way::Edit | Way::EditOrSend, Some(progress)) => progress,
            (Way::Edit, None) => return Ok(None),
            (Way::EditOrSend, None) | (Way::Send, _) => {
                self.sent += 1;
                MessageId::new(FIRST_MESSAGE + self.sent)
            }
        };
        self.shown.insert(message, news.clone());
        self.heard.push((avatar, news));
        Ok(Some(message))
    }
}

#[async_trait]
impl AvatarNotifier for RecordingAvatarNotifier {
    async fn show_collection(
        &self,
        avatar: &Avatar,
        collection: &Collection,
    ) -> Result<Option<MessageId>, NotifyError> {
        let news = AvatarNews::Collection(collection.clone());
        self.tell("avatar_notifier.show_collection", avatar, news, Way::EditOrSend).await
    }

    async fn show_stage(&self, avatar: &Avatar, stage: TrainingStage) -> Result<(), NotifyError> {
        let news = AvatarNews::Stage(stage);
        self.tell("avatar_notifier.show_stage", avatar, news, Way::Edit).await.map(drop)
    }

    async fn tell_ending(
        &self,
        avatar: &Avatar,
        ending: &TrainingEnding,
    ) -> Result<Option<MessageId>, NotifyError> {
        let way = if self.took_long(avatar) { Way::Send } else { Way::EditOrSend };
        self.tell("avatar_notifier.tell_ending", avatar, AvatarNews::Ending(ending.clone()), way).await
    }

    async fn send_receipt(
        &self,
        avatar: &Avatar,
        why: RemovalCause,
        receipt: RemovalReceipt,
    ) -> Result<(), NotifyError> {
        let news = AvatarNews::Receipt(why, receipt);
        self.tell("avatar_notifier.send_receipt", avatar, news, Way::Send).await.map(drop)
    }
}

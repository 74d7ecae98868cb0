//! A person who writes down what they hear of their generations.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use generation::{
    Attention, Audience, Ending, Notifier, NotifyError, ProgressStage, ResultView, ShownImage, ShownResult,
};
use kernel::{
    AccountId, BoxError, CallOutcome, FailureClass, GalleryItemId, GenerationId, MessageId, ProviderError,
    Timestamp,
};

use crate::weather::{FairWeather, Weather, weathered};

/// Something that a person heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// How far the work is.
    Progress(ProgressStage),
    /// The progress message became this image.
    ShownInPlace(GenerationId, Vec<GalleryItemId>),
    /// These images came in new messages.
    Images(GenerationId, Vec<GalleryItemId>),
    /// The message with the buttons came.
    Controls(GenerationId),
    /// The way to the gallery.
    GalleryMessage(GalleryItemId),
    /// Nothing came of it.
    Ending(GenerationId, Ending),
    /// Images came late.
    Late(u8),
}

/// Writes down what people hear.
#[derive(Clone)]
pub struct RecordingNotifier {
    heard: Arc<Mutex<Vec<Heard>>>,
    attention: Arc<Mutex<Attention>>,
    weather: Arc<dyn Weather>,
}

impl Default for RecordingNotifier {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl RecordingNotifier {
    /// A recorder under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { heard: Arc::default(), attention: Arc::new(Mutex::new(Attention::Here)), weather }
    }

    /// Everything heard so far but progress.
    pub fn heard(&self) -> Vec<Heard> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().filter(|heard| !matches!(heard, Heard::Progress(_))).cloned().collect()
    }

    /// How far the work was said to be.
    pub fn progress(&self) -> Vec<ProgressStage> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let stages = heard.iter().filter_map(|heard| match heard {
            Heard::Progress(stage) => Some(*stage),
            _ => None,
        });
        stages.collect()
    }

    /// Whether the person is said to look at the progress message.
    pub fn set_attention(&self, attention: Attention) {
        *self.attention.lock().unwrap_or_else(PoisonError::into_inner) = attention;
    }

    async fn hear<T>(&self, port: &'static str, heard: Heard, answer: T) -> Result<T, NotifyError> {
        let effect = || {
            self.heard.lock().unwrap_or_else(PoisonError::into_inner).push(heard);
            Ok(answer)
        };
        weathered(&self.weather, port, effect, struck).await
    }
}

/// What a notifier reports that was struck by the weather.
pub(super) fn struck(source: BoxError) -> NotifyError {
    NotifyError::Failed(ProviderError {
        class: FailureClass::Unavailable,
        outcome: CallOutcome::Unknown,
        code: "struck".to_owned(),
        detail: "the messenger failed".to_owned(),
        source: Some(source),
    })
}

#[async_trait]
impl Notifier for RecordingNotifier {
    async fn show_progress(
        &self,
        _account: AccountId,
        _audience: &Audience,
        stage: ProgressStage,
    ) -> Result<(), NotifyError> {
        self.hear("notifier.show_progress", Heard::Progress(stage), ()).await
    }

    async fn attention(&self, _audience: &Audience, _since: Timestamp) -> Result<Attention, NotifyError> {
        Ok(*self.attention.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn show_in_place(&self, result: &ResultView) -> Result<ShownResult, NotifyError> {
        let heard = Heard::ShownInPlace(result.generation, items(result));
        self.hear("notifier.show_in_place", heard, shown(result)).await
    }

    async fn send_images(&self, result: &ResultView) -> Result<ShownResult, NotifyError> {
        let heard = Heard::Images(result.generation, items(result));
        self.hear("notifier.send_images", heard, shown(result)).await
    }

    async fn send_controls(&self, result: &ResultView) -> Result<(), NotifyError> {
        self.hear("notifier.send_controls", Heard::Controls(result.generation), ()).await
    }

    async fn point_to_gallery(
        &self,
        _account: AccountId,
        _audience: &Audience,
        newest: GalleryItemId,
    ) -> Result<(), NotifyError> {
        self.hear("notifier.point_to_gallery", Heard::GalleryMessage(newest), ()).await
    }

    async fn tell_ending(
        &self,
        _account: AccountId,
        generation: GenerationId,
        audience: &Audience,
        ending: &Ending,
    ) -> Result<Option<MessageId>, NotifyError> {
        let heard = Heard::Ending(generation, ending.clone());
        self.hear("notifier.tell_ending", heard, audience.progress_message).await
    }

    async fn tell_late(
        &self,
        _account: AccountId,
        _audience: &Audience,
        images: u8,
    ) -> Result<(), NotifyError> {
        self.hear("notifier.tell_late", Heard::Late(images), ()).await
    }
}

fn items(result: &ResultView) -> Vec<GalleryItemId> {
    result.images.iter().map(|image| image.item).collect()
}

fn shown(result: &ResultView) -> ShownResult {
    let images = result.images.iter();
    ShownResult {
        images: images
            .map(|image| ShownImage { item: image.item, file: Some(format!("file-{}", image.item)) })
            .collect(),
    }
}
